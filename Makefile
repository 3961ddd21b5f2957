.DEFAULT_GOAL := help
.PHONY: help run test check format bench reference clean

BIN := .venv/bin
SOURCES := app.py pages engine tests benchmarks tools

help: ## what each command does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: .venv/installed ## start the dashboard with its worker and print the address
	@$(BIN)/streamlit run app.py

test: .venv/installed-dev ## run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/installed-dev ## format, lint, types, import contracts
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: .venv/installed-dev ## bring the code into the format that check wants
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

bench: .venv/installed-dev ## measure speed and memory, both sides in one run
	@$(BIN)/python -m benchmarks

reference: .venv/installed-dev ## compute the results that ship with the project anew
	@$(BIN)/python -m tools.make_reference

clean: ## remove the virtual environment and caches
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/installed: requirements.txt tools/make_venv.sh
	@tools/make_venv.sh requirements.txt $@

.venv/installed-dev: requirements.txt requirements-dev.txt tools/make_venv.sh
	@tools/make_venv.sh requirements-dev.txt $@
	@touch .venv/installed
