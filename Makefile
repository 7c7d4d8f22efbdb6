# Tóp Tóp. `make` lists the targets; README.md says the rest.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/.requirements.stamp
DEV_STAMP := $(VENV)/.requirements-dev.stamp
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# The first interpreter that is Python 3.11; PYTHON=/path/to/python names another.
IS_311 := import sys; sys.exit(sys.version_info[:2] != (3, 11))

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(PY):
	@set -e; python=; for candidate in $(PYTHON) python3.11 python3; do \
	    if "$$candidate" -c '$(IS_311)' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Python 3.11 is needed and was not found as python3.11 or python3;" \
	         "install it, or name it: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; \
	fi; \
	echo "creating $(VENV) with $$($$python --version)"; \
	"$$python" -m venv $(VENV)

$(RUN_STAMP): requirements.txt | $(PY)
	@echo "installing requirements.txt (a minute or two, once)"
	@$(PIP) install -r requirements.txt
	@touch $@

$(DEV_STAMP): requirements-dev.txt requirements.txt | $(PY)
	@echo "installing requirements-dev.txt (a few minutes, once)"
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(RUN_STAMP)

.PHONY: install dev
install: $(RUN_STAMP) ## make .venv and install what running needs
dev: $(DEV_STAMP) ## ... and what testing needs

.PHONY: run
run: $(RUN_STAMP) ## start everything on http://localhost:8000 (PORT, DATA_DIR, DEMO=0; Ctrl-C ends it)
	@exec $(PY) manage.py serve

.PHONY: test test-scaled tus-endurance check bench bench-feed screenshots
test: $(DEV_STAMP) ## run the whole suite in the embedded mode (ARGS="-k feed" narrows it)
	@scripts/test $(ARGS)

test-scaled: $(DEV_STAMP) ## the whole suite against PostgreSQL, Redis and an S3 server
	@scripts/test-scaled $(ARGS)

tus-endurance: $(DEV_STAMP) ## the standard tus client: 200 MB through 20 forced disconnects
	@TUS_MEGABYTES=200 TUS_CUTS=20 WORKERS=0 scripts/test --durations=3 \
	    videos/tests/crash/test_tus_client.py

check: $(DEV_STAMP) ## format, lint, types, import contracts, migrations, Django's checks, tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	@scripts/test

bench: $(DEV_STAMP) ## ratios to floors measured in the same run
	@$(PY) -m tiktok.benchmarks $(ARGS)

bench-feed: $(DEV_STAMP) ## ... of the feed alone: 200 thousand videos (ARGS="--size small --runs 3" for less)
	@$(PY) -m tiktok.benchmarks --only feed $(ARGS)

screenshots: $(DEV_STAMP) ## pictures of every page into docs/images, from a server of its own
	@$(PY) -m tiktok.screenshots $(ARGS)

.PHONY: evaluate simulate evaluation
evaluation: $(DEV_STAMP)
	@$(PIP) install -r requirements-evaluation.txt
evaluate: evaluation ## the ranking against baselines on a log: ARGS="--log path/ratings.dat" (this instance)
	@$(PY) manage.py evaluate_recommender $(ARGS)
simulate: evaluation ## the closed loop over five seeds (about an hour; ARGS="--seeds 1 --people 120" for less)
	@$(PY) manage.py simulate_feed --picture docs/images/simulation.svg $(ARGS)

.PHONY: lock
lock: $(PY) ## compile requirements*.in into pinned requirements*.txt (UPGRADE=1 moves the pins)
	@$(PIP) install uv
	$(VENV)/bin/uv pip compile --quiet --python-version 3.11 $(if $(UPGRADE),--upgrade) requirements.in -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet --python-version 3.11 $(if $(UPGRADE),--upgrade) requirements-dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## remove caches and build products (not .venv, not your data in var/)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles test-results
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
