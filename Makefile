# One command each. Bare `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run install test prove check bench lock format translations doctor stop wipe-rehearsal
SHELL := /bin/sh
BIN := .venv/bin
FLASK := $(BIN)/python -m flask --app wsgi
WORKERS ?= 2
CENTRE ?= val-dorme
# Dozens of processes read the same sources: each would compile them anew.
unexport PYTHONDONTWRITEBYTECODE
RESOLVE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
  --no-header --no-annotate
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/*.po))

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

run: .venv/run.stamp $(CATALOGUES) ## start everything until Ctrl-C; PORT=8000, TRAFFIC=0, DEMO_PASSWORD=...
	@$(BIN)/python -m servers run

install: .venv/run.stamp $(CATALOGUES) ## make .venv from the hash-locked requirements

test: .venv/dev.stamp $(CATALOGUES) ## all tests, the browser tests included
	@requirements/machine
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not prove" $(TESTS)

prove: .venv/dev.stamp $(CATALOGUES) ## the long fault, load and fuzz runs
	@requirements/machine
	@$(BIN)/python -m pytest -q -m prove $(TESTS)

check: .venv/dev.stamp ## style, types, import contract, translations; no test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.translations

bench: .venv/dev.stamp $(CATALOGUES) ## the benchmarks, each beside the physical limit of the same run
	@$(BIN)/python -m bench

format: .venv/dev.stamp ## let ruff lay out the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

lock: ## resolve requirements/*.in anew, with hashes (needs uv)
	@$(RESOLVE) requirements/run.in --output-file requirements/run.txt
	@$(RESOLVE) requirements/dev.in --constraint requirements/run.txt \
	  --output-file requirements/dev.txt

doctor: .venv/run.stamp ## tell which servers were found, which are used and why
	@$(BIN)/python -m servers doctor

stop: .venv/run.stamp ## stop private servers that were left running
	@$(BIN)/python -m servers stop

wipe-rehearsal: .venv/run.stamp ## erase what the rehearsal traffic has made (CENTRE=val-dorme)
	@$(FLASK) rehearsal wipe --centre $(CENTRE)

.venv/%.stamp: requirements/%.txt requirements/install
	@requirements/install $*

%.mo: %.po | .venv/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
