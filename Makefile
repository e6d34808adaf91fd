# Two commands on a fresh machine (Python 3.11+ and make): `make demo` and `make test`.
# uv comes from the machine or, where it is absent, into a folder of the project's own.
PYTHON ?= python3
UV_OWN := .uv/bin/uv
UV := $(shell command -v uv 2>/dev/null || echo $(UV_OWN))
RUN := $(UV) run --frozen --no-progress
FEED ?= log
# Many processes are started by tests and demonstrations: none shall compile what the one before has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-pure lint format bench serve servers

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(UV_OWN):
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'

.venv/.ready: $(filter-out $(shell command -v uv 2>/dev/null),$(UV)) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet
	@touch $@

setup: .venv/.ready ## install what is needed, into the project's own folders

demo: setup ## play the year 2023 of Sơn La and show its figures (FEED=kafka: on PostgreSQL and Kafka)
	$(RUN) python -m deploy.demo --feed $(FEED)

test: setup ## all tests, side by side; those that need PostgreSQL or Kafka start them
	$(RUN) pytest -n auto --maxprocesses 4 --dist worksteal --durations 25

test-pure: setup ## the quick ones: no servers
	$(RUN) pytest -m 'not servers and not faults' -q

lint: setup ## format, style, imports, types
	$(RUN) ruff format --check .
	$(RUN) ruff check --no-cache .
	$(RUN) lint-imports
	$(RUN) mypy

format: setup ## put the code in form
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: setup ## measure on a real PostgreSQL and Kafka, into bench.json
	$(RUN) python -m tests.bench

serve: setup ## everything in one process on ./data
	$(RUN) doithoai serve

servers: setup ## PostgreSQL and Kafka on loopback, until Ctrl-C
	$(RUN) python -m deploy.servers
