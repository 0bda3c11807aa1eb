# Run, test and maintain Losslab. Every target first installs what it needs into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python -m tools.support.node
JS := node_modules/.stamp

.PHONY: run test test_browser_1 test_browser_2 test_other test_serving test_js quick quick_app quick_losses look bench bundle browsers servers load search thorough hostile firefox webkit mutants audit release lint docs generate previews translations lock clean

run: $(VENV)/run.stamp
	$(BIN)/losslab

test: $(JS) browsers servers
	@$(MAKE) --no-print-directory -j3 test_other test_browser_1 test_browser_2 lint test_serving test_js

# Three of these run at a time (-j3), also on two cores, for tests of browsers and servers wait often. The
# longest come first, and the browser tests in two parts that take as long.
BROWSER_2 := tests/browser/screens tests/browser/evidence \
	$(addprefix tests/browser/test_,accessibility.py classroom.py faults.py registry_entries.py share.py tools.py)

test_browser_1: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests/browser $(addprefix --ignore=,$(BROWSER_2)) --durations=12

test_browser_2: $(VENV)/test.stamp
	$(BIN)/python -m pytest $(BROWSER_2) --durations=12

test_other: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests --ignore=tests/browser --ignore=tests/serving

test_serving: $(VENV)/test.stamp
	$(BIN)/python -m pytest tests/serving

test_js: $(JS)
	$(NODE) --test "tests/js/*.test.mjs"

# Lint and the fast tests, for use while developing: no browser, no servers, no test marked as slow, and of a
# test with many cases only some.
quick: $(VENV)/test.stamp
	@$(MAKE) --no-print-directory -j2 lint quick_losses quick_app

quick_app: $(VENV)/test.stamp
	$(BIN)/python -m pytest -x --quick tests/app --ignore=tests/app/figures

quick_losses: $(VENV)/test.stamp
	$(BIN)/python -m pytest -x --quick tests --ignore=tests/browser --ignore=tests/serving \
		$(patsubst %,--ignore=%,$(filter-out tests/app/figures,$(wildcard tests/app/*)))

look: $(VENV)/test.stamp
	$(BIN)/python tools/support/chromium.py --install
	$(BIN)/python -m tools.look

bench: $(VENV)/test.stamp
	$(BIN)/python tools/support/chromium.py --install --ordinary
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m tools.bench

# Build Plotly's script, which is committed, again.
bundle: $(JS)
	$(BIN)/python -m tools.plotly_bundle

# Install the browsers and servers that tests and long commands need.
browsers: $(VENV)/test.stamp
	$(BIN)/python tools/support/chromium.py --install
	$(BIN)/python -m tools.support.other_browsers

servers: $(VENV)/test.stamp
	$(BIN)/python -m tools.support.nginx --install
	$(BIN)/python -m tools.support.redis_server --install

load: servers
	$(BIN)/python -m tools.load
	$(BIN)/python -m tools.class_load
	$(BIN)/python -m tools.class_load --replicas

# Each file alone: Hypothesis also draws constants of the modules that are loaded, so the examples differ.
SEARCHED = $(shell grep -rl "from hypothesis" tests --include="test_*.py")

search: servers
	@status=0; for file in $(SEARCHED); do \
		$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=search $$file || status=1; \
	done; exit $$status

# The combinations of values that `make test` leaves out (tools/support/case_selection.py).
thorough: servers
	$(BIN)/python -m pytest -m thorough --ignore=tests/browser --ignore=tests/serving

hostile: $(VENV)/test.stamp
	$(BIN)/python -m tools.hostile

firefox: $(JS) browsers
	$(BIN)/python -m tools.firefox

webkit: browsers
	$(BIN)/python -m tools.webkit

mutants: $(VENV)/test.stamp
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.mutants

audit: $(VENV)/test.stamp
	$(BIN)/python -m tools.audit

lint: $(VENV)/test.stamp $(JS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) node_modules/typescript/bin/tsc
	$(NODE) node_modules/eslint/bin/eslint.js

# Build the documents into docs/_build/html; a warning is an error. `make test` does it, too, in a test.
docs: $(VENV)/test.stamp
	$(BIN)/python -m sphinx -W --keep-going -q -b html -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

# Write everything that is made from the registries: tables of documents, catalogues, tests/links.tsv.
generate: $(VENV)/test.stamp
	$(BIN)/python -m tools.generate

previews: $(VENV)/test.stamp
	$(BIN)/python tools/support/chromium.py --install
	$(BIN)/python -m tools.previews

# List texts without a translation and fail if there are any; to be run before a release.
translations: $(VENV)/test.stamp
	$(BIN)/python -m tools.catalogues

# Build a release in dist/ up to the tag, which the command prints.
release: test thorough translations
	$(BIN)/python -m tools.release

COMPILE := $(BIN)/pip-compile --quiet --no-header --strip-extras --allow-unsafe --generate-hashes \
	--no-emit-index-url --no-emit-find-links

lock: $(VENV)/test.stamp
	$(COMPILE) --extra serve --extra redis --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra serve --extra redis --extra test --extra docs --extra release --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) node_modules docs/_build build dist *.egg-info look .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Create .venv. Debian's Python lacks the venv module: install it as root, or else say how.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Losslab needs Python 3.11 or newer; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv; } \
	  || { echo "Losslab needs Python's venv module: sudo apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml setup.py requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: pyproject.toml setup.py requirements-test.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@ $(VENV)/run.stamp

# Install the JavaScript tools of package-lock.json, without running scripts of theirs; no part of `make run`.
$(JS): package.json package-lock.json | $(VENV)/test.stamp
	@$(NODE) --install
	@touch $@
