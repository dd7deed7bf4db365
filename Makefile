# Everything a newcomer needs: make run, make test, make check.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
.DEFAULT_GOAL := run
.PHONY: run test check lint install install-dev translations pictures catalogues asvs audit bench soak

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The venv module is missing: install the package python3-venv."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the house runs on (once)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# Only where several workers tell each other what is new.
$(VENV)/.installed-scale: requirements-scale.txt $(VENV)/.installed
	@echo "Installing what several workers need (once)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-scale.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-scale.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need (once)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(VENV)/.installed $(VENV)/.installed-scale $@

install: $(VENV)/.installed $(if $(REDIS_URL),$(VENV)/.installed-scale)
install-dev: $(VENV)/.installed-dev

translations: $(VENV)/.installed
	@$(PY) -m app.web.catalogues

catalogues: $(VENV)/.installed
	@pot=$$(mktemp) && \
	$(VENV)/bin/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output -o $$pot app && \
	$(VENV)/bin/pybabel --quiet update -i $$pot -d app/translations --no-fuzzy-matching --no-wrap --ignore-obsolete \
		--ignore-pot-creation-date && \
	rm -f $$pot
	@echo "Now fill the entries that are empty; make test ARGS=tests/rules/test_languages.py says which."

run: install translations
	@exec $(PY) -m app.server --prepare

# Three workers for two cores: much of a test is waiting for a server, a browser or the clock of a socket.
test: install-dev translations
	@$(PY) -m pytest -n 3 --dist loadscope --no-loadscope-reorder $(ARGS)

lint: install-dev
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy app
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint --quiet --lint app/templates

# Take one control away at a time (docs/asvs.toml): the tests that prove it must fail. ARGS: some switches or numbers.
asvs: install-dev translations
	@$(PY) -m tests.security.off $(ARGS)

# What PyPI knows of the versions that are pinned here. Away, it says so; make check does without.
audit: install-dev
	@$(PY) -m tests.security.audit

# Ratios beside a reference of the same run: bench/results/*.json. ARGS="claims week" runs only these.
bench: install-dev translations
	@$(PY) -m bench $(ARGS)

# An hour of kills, a bad network and a database that is away, with 500 sockets: bench/results/soak.json.
# ARGS="--minutes 5 --sockets 100", --engine postgresql, --workers 2, --seed N.
soak: install-dev translations
	@$(PY) -m tests.faults.soak $(ARGS)

# The pictures of the README, from the demo house.
pictures: install-dev translations
	@$(PY) -m docs.pictures.take $(ARGS)

check: lint test
