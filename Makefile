# One line each over the command `spiral`; `make help` lists them.
# Settings: FIGURES=1 CLASSES="3 5" ACTIVATIONS=tanh WIDTHS="120 80 40 3" FILMS=row FORMATS=mp4 QUALITY=720p30 ASPECT=9:16 SEED=7 EPOCHS=2000
#           LENGTH=12 TIMELINE=log THEME=light RECIPE=my.toml OUT=folder JOBS=2

VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TESTABLE := $(VENV)/.testable

OPTIONS := $(if $(RECIPE),--recipe "$(RECIPE)") $(if $(CLASSES),--classes $(CLASSES)) \
	$(if $(ACTIVATIONS),--activations $(ACTIVATIONS)) $(if $(WIDTHS),--widths $(WIDTHS)) $(if $(FILMS),--films $(FILMS)) \
	$(if $(FORMATS),--formats $(FORMATS)) $(if $(QUALITY),--quality $(QUALITY)) $(if $(ASPECT),--aspect $(ASPECT)) \
	$(if $(SEED),--seed $(SEED)) $(if $(EPOCHS),--epochs $(EPOCHS)) \
	$(if $(LENGTH),--seconds $(LENGTH)) $(if $(TIMELINE),--timeline $(TIMELINE)) \
	$(if $(THEME),--theme $(THEME)) $(if $(filter-out 0 false no,$(FIGURES)),--figures) $(if $(OUT),--out "$(OUT)") $(if $(JOBS),--jobs $(JOBS))

.DEFAULT_GOAL := help
.PHONY: help setup lock licences render preview test snapshots coverage mutation lint bench torture agreement optima parity gallery clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## install system packages and a virtual environment (render and test do it too)

$(READY): pyproject.toml $(wildcard locks/*.lock) scripts/setup.sh
	@PYTHON="$(PYTHON)" scripts/setup.sh $(VENV)

lock:  ## renew locks/ from pyproject.toml, with hashes, and docs/licences.md; UPGRADE=1 takes newer versions
	@[ -x $(BIN)/uv ] || PYTHON="$(PYTHON)" scripts/setup.sh $(VENV)
	@$(BIN)/python -m scripts.lock $(if $(UPGRADE),--upgrade)

licences: $(READY)  ## list the licences of all dependencies, into docs/licences.md
	@$(BIN)/python -m scripts.licences

render: $(READY)  ## train and film what is missing, into renders/
	@$(BIN)/spiral render $(OPTIONS)

preview: $(READY)  ## a small, quick version of everything, into renders/preview/
	@$(BIN)/spiral render --preview $(OPTIONS)

test: $(TESTABLE)  ## run the tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile

snapshots: $(READY)  ## accept the trajectories of the default networks as they are, and say what changed
	@$(BIN)/python -m pytest -q tests/training/test_default_networks.py --trajectory-update

$(TESTABLE): $(READY) scripts/test-programs.sh
	@scripts/test-programs.sh && touch $@

coverage: $(READY)  ## tests of data, trajectory and analysis: 95 % of their lines and 90 % of their branches
	@$(BIN)/python -m scripts.coverage

mutation: $(READY)  ## change the code of trajectory and analysis and count what tests notice, into docs/mutation.md; MINUTES=60
	@$(BIN)/python -m scripts.mutation $(if $(MINUTES),--minutes $(MINUTES)) $(if $(JOBS),--jobs $(JOBS))

lint: $(READY)  ## style, types, spelling and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/lint-imports && $(BIN)/codespell

bench: $(READY)  ## measure speed beside what people use instead; ONLY="4 7" runs some figures
	@$(BIN)/python -m benchmarks.bench $(if $(ONLY),--only $(ONLY))

torture: $(TESTABLE)  ## kill, fill, cut off, attack: the figures of docs/reliability.md; PARTS="killed full" some of them
	@$(BIN)/python -m tests.torture $(PARTS)

agreement: $(READY)  ## compare with the original experiment over ten seeds, into docs/agreement.md
	@$(BIN)/python benchmarks/agreement.py

optima: $(READY)  ## search for the best packings again, into the shipped table and docs/packing.md
	@$(BIN)/python -m benchmarks.optima

parity: $(READY)  ## directions of the classes beside the original's, three seeds, into docs/seed-parity.md
	@$(BIN)/python -m benchmarks.parity

gallery: render  ## a page of it all, in renders/gallery/: a table in step, any network live
	@$(BIN)/spiral gallery $(filter-out --figures,$(OPTIONS))

clean:  ## remove everything that was made, the virtual environment apart
	rm -rf renders media slides .pytest_cache .mypy_cache .ruff_cache
