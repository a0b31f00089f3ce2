# shellcheck shell=sh
# What install.sh, upgrade.sh and restore.sh share: where things are on a server, and how a version gets there.
# ROOT in front of every path is for tests: with it nothing outside that folder is touched, no user made, no unit started.

ROOT=${ROOT:-}
# shellcheck disable=SC2034 # used by the scripts that read this one
SETTINGS=$ROOT/etc/survey/survey.env
# shellcheck disable=SC2034
CERTIFICATE=$ROOT/etc/survey/tls
RELEASES=$ROOT/opt/survey/releases
CURRENT=$ROOT/opt/survey/current
RELEASES_KEPT=3
HEALTH=http://127.0.0.1:8000/healthz

say() { echo "survey: $*"; }
stop() { echo "survey: $*" >&2; exit 2; }
# Runs a command where the machine is really ours, else only says it.
really() { if [ -z "$ROOT" ]; then "$@"; else say "left out in $ROOT: $*"; fi; }

need_root() { [ -n "$ROOT" ] || [ "$(id -u)" = 0 ] || stop "run it as root (sudo)"; }

# Copies the checkout this script is in to a folder of its own and makes its environment; sets RELEASE.
place_release() {
  checkout=$(cd "$(dirname "$0")/.." && pwd)
  version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$checkout/survey/__init__.py")
  RELEASE=$RELEASES/$version-$(date -u +%Y%m%dT%H%M%SZ)
  say "copying $checkout to $RELEASE"
  mkdir -p "$RELEASE.partial"
  (cd "$checkout" && tar -cf - --exclude=./.git --exclude=./.venv --exclude=./instance --exclude=__pycache__ \
    --exclude='./.*_cache' --exclude=./.hypothesis --exclude='*.egg-info' .) | tar -xf - --no-same-owner -C "$RELEASE.partial"
  chmod -R u=rwX,go=rX "$RELEASE.partial"
  mv "$RELEASE.partial" "$RELEASE"
  # With 022 the site's user may read all of it and change nothing.
  (umask 022 && "$RELEASE/deploy/setup.sh" run && cd "$RELEASE" &&
    .venv/bin/python -m compileall -q survey questionnaires analysis &&
    .venv/bin/python -c 'import survey.serving, survey.jobs.worker, survey.cli.main') || {
    rm -rf "$RELEASE"
    stop "this version cannot be made ready here; nothing was changed"
  }
}

# Makes RELEASE the one that runs, with its units and the command of operators.
use_release() {
  ln -sfn "${RELEASE#"$ROOT"}" "$CURRENT.new"
  mv -T "$CURRENT.new" "$CURRENT"
  mkdir -p "$ROOT/etc/systemd/system" "$ROOT/usr/local/bin"
  install -m 644 "$RELEASE"/deploy/systemd/* "$ROOT/etc/systemd/system/"
  install -m 644 "$RELEASE/deploy/journald/journald@survey.conf" "$ROOT/etc/systemd/"
  install -m 755 "$RELEASE/deploy/survey.sh" "$ROOT/usr/local/bin/survey"
  really systemctl daemon-reload
}

# A verb of RELEASE, as the site's user with the site's settings.
verb() { really env SURVEY_RELEASE="$RELEASE" "$RELEASE/deploy/survey.sh" "$@"; }

start_site() {
  really systemctl enable --quiet survey-site survey-worker survey-backup.timer
  really systemctl restart survey-site survey-worker survey-backup.timer
}
stop_site() { really systemctl stop survey-site survey-worker; }

is_healthy() { python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=5)' "$HEALTH" 2>/dev/null; }
wait_until_healthy() {
  [ -z "$ROOT" ] || return 0
  for _ in $(seq 60); do
    if is_healthy; then say "healthy: $HEALTH"; return 0; fi
    sleep 1
  done
  return 1
}

# The newest few stay, and whatever runs; and $1, the way back: upgrades that failed are newer, but nobody ran them.
remove_old_releases() {
  running=$(readlink -f "$ROOT$(readlink "$CURRENT")")
  way_back=$(readlink -f "$1")
  find "$RELEASES" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sed 's/^.*-//' | sort -r | tail -n "+$((RELEASES_KEPT + 1))" |
    while IFS= read -r stamp; do
      for old in "$RELEASES"/*-"$stamp"; do
        case $(readlink -f "$old") in "$running" | "$way_back") ;; *) rm -rf "$old"; say "removed $old" ;; esac
      done
    done
}
