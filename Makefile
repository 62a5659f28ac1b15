# 悠閱 Youyue. `make` alone lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run demo test check references bench lock format mutants fuzz clean set-up
SHELL := /bin/sh
BIN := .venv/bin
FROM := 1
TO := 5
RUNS := 1000000
PYTHON := $(BIN)/python

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: set-up ## the demo: a city, a registry, two kiosks (HEADLESS=1 plays the story by itself; ARGS="--help" is passed on)
	$(BIN)/youyue demo $(ARGS)

demo: run ## the same

test: set-up ## every test, the installed wheel's too, with the promised coverage
	packaging/run-tests $(ARGS)

check: set-up ## all that CI runs: format, lint, types, walls, QML, tests, headless demo
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	packaging/qml-lint
	packaging/run-tests
	HEADLESS=1 timeout 300 $(BIN)/youyue demo

references: set-up ## draw the reference images of the screens anew (tests/ui/pictures); look at what git shows as changed
	$(PYTHON) -m tests.ui.references

bench: set-up ## measures with their limits (SCALE=city for the city's size)
	$(PYTHON) -m benchmarks $(ARGS)

soak: set-up ## what takes long: power cuts, a full disk, kill -9 at every moment and of the registry, delays, card readers yanked and restarted, scanners unplugged, big simulated worlds; goes on where it stopped (IMAGES=20000 KILLS=200 CALL_KILLS=5000 REGISTRY_KILLS=30 TAPS=200 PCSCD_KILLS=50 UNPLUGS=1000 READERS=4 SCANNER_UNPLUGS=200 FROM=1 TO=500)
	timeout 3600 $(PYTHON) -m pytest -p no:cacheprovider -q -s tests/soak $(ARGS)
	$(PYTHON) -m tests.simulation --big --from $(FROM) --to $(TO) --state build/worlds

fuzz: set-up ## a million inputs made for each parser of bytes from outside, with counters (RUNS=1000000; ARGS="--help" is passed on)
	$(PYTHON) -m pip --disable-pip-version-check --no-input --quiet install --no-deps --require-hashes --only-binary :all: -r requirements/fuzz.txt
	$(PYTHON) -m tests.fuzz --runs $(RUNS) $(ARGS)

format: set-up ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: set-up ## resolve the dependencies anew into requirements/
	packaging/lock $(ARGS)

mutants: set-up ## break the policy in every small way, every rule of the programme and of the synchronisation once, and see that a test notices
	$(BIN)/mutmut run
	$(PYTHON) -m tests.rules $(ARGS)
	$(PYTHON) -m tests.simulation.mutants

clean: ## remove what can be made again (the virtual environment stays)
	rm -rf build dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage

set-up:
	@packaging/setup
