#!/bin/sh
# Brings a server to the version of this checkout: stop, backup, new tables, start, health check.
# Usage, as root, in a checkout of the new version: deploy/upgrade.sh
# When something fails the version before goes on, or the last lines say how to bring it back.
set -eu
umask 022
# shellcheck source=deploy/server.sh
. "$(dirname "$0")/server.sh"
need_root
[ -e "$CURRENT" ] || stop "nothing is installed here: deploy/install.sh first"
before=$ROOT$(readlink "$CURRENT")
backups=$(sed -n 's/^SURVEY_BACKUPS=//p' "$SETTINGS")

place_release  # while the site runs
name=before-${RELEASE##*/}
backup=$backups/survey-$name.dump

say "stopping the site"
stop_site
# Until the tables are changed the version before can simply go on.
trap 'say "nothing was changed; starting the version before again" >&2; RELEASE=$before; start_site' EXIT
say "backup: $backup"
really runuser -u survey -- sh -c "set -a; . '$SETTINGS'; exec '$before/deploy/backup.sh' '$name'"
trap - EXIT

way_back() {
  stop "$1
  to go back: deploy/restore.sh '$backup' '$before'
  to look: journalctl --namespace survey -u survey-site -n 50"
}
verb upgrade || way_back "the tables could not be brought to this version (they are unchanged, the site is stopped)"
use_release
start_site
wait_until_healthy || way_back "the new version does not answer"
remove_old_releases
say "runs ${RELEASE##*/}; to go back: deploy/restore.sh '$backup' '$before' (what came since is not in it)"
say "compare /etc/nginx/sites-available/survey.conf with deploy/nginx/survey.conf; the backup stays until you remove it"
