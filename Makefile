# Two commands do everything: `make train` runs the main job on real data, `make test` passes all the tests.
# Python >= 3.11 and make must be there; the rest is installed into .venv (and GNU Octave by the system's packages).

VENV := .venv
BIN := $(VENV)/bin
OCTAVE_TESTS := cd octave_reference; runTests

.PHONY: train test lint types octave-tests pytest octave docs dist benchmark benchmark-quick clean help

help:
	@echo "make train             set up, then train the course's network on the shipped digits"
	@echo "make test              set up with GNU Octave, then run every check and test"
	@echo "make benchmark         measure against the peers (see benchmarks/README.md)"
	@echo "make benchmark-quick   the same in under a minute, without peers to install"
	@echo "make docs              build the documentation into site/"
	@echo "make dist              build wheel and sdist, check them, and try them in clean environments"
	@echo "make clean             remove what the above made"

train: $(VENV)/.users
	$(BIN)/courseport train

test: lint types octave-tests pytest

lint: $(VENV)/.developers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developers
	$(BIN)/mypy

octave-tests: octave
	octave-cli --norc --no-history --quiet --eval "$(OCTAVE_TESTS)"

pytest: $(VENV)/.developers octave
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

octave:
	@bash .ci/install_octave

docs: $(VENV)/.developers
	$(BIN)/mkdocs build --strict

dist: $(VENV)/.packagers
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	@bash .ci/check_dist dist

benchmark: $(VENV)/.peers octave
	$(BIN)/python -m benchmarks

benchmark-quick: $(VENV)/.developers
	$(BIN)/python -m benchmarks quick

$(VENV)/.python:
	@bash .ci/make_venv $(VENV)
	@touch $@

$(VENV)/.users: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[cli,plots]'
	@touch $@

$(VENV)/.developers: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[all,test]'
	@touch $@ $(VENV)/.users

$(VENV)/.peers: $(VENV)/.developers
	$(BIN)/python -m pip install --quiet --editable '.[benchmark]'
	@touch $@

$(VENV)/.packagers: $(VENV)/.python
	$(BIN)/python -m pip install --quiet build twine
	@touch $@

clean:
	rm -rf $(VENV) output site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
