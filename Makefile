# Each target is a line or two that calls the real tools; `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BOOK_OPTIONS ?=
TEST_OPTIONS ?=
PDF_OPTIONS ?=
SERVE_OPTIONS ?=
# Beside the environment, not in it: uv lays it over for this one run.
MUTMUT := mutmut==3.8.1

BIN := $(VENV)/bin
SITE := book/_build/html

.DEFAULT_GOAL := help
.PHONY: help html serve zip pdf check-pdf test test-fast check check-site check-notebooks build-twice bench data chromium update clean coverage mutants

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

html: $(VENV)/installed data ## build the site (first time about 15 minutes, later seconds)
	@$(BIN)/python tools/check_settings.py book
	@echo "== Building the book. The first time every cell runs: about 10 minutes; later those of a page that changed. =="
	$(BIN)/jupyter-book build book/ $(BOOK_OPTIONS)
	@echo "Open this page: $(abspath $(SITE)/index.html)"

zip: ## pack the built site: unpack it anywhere and open index.html, no network needed (seconds)
	@test -f $(SITE)/index.html || { echo "no site yet: run make html first"; exit 1; }
	$(BIN)/python tools/make_zip.py $(SITE) book/_build/d2l-notes-3-site.zip

serve: $(VENV)/installed data ## show the site at http://127.0.0.1:8000, built again at every save
	@$(BIN)/python tools/check_settings.py book
	$(BIN)/jupyter-book config sphinx book/
	$(BIN)/python tools/serve.py $(SERVE_OPTIONS)

pdf: $(VENV)/installed data ## typeset the book: Chinese, English, both, phone (10 minutes after make html)
	$(BIN)/python tools/make_pdf.py $(EDITIONS) $(PDF_OPTIONS) --options="$(BOOK_OPTIONS)"

check-pdf: $(VENV)/installed ## look at the PDFs and compare them with the site (1 minute)
	$(BIN)/python tools/check_pdf.py

test: $(VENV)/installed chromium ## run every test (3 minutes on two processors)
	$(BIN)/python -m pytest -m "not site" -n 2 --dist loadfile $(TEST_OPTIONS)

test-fast: $(VENV)/installed ## run the quick tests of package and tools (half a minute)
	$(BIN)/python -m pytest -m "not slow and not full_data" -n 2 --dist loadfile \
	    src tests/test_*.py tests/regularization $(TEST_OPTIONS)

coverage: ## run every test and list the lines and branches that none reaches (longer than make test)
	$(MAKE) test TEST_OPTIONS="--cov --cov-report= $(TEST_OPTIONS)"
	$(BIN)/coverage report --include 'src/*' --fail-under 98
	$(BIN)/coverage report --include 'book/_ext/*' --fail-under 95

check: $(VENV)/installed ## style, forgotten twins, and all faults of the text; no cell runs (1 minute)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/drift.py book
	$(BIN)/python tools/check_book.py book

mutants: $(VENV)/installed ## break the modules on purpose, does a test notice? MODULES="losses metrics" (about 30 minutes for all)
	OMP_NUM_THREADS=1 $(BIN)/uv run --quiet --no-project --python $(BIN)/python --with "$(MUTMUT)" python tools/mutants.py $(MODULES)

check-site: $(VENV)/installed chromium ## look at the built site in Chromium (7 minutes on two processors)
	@test -f $(SITE)/index.html || { echo "no site yet: run make html first"; exit 1; }
	$(BIN)/python -m pytest -m site -n 2 --dist loadfile $(TEST_OPTIONS)

check-notebooks: $(VENV)/installed ## run every notebook of the zip in a new environment (5 minutes on an idle machine)
	$(BIN)/python tools/run_notebooks.py

build-twice: $(VENV)/installed data ## build the commit twice from nothing, compare every byte (an hour with EDITIONS="zh en both phone")
	$(BIN)/python tools/build_twice.py $(EDITIONS)

bench: $(VENV)/installed data ## measure speed and memory against the course's way (15 minutes)
	@cd benchmarks && for each in epoch floor scaling memory; do ../$(BIN)/python $$each.py || exit 1; done

data: $(VENV)/installed ## find or fetch Fashion-MNIST (30 MB)
	@$(BIN)/python -m d2lnotes.data

chromium:
	@sh tools/get_chromium.sh

update: $(VENV)/installed ## renew requirements.txt, the lock, within the limits of requirements.in
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	    --no-strip-extras --custom-compile-command "make update" requirements.in --output-file requirements.txt

clean: ## remove what was built (not the environment, not the data)
	rm -rf book/_build

$(VENV)/installed: requirements.txt pyproject.toml tools/make_venv.sh
	@sh tools/make_venv.sh "$(PYTHON)" "$(VENV)"
	@echo "== Installing the pinned packages. About 3 minutes; torch is the bulk. =="
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -c "import matplotlib.font_manager"  # its first import writes a cache
	@touch $@
