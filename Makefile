# make run      the main job on the bundled sample newsroom
# make serve    the reading room on what `make run` left, at http://localhost:8765
# make test     all tests        make check   lint, types, fast tests (a minute)
# make test-engines   streams on Prism and Flink, which it gets; a job for Dataflow, checked
# make install  .venv with parley in it
# make dist     a wheel and a source distribution in dist/
# make bench    speed of the core and of whole runs
# make accuracy GOLD=DIR   how right annotate is on pages that people marked
# make lock     pin all dependencies anew, after setup.py changed

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PACKAGES := schemas transforms connectors pipelines

.PHONY: run serve install test test-engines engines check dist bench accuracy lock docs clean

run: $(VENV)/.installed
	@mkdir -p build && rm -f build/sample.db build/sample.db-* build/alerts.xml
	cd build && ../$(BIN)/parley run sample --recorded sample --archive sqlite:///sample.db
	@echo "Atom file: build/alerts.xml    Archive: build/sample.db"

serve: $(VENV)/.installed
	cd build && ../$(BIN)/parley serve --archive sqlite:///sample.db

install: $(VENV)/.installed

# What is installed is what was tested: the lock files name every package with its hashes, so pip
# has nothing to resolve. --no-deps says so; without it the pips of Python 3.10 to 3.12 look
# beyond the lock for extras such as coverage[toml]. `pip check` proves that nothing is missing.
PIP         = $(BIN)/python -m pip --disable-pip-version-check
INSTALL     = $(PIP) install --quiet --no-deps
FAILED      = { echo "make: installing failed; the lines above name the package. Check the network and your"; \
                echo "      package index, then run make again: it goes on where it stopped."; exit 1; }

$(VENV)/.installed: setup.py deploy/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Parley needs Python 3.10 or later: make PYTHON=python3.12 …"; exit 2; }
	@echo "Installing Parley into $(VENV): two to four minutes, once."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 2; }
	@$(INSTALL) --require-hashes -r deploy/requirements.txt || $(FAILED)
	@$(INSTALL) --editable . || $(FAILED)
	@$(PIP) check
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed deploy/requirements-dev.txt
	@echo "Installing the developers' tools: a minute or two, once."
	@$(INSTALL) --require-hashes -r deploy/requirements-dev.txt || $(FAILED)
	@$(PIP) check
	@touch $@

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest

# All that a machine can have: Prism, Flink, Pub/Sub's server, PostgreSQL, Dataflow's own check of a
# job. None is skipped.
test-engines: $(VENV)/.installed-dev
	tests/engines/run.sh $(BIN)/python

engines: $(VENV)/.installed-dev
	tests/engines/install.sh $(BIN)/python

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not slow and not engines"

# The wheel is built from the source distribution, so that what one lacks the other lacks, too.
dist: $(VENV)/.installed-dev
	rm -rf dist *.egg-info
	$(BIN)/python -m build --no-isolation --outdir dist .

bench: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/throughput.py
	$(BIN)/python tests/bench/growth.py
	$(BIN)/python tests/bench/memory.py --sizes 1000,10000,100000

# GOLD: one or more folders, each with pages.jsonl and statements.jsonl; tests/bench/accuracy.py
# describes them.
accuracy: $(VENV)/.installed-dev
	@[ -n "$(GOLD)" ] || { echo "make: name a folder of marked pages: make accuracy GOLD=DIR"; exit 2; }
	$(BIN)/python -W ignore tests/bench/accuracy.py $(GOLD)

docs: $(VENV)/.installed-dev
	$(BIN)/python tests/support/data_dictionary.py > schemas/README.md
	PYTHONPATH=.:tests $(BIN)/python -m support.file_schemas

# The lock files: what users need, with the developers' tools, with what images run.
COMPILE = build/lock/bin/uv pip compile setup.py --universal --python-version 3.10 \
	--generate-hashes --no-emit-find-links --no-annotate --no-header --quiet
lock:
	$(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install --quiet uv
	$(COMPILE) --extra serve --output-file deploy/requirements.txt
	$(COMPILE) --extra dev --extra serve --output-file deploy/requirements-dev.txt
	$(COMPILE) --extra apprise --extra metrics --extra postgresql --extra pubsub --extra serve \
		--extra warc --constraints deploy/requirements-dev.txt --output-file deploy/requirements-container.txt
	$(COMPILE) --extra dataflow --extra meaning --extra postgresql --extra pubsub \
		--constraints deploy/requirements-dev.txt --output-file deploy/requirements-stream.txt

clean:
	rm -rf $(VENV) build dist *.egg-info
