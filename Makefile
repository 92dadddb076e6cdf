# Few targets; `make` alone lists them. .venv is made anew when pyproject.toml changes.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help test lint format bench soak docs pictures

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install -q -e '.[dev]'
	touch .venv/ready

test: .venv/ready ## run every test (fetches the embedded model's weights once)
	MAPGEN_MODELS_DIR=.models .venv/bin/mapgen model pull
	.venv/bin/pytest -n auto

lint: .venv/ready ## style, types, import contracts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format: .venv/ready ## put the code into shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: .venv/ready ## measure speed and size; writes evals/speed/RESULTS.md
	.venv/bin/python evals/speed/run.py

soak: .venv/ready ## 1,000 maps while requests fail, and what they leave; writes evals/faults/SOAK.md
	.venv/bin/python evals/faults/soak.py

docs: .venv/ready ## write the generated parts of the documents, and of the page, anew
	.venv/bin/python tests/assets.py
	.venv/bin/python tests/docs.py

pictures: .venv/ready ## make the examples and README's screenshots anew (needs chromium)
	PYTHONPATH=. .venv/bin/python tests/pictures.py
