#!/bin/sh
# /usr/local/bin/survey: the command with the site's settings, as the site's user. Root (or sudo) runs it.
set -eu
if [ "$(id -un)" != survey ]; then
  [ "$(id -u)" = 0 ] || { echo "survey: run it with sudo" >&2; exit 2; }
  exec runuser -u survey -- "$0" "$@"
fi
umask 077
set -a
# shellcheck source=/dev/null # written by install.sh
. /etc/survey/survey.env
set +a
export HOME=/var/lib/survey XDG_CACHE_HOME=/var/cache/survey
exec "${SURVEY_RELEASE:-/opt/survey/current}/.venv/bin/survey" "$@"
