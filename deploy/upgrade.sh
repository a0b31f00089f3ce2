#!/bin/sh
# Brings a server to the version of this checkout: stop, backup, new tables, start, health check.
# Usage, as root, in a checkout of the new version: deploy/upgrade.sh
# When something fails the version before goes on, or the last lines say how to bring it back.
set -eu
umask 022
# shellcheck source=deploy/server.sh
. "$(dirname "$0")/server.sh"
need_root
[ -L "$CURRENT" ] || stop "nothing is installed here: deploy/install.sh first"
before=$ROOT$(readlink "$CURRENT")
backups=$(sed -n 's/^SURVEY_BACKUPS=//p' "$SETTINGS")

place_release  # while the site runs
name=before-${RELEASE##*/}
backup=$backups/survey-$name.dump

# Until the tables are changed the version before can simply go on.
trap 'say "nothing was changed; starting the version before again" >&2; RELEASE=$before; start_site' EXIT
say "stopping the site"
stop_site
say "backup: $backup"
really runuser -u survey -- sh -c "set -a; . '$SETTINGS'; exec '$before/deploy/backup.sh' '$name'"
trap - EXIT

# From here on: whatever ends this script early says the way back.
# shellcheck disable=SC2329 # called by the trap
way_back() {
  say "NOT UPGRADED
  to look:    journalctl --namespace survey -n 50
  to go back: $before/deploy/restore.sh '$backup' '$before'" >&2
}
trap way_back EXIT
marker=$(mktemp)
verb upgrade
use_release
start_site
wait_until_healthy
trap - EXIT

# `survey upgrade` keeps a backup of its own, the same as ours: nothing was written in between.
really find "$(sed -n 's/^SURVEY_INSTANCE=//p' "$SETTINGS")/backups" -name 'before-upgrade-*' -newer "$marker" -delete 2>/dev/null || true
rm -f "$marker"
remove_old_releases "$before"
say "runs ${RELEASE##*/}; to go back: $before/deploy/restore.sh '$backup' '$before' (what came since is not in it)"
say "did survey upgrade say that codes of letters are kept in a new way: $backup holds them as before, delete it with every earlier one"
say "compare /etc/nginx/sites-available/survey.conf with deploy/nginx/survey.conf; the backup stays until you remove it"
