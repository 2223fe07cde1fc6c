# make run     open the desk on the practice venue (with no display: play the demo offscreen)
# make test    the whole suite: the core in an environment without Qt, then all the rest
# make check   format, lint, types, import contracts
# make fix     format and mend what ruff can mend
# make bench   the benchmarks against peers
# make reliability   what becomes of orders when everything goes wrong: the figures of docs/reliability.md
# make conformance   other people's clients, as published, against the practice venue
# make lock    write requirements/*.txt anew from pyproject.toml
# make clean   remove everything that these made

PYTHON ?= $(shell scripts/python.sh)
BIN := .venv/bin
# Of the venue's tests it is enough here to see that it runs without Qt.
CORE_TESTS := $(wildcard $(addprefix tests/,domain engine history trading gateway store services \
	practice/books practice/test_process.py))
# A file of tests at a time for each of three workers on two processors, as many tests wait for
# processes of their own; make test SIDE_BY_SIDE= for one after the other. A worker that crashes
# ends the run.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) * 3 // 2)")
SIDE_BY_SIDE ?= -n $(WORKERS) --dist loadfile --max-worker-restart 0
# Extra arguments for pytest: make test ARGS="-k bracket"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check fix bench reliability conformance lock clean env env-dev env-core

help:
	@sed -n 's/^# make /make /p' Makefile

env:
	@scripts/system_libs.sh run
	@$(PYTHON) scripts/environment.py .venv run

env-dev:
	@scripts/system_libs.sh test
	@$(PYTHON) scripts/environment.py .venv dev

env-core:
	@$(PYTHON) scripts/environment.py .venv-core core

run: env
	@scripts/run.sh

test: env-dev env-core
	@echo "The core, without Qt:"
	@.venv-core/bin/python -m pytest -q $(SIDE_BY_SIDE) $(CORE_TESTS) $(ARGS)
	@echo "All the rest:"
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(addprefix --ignore=,$(CORE_TESTS)) $(ARGS)

# All four always run, so that one round shows everything that is wrong.
check: env-dev
	@failed=0; \
	$(BIN)/ruff format --check --quiet . || { echo "Unformatted files: run make fix."; failed=1; }; \
	$(BIN)/ruff check . || failed=1; \
	$(BIN)/mypy || failed=1; \
	$(BIN)/lint-imports || failed=1; \
	exit $$failed

fix: env-dev
	@$(BIN)/ruff check --quiet --fix --unsafe-fixes --select TC,I . || true
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench:
	@scripts/system_libs.sh run
	@$(PYTHON) scripts/environment.py .venv-bench bench
	@.venv-bench/bin/python -m bench $(ARGS)

reliability: env-dev
	@$(BIN)/python -m reliability $(ARGS)

conformance: env
	@$(BIN)/python -m tests.conformance $(ARGS)

lock:
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install -q "uv>=0.9"; }
	@.venv-lock/bin/python scripts/lock.py

clean:
	rm -rf .venv .venv-core .venv-bench .venv-lock .venv-conformance .venv-peers build dist demo-out bench-out
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests bench reliability -name __pycache__ -type d -prune -exec rm -rf {} +
