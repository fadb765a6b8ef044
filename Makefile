# Sets up what it needs, then does it. Assumed: make, and Python 3.11 or newer with venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUTPUT ?= data/ledger

.PHONY: run test check docs bench format clean

run: $(READY)
	@$(BIN)/conflict-ledger run seeds --output $(OUTPUT)

test: $(READY)
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4

check: $(READY)
	@$(BIN)/ruff format --check --quiet . || { echo "make format mends that"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m expectations.dictionary --check
	@$(BIN)/python -m tasks.export.docs --check

docs: $(READY)
	@$(BIN)/python -m expectations.dictionary
	@$(BIN)/python -m tasks.export.docs
	@$(BIN)/python docs/update_readme.py

# FULL=1: 1,000, 10,000 and 100,000 articles, which takes half an hour. LABEL, TREE, SIZES: see `python -m benchmarks.bench --help`.
bench: $(READY)
	@$(BIN)/python -m benchmarks.bench $(if $(FULL),--full) $(if $(SIZES),--sizes $(SIZES)) $(if $(LABEL),--label $(LABEL)) $(if $(TREE),--tree $(TREE))
	@$(BIN)/python -m benchmarks.tell

format: $(READY)
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV); the first time takes a few minutes." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
