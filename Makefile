# What a newcomer types. Long recipes live in scripts/.
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE :=  # else each worker and process compiles all anew
.PHONY: setup setup-test check fix quick test test-services demo bench lock clean

setup:            ## system packages and .venv/bin/chartfiler
	@scripts/setup run

setup-test:
	@scripts/setup run test

check: setup      ## style, types and walls
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

fix: setup        ## mend what a machine can mend
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

quick: setup      ## the tests that need no recognition, kills or browser
	$(PY) -m pytest -n auto --dist worksteal -m "not slow and not services"

test: setup-test  ## all tests, with coverage of pipeline/
	$(PY) -m pytest -n auto --dist worksteal -m "not services" --cov --cov-report=term:skip-covered --cov-fail-under=90

test-services:    ## the object-store contracts and one journey on a real S3 server
	@scripts/test-services

demo: setup       ## file the sample scans, then serve the clerk's page (SERVE=0: stop)
	@SERVE=$(or $(SERVE),1) scripts/demo

bench: setup      ## measure; docs/measures.md
	@scripts/bench

lock: setup       ## choose versions again, from pyproject.toml
	@scripts/lock

clean:            ## what setup and tests made; never a data folder
	rm -rf .venv build .s3 .coverage* htmlcov *.egg-info
