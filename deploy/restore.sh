#!/bin/sh
# Brings back a backup: into a new empty database beside the present one, which stays until you drop it.
# Usage, as root: deploy/restore.sh BACKUP [RELEASE]; RELEASE: a folder of /opt/survey/releases that can read the backup
# (default: the one that runs). The keys of open waves are in no backup: put their copy into SURVEY_KEYS first.
set -eu
umask 022
# shellcheck source=deploy/server.sh
. "$(dirname "$0")/server.sh"
need_root
[ $# -ge 1 ] || stop "usage: $0 BACKUP [RELEASE]"
backup=$(readlink -f "$1")
[ -f "$backup" ] || stop "no file $1"
[ -L "$CURRENT" ] || stop "nothing is installed here: deploy/install.sh first"
RELEASE=${2:-$ROOT$(readlink "$CURRENT")}
RELEASE=$(readlink -f "$RELEASE")
[ -x "$RELEASE/.venv/bin/survey" ] || stop "no version in $RELEASE"
old=$(sed -n 's/^SURVEY_DATABASE_URL=//p' "$SETTINGS")
case $old in
  postgresql:///*\?host=/var/run/postgresql) ;;
  *) stop "the database is not on this machine ($SETTINGS): make an empty one where it is, set SURVEY_DATABASE_URL, survey restore FILE" ;;
esac
database=survey_$(date -u +%Y%m%dt%H%M%S)
new="postgresql:///$database?host=/var/run/postgresql"

say "restoring $backup into the new database $database"
cd /
runuser -u postgres -- createdb -O survey -E UTF8 -l C.UTF-8 -T template0 "$database"
runuser -u postgres -- psql -X -q -d postgres -c "REVOKE CONNECT ON DATABASE $database FROM PUBLIC"
# A copy, because the site's user may not look into the folder where the file is.
copy=$(mktemp -d /var/lib/survey/restore.XXXXXX)
trap 'rm -rf "$copy"' EXIT
install -m 600 "$backup" "$copy/backup"
chown -R survey:survey "$copy"
failed() { runuser -u postgres -- dropdb --if-exists "$database"; stop "not restored; the site goes on as it was"; }
runuser -u survey -- sh -c "cd / && set -a && . '$SETTINGS' && SURVEY_DATABASE_URL='$new' && exec '$RELEASE/.venv/bin/survey' restore '$copy/backup'" || failed

say "changing over"
stop_site
sed -i "s|^SURVEY_DATABASE_URL=.*|SURVEY_DATABASE_URL=$new|" "$SETTINGS"
use_release
verb upgrade || stop "the restored tables could not be brought to the version in $RELEASE"
start_site
wait_until_healthy || stop "the site does not answer: journalctl --namespace survey -u survey-site -n 50"
dropped=${old#postgresql:///}
say "restored, and the site runs. The database before is kept: runuser -u postgres -- dropdb ${dropped%%\?*}   (when all is well)"
