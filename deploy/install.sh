#!/bin/sh
# Puts the site on a server with Debian or Ubuntu: user, folders, settings, PostgreSQL, this version, systemd, nginx.
# Usage, as root, in a checkout of the version: deploy/install.sh https://survey.example
# Run it again whenever something is missing: what is there is kept. To a new version: deploy/upgrade.sh.
set -eu
umask 022
# shellcheck source=deploy/server.sh
. "$(dirname "$0")/server.sh"
url=${1:-}
case $url in
  '') [ -f "$SETTINGS" ] || stop "usage: $0 https://survey.example" ;;
  https://*[!a-zA-Z0-9.:-]* | https:// ) stop "got $url, expected https:// and the name of the site without a path" ;;
  https://*) ;;
  *) stop "got $url, expected https:// and the name of the site" ;;
esac
need_root

install_packages() {
  packages="postgresql nginx openssl"
  missing=
  for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "installing$missing"
  case $missing in *nginx*) new_nginx=yes ;; esac
  apt-get update -qq
  # shellcheck disable=SC2086 # the list is meant to be split
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

make_user() {
  getent passwd survey >/dev/null && return 0
  say "making the user survey"
  useradd --system --user-group --home-dir /var/lib/survey --no-create-home --shell /usr/sbin/nologin survey
}

# Only the site's user looks into its folders. The keys are apart, so that no backup of the others takes them along.
make_folders() {
  mkdir -p "$RELEASES" "$ROOT/var/lib" "$ROOT/var/backups" "$ROOT/var/cache" "$ROOT/etc"
  for folder in var/lib/survey var/lib/survey-keys var/backups/survey var/cache/survey; do
    mkdir -p "$ROOT/$folder"
    chmod 700 "$ROOT/$folder"
    really chown survey:survey "$ROOT/$folder"
  done
  # Read by backup programs (tar --exclude-caches, borg, restic): not to be copied.
  tag=$ROOT/var/lib/survey-keys/CACHEDIR.TAG
  [ -f "$tag" ] || printf 'Signature: 8a477f597d28d172789f06886806bc55\n# Keys: never in a backup.\n' > "$tag"
  mkdir -p "$CERTIFICATE"
  chmod 750 "$ROOT/etc/survey"
  chmod 700 "$CERTIFICATE"
  really chgrp survey "$ROOT/etc/survey"
}

make_settings() {
  if [ ! -f "$SETTINGS" ]; then
    say "writing $SETTINGS"
    secret=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    (umask 077 && sed -e "s|^SURVEY_PUBLIC_URL=.*|SURVEY_PUBLIC_URL=$url|" \
      -e "s|^SURVEY_SECRET_KEY=.*|SURVEY_SECRET_KEY=$secret|" "$(dirname "$0")/survey.env.example" > "$SETTINGS.new")
    mv "$SETTINGS.new" "$SETTINGS"
  fi
  chmod 640 "$SETTINGS"
  really chgrp survey "$SETTINGS"
  said=$(sed -n 's/^SURVEY_PUBLIC_URL=//p' "$SETTINGS")
  [ -z "$url" ] || [ "$said" = "$url" ] || say "$SETTINGS says SURVEY_PUBLIC_URL=$said, which is kept: change it there"
  url=$said
}

# Role and database of the site; a database elsewhere is made by those who keep it.
make_database() {
  grep -q '^SURVEY_DATABASE_URL=postgresql:///survey?host=/var/run/postgresql$' "$SETTINGS" || return 0
  ask() { (cd / && runuser -u postgres -- psql -X -q -t -A -v ON_ERROR_STOP=1 -d postgres -c "$1"); }
  [ "$(ask "SELECT 1 FROM pg_roles WHERE rolname = 'survey'")" ] || { say "making the role survey"; ask "CREATE ROLE survey LOGIN"; }
  [ "$(ask "SELECT 1 FROM pg_database WHERE datname = 'survey'")" ] || {
    say "making the database survey"
    ask "CREATE DATABASE survey OWNER survey ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"
    ask "REVOKE CONNECT ON DATABASE survey FROM PUBLIC"
  }
  # PostgreSQL's log would quote statements and rows that fail: answers.
  ask "ALTER ROLE survey SET log_min_error_statement = 'panic'"
  ask "ALTER ROLE survey SET log_error_verbosity = 'terse'"
  ask "ALTER ROLE survey SET log_statement = 'none'"
  ask "ALTER ROLE survey SET log_min_duration_statement = -1"
}

# Until the real certificate is there nginx gets one that browsers warn of.
make_certificate() {
  [ -e "$CERTIFICATE/fullchain.pem" ] && return 0
  say "no certificate in $CERTIFICATE: making one for 30 days that browsers WARN of; put the real one there"
  name=${url#https://}
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=${name%%:*}" -addext "subjectAltName=DNS:${name%%:*}" \
    -keyout "$CERTIFICATE/privkey.pem" -out "$CERTIFICATE/fullchain.pem" 2>/dev/null
  chmod 600 "$CERTIFICATE/privkey.pem"
}

put_nginx() {
  available=$ROOT/etc/nginx/sites-available/survey.conf
  mkdir -p "$ROOT/etc/nginx/sites-available" "$ROOT/etc/nginx/sites-enabled"
  name=${url#https://}
  if [ ! -f "$available" ]; then
    say "writing $available"
    sed -e "s/survey\.example/${name%%:*}/g" "$(dirname "$0")/nginx/survey.conf" > "$available"
  else
    say "$available is there and kept: compare it with deploy/nginx/survey.conf after an upgrade"
  fi
  ln -sfn ../sites-available/survey.conf "$ROOT/etc/nginx/sites-enabled/survey.conf"
  # Debian's example would answer to every other name, and log the addresses of those who use it.
  [ -z "${new_nginx:-}" ] || rm -f "$ROOT/etc/nginx/sites-enabled/default"
  really nginx -t -q
  really systemctl reload-or-restart nginx
}

really install_packages
really make_user
make_folders
make_settings
really make_database
if [ -L "$CURRENT" ]; then
  RELEASE=$ROOT$(readlink "$CURRENT")
  say "$RELEASE runs here already and is kept; deploy/upgrade.sh brings another version"
else
  place_release
fi
use_release
verb upgrade  # makes the tables of a new database, too
make_certificate
start_site
put_nginx
wait_until_healthy || stop "the site does not answer: journalctl --namespace survey -u survey-site -n 50"
say "the site runs at $url; the first account: survey user add NAME --role administrator"
