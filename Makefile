# One line each over the command `spiral`; `make help` lists them.
# Settings: FIGURES=1 CLASSES="3 5" ACTIVATIONS=tanh WIDTHS="120 80 40 3" FILMS=row FORMATS=mp4 QUALITY=720p30 ASPECT=9:16 SEED=7 EPOCHS=2000
#           LENGTH=12 TIMELINE=log LAYOUT=columns NARRATION=voice THEME=light RECIPE=my.toml OUT=folder JOBS=2
#           SCHEDULER=tcp://127.0.0.1:8786 (a Dask cluster that does the work)

override VENV := $(or $(VENV),.venv)
# Those that are given reach the shell as variables, so that spaces and quotes in them do no harm.
SETTINGS := VENV PYTHON RECIPE CLASSES ACTIVATIONS WIDTHS FILMS FORMATS QUALITY ASPECT SEED EPOCHS LENGTH TIMELINE LAYOUT NARRATION THEME OUT JOBS \
	SCHEDULER MINUTES ONLY HISTORY PARTS
$(foreach name,$(SETTINGS),$(if $($(name)),$(eval export $(name))))
RUN := @"$$VENV/bin/python"
SPIRAL := $(RUN) -m spiralcore.cli

OPTIONS := $${RECIPE:+--recipe "$$RECIPE"} $${CLASSES:+--classes $$CLASSES} $${ACTIVATIONS:+--activations $$ACTIVATIONS} \
	$${WIDTHS:+--widths $$WIDTHS} $${FILMS:+--films $$FILMS} $${FORMATS:+--formats $$FORMATS} \
	$${QUALITY:+--quality "$$QUALITY"} $${ASPECT:+--aspect "$$ASPECT"} $${SEED:+--seed "$$SEED"} $${EPOCHS:+--epochs "$$EPOCHS"} \
	$${LENGTH:+--seconds "$$LENGTH"} $${TIMELINE:+--timeline "$$TIMELINE"} $${LAYOUT:+--layout "$$LAYOUT"} \
	$${THEME:+--theme "$$THEME"} \
	$${OUT:+--out "$$OUT"} $${JOBS:+--jobs "$$JOBS"} \
	$${SCHEDULER:+--scheduler "$$SCHEDULER"}
FIGURES_TOO := $(if $(filter-out 0 false no,$(FIGURES)),--figures)

.DEFAULT_GOAL := help
.PHONY: help setup lock licences render preview test test-integrations test-widget snapshots coverage mutation lint docs package image bench ratios torture agreement optima parity sheets gallery clean test-programs

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 20

setup:  ## install system packages and a virtual environment (render and test do it too)
	@scripts/setup.sh "$$VENV"

lock:  ## renew locks/ from pyproject.toml, with hashes, and docs/licences.md; UPGRADE=1 takes newer versions
	@[ -x "$$VENV/bin/uv" ] || scripts/setup.sh "$$VENV"
	$(RUN) -m scripts.lock $(if $(UPGRADE),--upgrade)

licences: setup  ## list the licences of all dependencies, into docs/licences.md
	$(RUN) -m scripts.licences

render: setup  ## train and film what is missing, into renders/
	$(SPIRAL) render $(OPTIONS) $(FIGURES_TOO) $${NARRATION:+--narration "$$NARRATION"}

preview: setup  ## a small, quick version of everything, into renders/preview/
	$(SPIRAL) render --preview $(OPTIONS) $(FIGURES_TOO)

test: test-programs  ## run the tests
	$(RUN) -m pytest --numprocesses auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder --durations 25

test-integrations: setup  ## run the tests of the recorders for other frameworks, in an environment that has these
	$(RUN) -m scripts.integrations integrations

test-widget: test-programs  ## run the test of the widget in a JupyterLab, in an environment that has one
	$(RUN) -m scripts.integrations lab

snapshots: setup  ## accept the trajectories of the default networks as they are, and say what changed
	$(RUN) -m pytest -q tests/training/test_default_networks.py --trajectory-update

test-programs: setup
	$(RUN) -m scripts.programs_for_tests

coverage: setup  ## tests of data, trajectory and analysis: 95 % of their lines and 90 % of their branches
	$(RUN) -m scripts.coverage

mutation: setup  ## change the code of trajectory and analysis and count what tests notice, into docs/mutation.md; MINUTES=60
	$(RUN) -m scripts.mutation $${MINUTES:+--minutes "$$MINUTES"} $${JOBS:+--jobs "$$JOBS"}

lint: setup  ## style, types, spelling and the direction of imports
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy & linux=$$!; \
	"$$VENV/bin/python" -m mypy --cache-dir .mypy_cache/darwin --platform darwin & macos=$$!; \
	"$$VENV/bin/python" -m mypy --cache-dir .mypy_cache/win32 --platform win32 spiralcore scenes pytest_spiralcore.py; \
	windows=$$?; wait $$linux && wait $$macos && exit $$windows
	$(RUN) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(RUN) -m codespell_lib

docs: setup  ## build the site of the documentation, into renders/docs/
	$(RUN) -m scripts.docs

package: setup  ## build a release, wheel and source, into dist/, and check it
	$(RUN) -m scripts.package

image:  ## build the image of the Dockerfile; without docker, as root on Debian, do its steps and make a film
	@"$${PYTHON:-python3}" -m scripts.image

bench: setup  ## measure speed beside what people use instead; ONLY="4 7" runs some figures, HISTORY=1 keeps ratios in the docs
	$(RUN) -m benchmarks.bench $${ONLY:+--only $$ONLY} $${HISTORY:+--history}

ratios: setup  ## measure three ratios of speed in half a minute; prints them and judges nothing
	$(RUN) -m benchmarks.ratios

torture: test-programs  ## kill, fill, cut off, attack: the figures of docs/reliability.md; PARTS="killed full" some of them
	$(RUN) -m tests.torture $$PARTS

agreement: setup  ## compare with the original experiment over ten seeds, into docs/agreement.md
	$(RUN) benchmarks/facts/agreement.py

optima: setup  ## search for the best packings again, into the shipped table and docs/packing.md
	$(RUN) -m benchmarks.facts.optima

parity: setup  ## directions of the classes beside the original's, three seeds, into docs/seed-parity.md
	$(RUN) -m benchmarks.facts.parity

sheets: setup  ## a contact sheet of every film, to be looked at: first, events, last; into renders/sheets/
	$(RUN) -m scripts.sheets $${FILMS:+--films $$FILMS} $${RECIPE:+--recipe "$$RECIPE"} $${ASPECT:+--aspect "$$ASPECT"} \
		$${THEME:+--theme "$$THEME"} $${JOBS:+--jobs "$$JOBS"} $${OUT:+--out "$$OUT/sheets"}

gallery: render  ## a page of it all, in renders/gallery/: a table in step, any network live
	$(SPIRAL) gallery $(OPTIONS)

clean:  ## remove everything that was made, the virtual environment apart
	rm -rf renders media slides .pytest_cache .mypy_cache .ruff_cache
