# Two commands on a fresh machine: make run, make test. Bare `make` prints all of them.
UV := $(or $(shell command -v uv),.uv/bin/uv)
PY := .venv/bin/python

help:  ## print this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/ready  ## the site with the demo, and its worker, on http://127.0.0.1:8000
	@.venv/bin/interlock run

test: .venv/ready  ## every test that this machine can run, naming those it did not
	@$(PY) -m pytest -n auto $(ARGS)

check: .venv/ready  ## style, types, import contracts, migrations, translations, licences
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djangofmt --check $$(git ls-files '*.html')
	.venv/bin/mypy interlock
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m interlock translate --check
	$(PY) -m pytest tests/house

oracle: .venv/ready .oracle/ready .elections/ready .network/ready .places/ready  ## what other libraries say, asked again in environments of their own
	$(PY) -m tests.oracle.check --against .oracle/bin/python $(ARGS)
	$(PY) -m tests.oracle.deciding_check --against .elections/bin/python $(ARGS)
	$(PY) -m tests.oracle.network_check --against .network/bin/python $(ARGS)
	$(PY) -m tests.oracle.places_check --against .places/bin/python $(ARGS)

standard: .venv/ready .standard/ready  ## packages of OCDS asked of the standard's own checker
	STANDARD=1 REQUIRE_ALL=1 INTERLOCK_DATA=.standard PYTHONPATH=.standard/lib \
	  $(PY) -m pytest -n 0 tests/methods/formats/ocds tests/commands/test_export.py $(ARGS)

lock: $(UV)  ## choose the newest versions again, for every Python from 3.11 on
	$(UV) pip compile --universal --python-version 3.11 --extra web --extra pdf --extra export --group dev --generate-hashes --no-header --no-annotate --upgrade -o requirements.lock pyproject.toml

clean:  ## remove the environment and caches; var/ (the database) stays
	rm -rf .venv .oracle .elections .network .places .standard .uv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# uv stays outside .venv, because it may rebuild .venv with another Python.
.uv/bin/uv:
	@echo "Setting up (once, about half a minute) …"
	@python3 -m pip --version >/dev/null 2>&1 && python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv uv \
	  || { python3 -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check uv; } \
	  || { echo "This needs: sudo apt install python3-venv make git"; exit 1; }

.venv/ready: requirements.lock pyproject.toml CHANGELOG.md | $(UV)
	@$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	@$(UV) pip sync --quiet --python $(PY) --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

# pabutools is GPL and brings a proprietary solver: docs/decisions/008-oracle.md.
.oracle/ready: tests/oracle/requirements.txt | $(UV)
	@$(UV) venv --quiet --clear --python '>=3.11' .oracle
	@$(UV) pip sync --quiet --python .oracle/bin/python tests/oracle/requirements.txt
	@touch $@

# pref_voting and votelib need another numpy than pabutools: docs/decisions/017-deciding.md.
.elections/ready: tests/oracle/deciding.txt | $(UV)
	@$(UV) venv --quiet --clear --python '>=3.11' .elections
	@$(UV) pip sync --quiet --python .elections/bin/python tests/oracle/deciding.txt
	@touch $@

# krippendorff is GPL, and rustworkx is asked here only: docs/decisions/019-networks.md.
.network/ready: tests/oracle/network.txt | $(UV)
	@$(UV) venv --quiet --clear --python '>=3.11' .network
	@$(UV) pip sync --quiet --python .network/bin/python tests/oracle/network.txt
	@touch $@

# statsmodels and esda bring pandas, scikit-learn and GDAL: docs/decisions/008-oracle.md.
.places/ready: tests/oracle/places.txt | $(UV)
	@$(UV) venv --quiet --clear --python '>=3.11' .places
	@$(UV) pip sync --quiet --python .places/bin/python tests/oracle/places.txt
	@touch $@

# libcoveocds brings fifty packages, and the schemas are in none of them: docs/decisions/016-ocds.md.
.standard/ready: tests/oracle/standard.py tests/oracle/standard.txt | $(UV)
	@$(UV) pip install --quiet --python $(PY) --target .standard/lib --requirement tests/oracle/standard.txt
	@PYTHONPATH=.standard/lib $(PY) tests/oracle/standard.py .standard/schemas/ocds-1.1.5.zip
	@touch $@

.PHONY: help run test check oracle standard lock clean
