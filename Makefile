# Two commands matter: `make serve` and `make test`. Each makes what it needs.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
  $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

# Where it is set, every process that a test starts compiles all of ours anew (0.4 s of CPU each).
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve install test test-quick test-distributed fuzz bench lint types pins clean

serve: $(VENV)/.installed
	@$(BIN)/kb ingest corpus --quiet
	@$(BIN)/kb serve

install: $(VENV)/.installed

# Pinned and hashed; the project itself is linked, so that a change is seen at once.
$(VENV)/.installed: requirements/run.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 または 3.13 が必要です。"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed requirements/dev.txt
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Browser tests need Chromium: taken from Debian's packages where that is allowed,
# otherwise they are named as skipped.
test: $(VENV)/.tested
	@sh tests/browser/get-chromium.sh
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term:skip-covered --durations=25 $(PYTEST)

test-quick: $(VENV)/.tested
	$(BIN)/python -m pytest -n 2 -m "not browser and not slow" $(PYTEST)

# New examples for every property, as often as wanted; `make test` tries the same ones each time.
fuzz: $(VENV)/.tested
	HYPOTHESIS_PROFILE=new $(BIN)/python -m pytest -n 2 -m "not browser and not slow" \
	  $$(grep -rl hypothesis tests --include='test_*.py') $(PYTEST)

# What this version has of a distributed installation: several processes on one data folder.
test-distributed: $(VENV)/.tested
	$(BIN)/python -m pytest tests/distributed $(PYTEST)

bench: $(VENV)/.tested
	$(BIN)/python -m tests.bench.acceptance ../shared/data/acceptance/queries.csv
	$(BIN)/python -m tests.bench.pages ../shared/data/pdf
	$(BIN)/python -m tests.bench.speed --records 100000
	$(BIN)/python -m tests.bench.requests --records 100000 --hostile --sync
	$(BIN)/python -m tests.bench.suggestions --records 100000
	$(BIN)/python -m tests.bench.relevance --docs ../shared/data/ir/jaquad/train.docs.jsonl.gz \
	  --queries ../shared/data/ir/jaquad/train.queries.jsonl.gz --qrels ../shared/data/ir/jaquad/train.qrels.txt
	$(BIN)/python -m tests.bench.relevance --pairs ../shared/data/ir/togikai_qa/pairs.jsonl
	$(BIN)/python -m tests.bench.relevance --pairs ../shared/data/ir/togikai_qa/pairs.jsonl --subject
	$(BIN)/python -m tests.bench.extraction ../shared/data/pdf
	$(BIN)/python -m tests.bench.ingest ../shared/data/pdf
	$(BIN)/python -m tests.bench.hostile ../shared/data/hostile
	$(BIN)/python -m tests.bench.ocr ../shared/data/truth --pages 1
	$(BIN)/python -m tests.bench.likeness ../shared/data/pdf
	$(BIN)/python -m tests.bench.recognition ../shared/data/recognition/labels.csv

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.tested
	$(BIN)/mypy

# Needs uv; records no address of a registry.
pins:
	uv pip compile pyproject.toml requirements/build.in --universal --python-version 3.11 \
	  --generate-hashes --no-header -q -o requirements/run.txt
	uv pip compile pyproject.toml requirements/build.in requirements/dev.in --universal \
	  --python-version 3.11 --generate-hashes --no-header -q -o requirements/dev.txt
	uv pip compile requirements/corpus.in --universal --python-version 3.11 \
	  --generate-hashes --no-header -q -o requirements/corpus.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* build dist
