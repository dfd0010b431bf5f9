# Everything lives in .venv beside this file. The first start sets it up; later ones need neither pip nor the internet.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PIP = .venv/bin/python -m pip install -qq --disable-pip-version-check --compile
RUN = PATH="$$PWD/.venv/bin:$$PATH" .venv/bin/python -m

.PHONY: help lab test quick lint coverage build clean

help:
	@echo 'make lab     open the workshop in the browser'
	@echo 'make test    run every test'
	@echo 'make quick   run the tests that need no browser, no nbgrader and no cluster'
	@echo 'make lint    check style and types of the code'
	@echo 'make build   make the notebooks and exercises from their texts'
	@echo 'make clean   remove what can be made again; answers stay'

lab: .venv/lab-ready
	@$(RUN) workshop lab

test: .venv/test-ready lint
	@sh tests/support/get_browser.sh
	@$(RUN) pytest

quick: .venv/test-ready
	@$(RUN) pytest -m quick

lint: .venv/test-ready
	@$(RUN) ruff check --quiet
	@$(RUN) ruff format --quiet --check
	@$(RUN) mypy

coverage: .venv/test-ready
	@sh tests/support/get_browser.sh
	@$(RUN) coverage erase
	@$(RUN) coverage run -m pytest
	@$(RUN) coverage combine --quiet
	@$(RUN) coverage report

build: .venv/lab-ready
	@$(RUN) workshop build

clean:
	@rm -rf .venv .workshop .pytest_cache .hypothesis .mypy_cache .ruff_cache .coverage* src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/lab-ready: pyproject.toml
	@test -n '$(PYTHON)' && '$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'The workshop needs Python 3.11 or newer. If you have it: make lab PYTHON=/path/to/python'; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'This Python lacks its venv module. On Debian or Ubuntu: sudo apt install python3-venv'; exit 1; }
	@echo 'Setting up. This happens once, needs the internet and takes a few minutes.'
	@'$(PYTHON)' -m venv .venv
	@$(PIP) --editable .
	@.venv/bin/python -m compileall -q src
	@touch $@

.venv/test-ready: .venv/lab-ready
	@$(PIP) --editable '.[test]'
	@touch $@
