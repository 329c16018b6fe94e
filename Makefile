# The two commands that matter: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
export PORT

.PHONY: run test test-services check data-check drill bench pictures clean

$(VENV)/product: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/development: $(VENV)/product requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: $(VENV)/product  ## serve on SQLite with demo data
	@bash bin/run

test: $(VENV)/development  ## the whole suite; browser tests are skipped where Chromium is absent
	$(BIN)/pytest -n 2 --dist loadscope -m "not services and not data" --no-migrations

test-services: $(VENV)/development  ## PostgreSQL, Redis and a real worker; see docs/building.md
	$(BIN)/pytest -n 2 --dist loadscope -m "not browser and not data"

DRILLS := feedback/tests/test_concurrency.py feedback/tests/test_drill_personal_data.py \
	scoreboard/tests/test_exactness.py home/tests/test_services.py home/tests/test_access.py

drill: $(VENV)/development  ## what must hold when things go wrong; PostgreSQL and Redis; see docs/drills.md
	$(BIN)/pytest -n 2 --dist loadscope -m "not browser and not data" $(DRILLS)

check: $(VENV)/development  ## lint, types, templates, import contract, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

data-check: $(VENV)/development  ## the whole files of the data folder
	SHARED=$(SHARED) $(BIN)/pytest -m data

bench: $(VENV)/development  ## ratios measured side by side; writes docs/benchmarks.md; ANSWERS=1000000 is shorter
	ANSWERS=$(ANSWERS) $(BIN)/python -m benchmarks

pictures: $(VENV)/development  ## the screenshots of docs/look, from the running demo
	$(BIN)/python bin/pictures.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
