#!/bin/sh
# One backup of the database into SURVEY_BACKUPS, and the oldest beyond SURVEY_BACKUPS_KEPT removed.
# Run by survey-backup.service; by hand: systemctl start survey-backup. Usage: backup.sh [NAME]
set -eu
cd "$(dirname "$0")/.."
folder=${SURVEY_BACKUPS:?is not set, see deploy/survey.env.example}
kept=${SURVEY_BACKUPS_KEPT:-14}
case $kept in '' | *[!0-9]* | 0) echo "SURVEY_BACKUPS_KEPT is '$kept', expected a number from 1 on" >&2; exit 2 ;; esac

# A backup beside the keys would join what closing a wave is to part. By path: what runs here may not see the keys.
keys=$(readlink -m "${SURVEY_KEYS:-${SURVEY_INSTANCE:-instance}/keys}")
case $keys/ in "$(readlink -m "$folder")"/*)
  echo "the keys ($keys) are inside the folder of the backups ($folder): move one of them" >&2
  exit 2 ;;
esac

case ${SURVEY_DATABASE_URL:-sqlite} in sqlite*) suffix=sqlite3 ;; *) suffix=dump ;; esac
umask 077
.venv/bin/survey backup "$folder/survey-${1:-$(date -u +%Y%m%dT%H%M%SZ)}.$suffix"

# Only what this script made by itself; a backup with a name of its own stays until somebody removes it.
find "$folder" -maxdepth 1 -type f -name "survey-[0-9]*T[0-9]*Z.$suffix" | sort -r | tail -n "+$((kept + 1))" |
  while IFS= read -r old; do
    rm -- "$old"
    echo "removed $old"
  done
