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
running=$ROOT$(readlink "$CURRENT")
RELEASE=${2:-$running}
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
# A copy, because the site's user may not look into the folder where the file is.
copy=$(mktemp -d "$ROOT/var/lib/survey/restore.XXXXXX")
# Until the change-over whatever fails leaves the site as it was, without the half-made database.
failed() {
  rm -rf "$copy"
  runuser -u postgres -- dropdb --if-exists "$database"
  say "NOT RESTORED; the site and its database are as they were before" >&2
}
trap failed EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
runuser -u postgres -- psql -X -q -d postgres -c "REVOKE CONNECT ON DATABASE $database FROM PUBLIC"
install -m 600 "$backup" "$copy/backup"
really chown -R survey:survey "$copy"
# $1: further settings; then the verb. On the new database, with the version that will run.
in_new() {
  runuser -u survey -- sh -c "cd / && set -a && . '$SETTINGS' && SURVEY_DATABASE_URL='$new' $1 &&
    shift && exec '$RELEASE/.venv/bin/survey' \"\$@\"" in_new "$@"
}
in_new "" restore "$copy/backup"
# A backup of an earlier version; the copy that this verb makes first goes where the other one is, and with it.
in_new "SURVEY_INSTANCE='$copy'" upgrade
rm -rf "$copy"
trap - EXIT

say "changing over"
use_database() { sed -i "s|^SURVEY_DATABASE_URL=.*|SURVEY_DATABASE_URL=$1|" "$SETTINGS"; }
# From here on: whatever ends this script early says the way back.
# shellcheck disable=SC2329 # called by the trap
way_back() {
  say "RESTORED, BUT THE SITE DOES NOT RUN
  to look:    journalctl --namespace survey -n 50
  to go back to the database before: in $SETTINGS SURVEY_DATABASE_URL=$old
              ln -sfn '${running#"$ROOT"}' '$CURRENT' && systemctl restart survey-site survey-worker" >&2
}
trap way_back EXIT
stop_site
use_database "$new"
use_release
start_site
wait_until_healthy
trap - EXIT
dropped=${old#postgresql:///}
say "restored, and the site runs. The database before is kept: runuser -u postgres -- dropdb ${dropped%%\?*}   (when all is well)"
