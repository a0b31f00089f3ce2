#!/bin/sh
# Is all well? One line for each thing that is not, and status 1. For a monitor, as root: /opt/survey/current/deploy/check.sh
set -eu
# shellcheck source=deploy/server.sh
. "$(dirname "$0")/server.sh"
[ -r "$SETTINGS" ] || stop "$SETTINGS cannot be read: this looks after a server that install.sh made, as root"
status=0
bad() { echo "NOT WELL: $*"; status=1; }
setting() { sed -n "s/^$1=//p" "$SETTINGS"; }

for unit in survey-site survey-worker survey-backup.timer postgresql nginx; do
  systemctl is-active --quiet "$unit" || bad "$unit is not running: systemctl status $unit"
done
systemctl is-failed --quiet survey-backup && bad "the last backup failed: journalctl --namespace survey -u survey-backup"
is_healthy || bad "the site does not answer at $HEALTH"
backups=$(setting SURVEY_BACKUPS)
[ "$(find "$backups" -maxdepth 1 -name 'survey-*' -mmin -1560 | wc -l)" -gt 0 ] || bad "no backup of the last 26 hours in $backups"
for folder in "$backups" "$(setting SURVEY_INSTANCE)" /var/lib/postgresql; do
  used=$(df --output=pcent "$folder" | tail -1 | tr -dc 0-9)
  [ "$used" -lt 90 ] || bad "the disk of $folder is $used% full"
done
keys=$(setting SURVEY_KEYS)
[ "$(stat -c '%a %U' "$keys")" = '700 survey' ] || bad "$keys can be read by others than survey"
"$ROOT/usr/local/bin/survey" keys >/dev/null 2>&1 || bad "the keys do not fit the database: survey keys"
openssl x509 -checkend $((21 * 86400)) -noout -in "$CERTIFICATE/fullchain.pem" >/dev/null || bad "the certificate ends within three weeks"
[ $status = 0 ] && echo "all is well"
exit $status
