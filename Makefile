# comprova: `make demo` and `make test` do everything on a fresh Debian or Ubuntu with Python 3.11 or later.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMPS := .make
SYSTEM_PACKAGES := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig

.DEFAULT_GOAL := help
.PHONY: help demo test test-browser test-pdf test-trino fuzz check format lock docs benchmark clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 14

demo: $(STAMPS)/run  ## Generate logs of an invented company and report on them, in out/
	$(BIN)/comprova demo

test: $(STAMPS)/dev  ## Run every test (COMPROVA_REAL_LOGS=<folder> adds those on real logs)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not trino and not verapdf and not browser"

test-browser: $(STAMPS)/dev $(STAMPS)/browser  ## Open reports in Chromium: attacks, axe-core, the keyboard, print (installs Chromium as root)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests/browser

test-trino: $(STAMPS)/dev  ## Run the tests on a real Trino, which Maven fetches once (needs Maven and a JDK, 17 or later)
	@command -v mvn >/dev/null && command -v javac >/dev/null || \
	  { echo "test-trino needs Maven and a JDK: sudo apt-get install -y maven openjdk-17-jdk-headless" >&2; exit 1; }
	PYTHONPATH=tests $(BIN)/python -m athena_endpoint.trino_home
	$(BIN)/python -m pytest -m trino tests/engines/trino

test-pdf: $(STAMPS)/dev  ## Hold PDFs against PDF/A-3a and PDF/UA-1 with veraPDF, which Maven fetches once (needs Maven and Java)
	@command -v mvn >/dev/null && command -v java >/dev/null || \
	  { echo "test-pdf needs Maven and Java: sudo apt-get install -y maven openjdk-17-jre-headless" >&2; exit 1; }
	PYTHONPATH=tests $(BIN)/python -m verapdf.home
	$(BIN)/python -m pytest -n 2 --dist loadfile -m verapdf tests/end_to_end

fuzz: $(STAMPS)/dev  ## Fuzz the reader of log files for a minute (FUZZ="-max_total_time=3600" for an hour; Linux only)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	PYTHONPATH=tests $(BIN)/python -m fuzz.fuzz $(FUZZ)

check: $(STAMPS)/dev  ## Lint, types, layers, docstrings, SQL style, content, and that no released line of the lock changed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate -q src tests benchmarks
	$(BIN)/sqlfluff lint queries src/comprova/collect/measures
	$(BIN)/comprova queries check
	$(BIN)/comprova queries released

format: $(STAMPS)/dev  ## Put Python and SQL into their form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix queries src/comprova/collect/measures

lock: $(STAMPS)/dev  ## Compile the dependency locks and append new queries to queries.lock
	$(BIN)/uv pip compile pyproject.toml $(LOCK_OPTIONS) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev $(LOCK_OPTIONS) -o requirements-dev.lock
	$(BIN)/uv pip compile --group pyproject.toml:fuzz $(LOCK_OPTIONS) -o requirements-fuzz.lock
	$(BIN)/comprova queries lock

LOCK_OPTIONS := --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

docs: $(STAMPS)/dev  ## Generate the pages of docs/ that come from the content
	$(BIN)/python docs/generate.py

benchmark: $(STAMPS)/dev  ## Measure speed and memory, as ratios to zcat of the same files, and of Chromium with the same HTML
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.chain
	$(BIN)/python -m benchmarks.queries
	$(BIN)/python -m benchmarks.documents
	$(BIN)/python -m benchmarks.screen

clean:  ## Remove everything that was made here, but no run in out/
	rm -rf $(VENV) $(STAMPS) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -type d -exec rm -rf {} +

# WeasyPrint draws text with Pango. Without root the command to install it is shown instead.
$(STAMPS)/system:
	@mkdir -p $(STAMPS)
	@if ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1.0.so.0' && ldconfig -p | grep -q 'libharfbuzz-subset.so.0' \
	    && $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    $(SYSTEM_PACKAGES) python3-venv; \
	else \
	  echo "comprova needs Pango and Python's venv. Install them, then run make again:" >&2; \
	  echo "  sudo apt-get install -y $(SYSTEM_PACKAGES) python3-venv" >&2; exit 1; \
	fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "comprova needs Python 3.11 or later; make PYTHON=python3.12 chooses another" >&2; exit 1; }
	@touch $@

$(STAMPS)/browser:
	@mkdir -p $(STAMPS)
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "test-browser needs Chromium: sudo apt-get install -y chromium" >&2; exit 1; fi
	@touch $@

$(BIN)/python: $(STAMPS)/system
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(STAMPS)/run: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(STAMPS)/dev: $(BIN)/python requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(STAMPS)/run
