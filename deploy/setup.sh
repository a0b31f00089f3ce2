#!/bin/sh
# Makes a fresh machine ready: system packages with apt (as root or with sudo), then .venv from the hash-pinned lock.
# Usage: deploy/setup.sh run|test. Without root and sudo it names what is missing and goes as far as it can.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
if [ "$purpose" = test ]; then packages="$packages postgresql chromium poppler-utils"; fi
python3 -c 'import ensurepip, venv' 2>/dev/null || packages="$packages python3-venv"

missing_packages() {
  for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

install_packages() {
  # shellcheck disable=SC2086 # the list is meant to be split
  $1 sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 $missing" >/dev/null
}

if command -v dpkg-query >/dev/null 2>&1; then
  missing=$(missing_packages)
  if [ -n "$missing" ]; then
    echo "system packages to install: $missing"
    if [ "$(id -u)" = 0 ]; then install_packages "" || true
    elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then install_packages sudo || true
    fi
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
      echo "still missing, please ask an administrator to run:  apt-get install $missing" >&2
      if [ "$purpose" = test ]; then exit 1; fi
      echo "going on without: the site runs, PDF reports may not" >&2
    fi
  fi
else
  echo "this is no Debian or Ubuntu: please install Pango and HarfBuzz (for PDF reports) by hand" >&2
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; this is $(python3 --version 2>&1)" >&2
  exit 1
}

# The environment is made anew when the lock, the project file or the checkout's place has changed.
stamp=.venv/made-from
wanted=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)-$(pwd)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi
echo "making the environment in .venv (a few minutes without uv)"
python3 -m venv --clear .venv || {
  echo "no virtual environment could be made: install python3-venv, then run this again" >&2
  exit 1
}
if command -v uv >/dev/null 2>&1; then
  uv pip install --quiet --compile-bytecode --python .venv/bin/python --require-hashes -r requirements.lock
  uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
else
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
echo "$wanted" > "$stamp"
