# What a newcomer types. `make` alone explains itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON := .venv/bin/python
SOURCES := survey questionnaires analysis tests

# Compiled files are kept, whatever the shell says: else every program that a test starts compiles the site anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-tests run test check bench format lock clean

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## environment in .venv and the system packages the site needs
	@deploy/setup.sh run

setup-tests:
	@deploy/setup.sh test

run: setup ## the site and its worker on http://127.0.0.1:8000, with a demo city
	@deploy/run.sh

test: setup-tests lint ## everything, with a real PostgreSQL and a real browser
	$(PYTHON) -m pytest -n 2

check: setup lint ## daily: format, lint, types, import rules, tests without PostgreSQL, browser and the slow ones
	$(PYTHON) -m pytest -n 2 -m "not postgresql and not browser and not slow"

.PHONY: lint
lint:
	.venv/bin/ruff format --check $(SOURCES)
	.venv/bin/ruff check $(SOURCES)
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup-tests ## measured claims as a table, and instance/bench.json
	$(PYTHON) -m tests.benchmarks

.PHONY: peers
peers: setup-tests ## other packages that bench compares with, into .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/benchmarks/peers.lock

format: ## put the sources into shape
	.venv/bin/ruff check --fix-only -q $(SOURCES)
	.venv/bin/ruff format $(SOURCES)

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --extra dev --no-header \
	  --no-emit-index-url pyproject.toml -o requirements.lock

clean: ## remove the environment and caches (never instance/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build
