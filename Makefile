# make run      the program with its demo, on this machine, with nothing set up before
# make test     everything that a fresh machine needs, then all tests
# make crash    server, worker and database killed with -9 again and again, and nothing lost
# make check    what a machine can say about the code without running it, and whether its tests would notice
SHELL := /bin/bash
PORT ?= 8000
DATA ?= ./var
# The first Python that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
# `make check` looks at the clock from its first moment, installation and all: mutants get what the others leave of it.
CHECK_SECONDS ?= 45
UNTIL := $(shell echo $$(($$(date +%s) + $(CHECK_SECONDS))))
SECONDS_FOR_MUTANTS ?= 60
# Two installations at once would spoil the environment; checks change nothing.
ifndef CHECKING
.NOTPARALLEL:
endif
.PHONY: help run test check bench deep crash install install-dev frontend lock clean
.PHONY: lint types layers templates docs addresses mutants

help:
	@sed -n 's/^# make /make /p' Makefile

run: install frontend
	exec $(BIN)/tenantry serve --port $(PORT) --data $(DATA) --demo

test: install-dev frontend
	@echo "Browser: $$($(BIN)/python tools/chromium.py)"
	CHROMIUM="$$($(BIN)/python tools/chromium.py)" $(BIN)/python tools/run_tests.py

# Each says all it has to say; the whole fails when one did.
check: install-dev frontend
	@$(MAKE) --no-print-directory --keep-going --jobs 2 --output-sync=line CHECKING=yes UNTIL=$(UNTIL) \
		types lint layers templates addresses docs mutants

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy --num-workers 2

layers:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint src --lint --quiet

docs:
	$(BIN)/python -m tenantry.docs --check

addresses:
	$(BIN)/python tools/addresses.py

mutants:
	$(BIN)/python tools/mutate.py --seconds $(SECONDS_FOR_MUTANTS) $(if $(CHECKING),--until $(UNTIL))

bench: install
	$(BIN)/tenantry bench

crash: install-dev
	TENANTRY_DEEP=1 $(BIN)/python tools/run_tests.py --family crash

deep: install-dev frontend
	CHROMIUM="$$($(BIN)/python tools/chromium.py)" $(BIN)/python tools/run_tests.py --deep --keep docs/deep.md
	$(BIN)/python tools/mutate.py --all

install: .venv/.run .venv/.tenantry

install-dev: .venv/.dev .venv/.tenantry

frontend: | install
	@$(BIN)/python tools/frontend.py

lock: install-dev
	$(PIP) install uv
	$(BIN)/python tools/lock.py $(ONLY)

clean:
	rm -rf .venv node_modules src/tenantry/web/static/vendor

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Tenantry needs Python 3.11 or newer (Debian: apt-get install python3 python3-venv)"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian: apt-get install python3-venv"; exit 1; }

# A stamp is newer than what it was made from, so finished work is not done twice.
.venv/.run: requirements/run.txt | .venv/bin/python
	@echo "Installing what the program needs (a minute)"
	@$(PIP) install --require-hashes --only-binary :all: --requirement requirements/run.txt
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/bin/python
	@echo "Installing what the program and its tests need (a minute)"
	@$(PIP) install --require-hashes --only-binary :all: --requirement requirements/dev.txt
	@touch $@ .venv/.run

# After whichever of the two was asked for; from here alone, so that nothing is fetched that no hash vouches for.
.venv/.tenantry: pyproject.toml | .venv/.run
	@$(PIP) install --no-deps --no-index --no-build-isolation --editable .
	@touch $@
