#!/bin/sh
# The site and its worker until Ctrl-C; makes the database and the example wave first when there is none.
set -eu
cd "$(dirname "$0")/.."
survey=.venv/bin/survey

$survey init
$survey demo --if-empty
$survey worker &
worker=$!
trap 'kill "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
$survey serve "$@"
