#!/bin/sh
# The site and its worker until Ctrl-C; makes the database and the demo city first (a minute) when there is none.
set -eu
cd "$(dirname "$0")/.."
survey=.venv/bin/survey

$survey init --make-sign-in
$survey demo --if-empty
$survey worker &
worker=$!
# In the background too: a shell that waits for a command of its own hears no signal before it has ended.
$survey serve "$@" &
server=$!
trap 'kill "$server" "$worker" 2>/dev/null || true; wait || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
wait "$server"
