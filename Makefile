# Every command a newcomer needs; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
SOURCES := $(wildcard *.py models reports portal views survey_forms tests scripts)

.PHONY: help run texts demo-reset db db-roles setup setup-dev migration lint fix test proof rest cover mutants bench pictures drill drill-upgrade drill-restore attack faults sbom lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

setup:
	@scripts/setup.sh runtime

setup-dev:
	@scripts/setup.sh dev

run: setup ## install what is missing, make database and demonstration data, serve on 127.0.0.1:$PORT (8000)
	@exec $(PY) run.py start

# an installation's code belongs to root: what Python and the portal would write beside it is made once
texts: setup ## compile the Thai texts and the code, where nobody may write to it while it serves
	@$(PY) -c "from portal.core import texts; texts.compile_catalogues(texts.FOLDER.rglob('*.po'))"
	@$(PY) -m compileall -q config.py run.py migrations models portal reports survey_forms views

demo-reset: setup ## throw the demonstration away and make it anew
	@$(PY) run.py demo-reset

db: setup ## bring the database to the newest migration
	@$(PY) run.py db-upgrade

db-roles: setup ## print the SQL that makes PostgreSQL's roles (run once by a superuser)
	@$(PY) run.py db-roles

migration: setup-dev ## write a migration from the difference between models and database: NAME=what_it_does
	@$(PY) run.py new-migration "$(NAME)"

lint: setup-dev ## ruff, mypy, import-linter, djlint
	$(PY) -m ruff check $(SOURCES)
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m mypy
	.venv/bin/lint-imports
	@templates="$$(git ls-files '*/templates/*.html')"; \
		if [ -n "$$templates" ]; then $(PY) -m djlint --lint --quiet $$templates; fi

fix: setup-dev ## mend what the linters can mend themselves
	$(PY) -m ruff check --fix $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

# three workers on two cores: browsers and databases make each of them wait
test: setup-dev ## tests: all on SQLite; access, races, core and boxes on PostgreSQL too (10 minutes at most)
	$(PY) -m pytest -n 3 --dist worksteal -m "not proof and not long" --db=marked

proof: setup-dev ## every test on both databases, with the long ones (30 minutes at most)
	$(PY) -m pytest -n 3 --dist worksteal --db=both

# the whole proof where `make test` ran before, as .ci/run has it: nothing twice
rest: setup-dev ## what `make proof` has beyond `make test`
	$(PY) -m pytest -n 3 --dist worksteal --db=rest

cover: setup-dev ## branches of each module that tests reach which are no fences, journeys or browsers; held
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest -q -n 3 --dist worksteal -m "not proof and not browser" --db=sqlite \
		--ignore tests/fences --ignore tests/journeys
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report
	@$(PY) -m coverage json -q -o .coverage.json
	@$(PY) scripts/hold_coverage.py .coverage.json

# outside CI; what it needs comes into .venv with this target only
mutants: setup-dev ## faults put into the rules, one by one: which does no test notice? Stops and goes on; MODULES="models/windows.py"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/mutants.txt
	@$(PY) -m scripts.mutants $(MODULES)

bench: setup ## measure and print the figures
	@$(PY) run.py bench

pictures: setup-dev ## the pictures of the guides, made anew from a demonstration: look at every one
	@$(PY) -m tests.journeys.pictures

# it reads the codes off printed slips, with poppler-utils
drill: setup-dev ## the whole assessment on the real registry (REFERENCE_DIR), counted against its plan; and who falls behind
	@$(PY) run.py drill
	@$(PY) run.py drill-behind

drill-restore: setup-dev ## back this database up, restore it in another place, and prove that all is there
	@$(PY) run.py drill-restore

attack: setup-dev ## link people with answers by all that a thief gets, on both databases, beside chance
	@$(PY) run.py attack

drill-upgrade: setup-dev ## a new release comes, goes and comes again while people answer, on both databases
	@$(PY) run.py drill-upgrade

faults: setup-dev ## break everything while people answer, on both databases, and count each acknowledged answer
	@$(PY) run.py faults

sbom: setup-dev ## write the bill of materials (CycloneDX) to build/sbom.cdx.json, checked against its schema
	@$(PY) -m scripts.sbom

lock: setup-dev ## resolve requirements/*.in anew (needs uv on the path)
	cd requirements && for name in runtime dev mutants; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --custom-compile-command "make lock" --upgrade $$name.in -o $$name.txt || exit 1; done

clean: ## remove the virtual environment and caches (never instance/)
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis htmlcov
