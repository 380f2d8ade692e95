# Two commands do everything: `make demo` and `make test`. Data of the benchmarks: DATA=folder.

VENV := .venv
# The first of some Pythons whose minor version lies between two: $(call first,NAMES,8,10).
first = $(firstword $(foreach name,$(1),$(if $(shell $(name) -c 'import sys; assert $(2) <= sys.version_info.minor <= $(3)' 2>/dev/null && echo yes),$(name))))
NEWER := python3.14 python3.13 python3.12 python3.11 python3
PYTHON ?= $(or $(call first,python3.10 python3.9 python3.8 python3,8,10),$(call first,$(NEWER),11,14))
# Rasa 3.6 ends at Python 3.10. From 3.11 on, the core's own commands do what is asked for.
RASA_3_6 := $(if $(PYTHON),$(shell $(PYTHON) -c 'import sys; print("yes" if sys.version_info.minor <= 10 else "")'))
PRO_PYTHON ?= $(call first,python3.11 python3.12 python3.13 python3.14 python3,11,14)
PRO_VENV := .venv-pro
PRO_READY := $(PRO_VENV)/.ready
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/.ready
# MkDocs needs newer packages than Rasa can have beside it.
DOCS_PYTHON ?= python3
DOCS_VENV := .venv-docs
DOCS_READY := $(DOCS_VENV)/.ready
PACKAGE_VENV := .venv-package
MODEL := example_bot/models/train_tickets$(if $(RASA_3_6),.tar.gz)
MODEL_ZH := example_bot/zh/models/train_tickets$(if $(RASA_3_6),.tar.gz)

export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

# Libraries that Rasa imports warn of each other's deprecations.
demo demo-zh shell shell-zh bot bot-zh web web-zh $(MODEL) $(MODEL_ZH): export PYTHONWARNINGS := ignore

# "##" after a target is its text here.
help:  ## Show the targets and what they do
	@awk -F ':.*  ## ' '/^[a-z0-9-]+:.*  ## / {printf "%-16s %s\n", $$1, $$2}' Makefile

.PHONY: help docs package pages demo demo-zh test test-pro lint unit test-servers shell shell-zh bot bot-zh web web-zh format clean benchmark benchmark-full benchmark-speed benchmark-against has-data soak audit

demo: $(MODEL)  ## Train the example bot and show what it understands
	$(call show,$(MODEL),example_bot)

demo-zh: $(MODEL_ZH)  ## Train the Chinese example bot and show what it understands
	$(call show,$(MODEL_ZH),example_bot/zh)

shell: $(MODEL)  ## Talk to the example bot
	$(call talk,$(MODEL),example_bot)

shell-zh: $(MODEL_ZH)  ## Talk to the Chinese example bot
	$(call talk,$(MODEL_ZH),example_bot/zh)

bot: $(MODEL)  ## Serve the example bot and its action server, until Ctrl+C
	$(call serve,$(MODEL),example_bot)

bot-zh: $(MODEL_ZH)  ## Serve the Chinese example bot and its action server
	$(call serve,$(MODEL_ZH),example_bot/zh)

web: $(MODEL)  ## Talk to the example bot in a browser, and see what it understands
	$(call browse,$(MODEL),example_bot)

web-zh: $(MODEL_ZH)  ## Talk to the Chinese example bot in a browser
	$(call browse,$(MODEL_ZH),example_bot/zh)

# A model and its bot. Without Rasa 3.6 there is no dialogue: what is understood is shown.
ifneq ($(RASA_3_6),)
show = $(BIN)/python example_bot/demo.py $(1) $(2)/demo.txt
talk = $(BIN)/python example_bot/serve.py shell $(2) --model $(CURDIR)/$(1)
serve = $(BIN)/python example_bot/serve.py run $(2) --interface localhost --enable-api --model $(CURDIR)/$(1)
browse = $(BIN)/python example_bot/serve.py web $(2) --model $(CURDIR)/$(1) --quiet
learn = cd $(1) && $(BIN)/rasa train --quiet --fixed-model-name train_tickets
else
SAY = @echo "$(PYTHON) has no Rasa 3.6, which ends at Python 3.10: rasa-joint-nlu's own commands do it."
define show
$(SAY)
$(BIN)/rasa-joint-nlu parse $(1) < $(2)/demo.txt
endef
define talk
$(SAY)
$(BIN)/rasa-joint-nlu parse $(1)
endef
define browse
$(SAY)
$(BIN)/rasa-joint-nlu page $(1) --nlu $(2)/tests/test_nlu.yml
endef
serve = @echo "Serving a dialogue takes Rasa 3.6, and $(PYTHON) has none." && exit 1
learn = $(BIN)/rasa-joint-nlu train --nlu $(1)/data/nlu.yml --config $(1)/config.yml --out $(1)/models/train_tickets
endif

test: lint unit  ## Lint and run all tests

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(if $(RASA_3_6),$(BIN)/mypy,@echo "Types are checked where Rasa 3.6 and its NumPy 1 are.")

# A file stays in one process: its tests share what took long to train. A process takes over 1 GB.
PARALLEL := -n auto --maxprocesses 4 --dist loadfile

unit: $(READY)  ## Run all tests; without Rasa 3.6, all that do without it
	$(BIN)/python -m pytest $(PARALLEL) $(if $(RASA_3_6),--cov --cov-report=term-missing:skip-covered --cov-fail-under=95,-r s)

test-pro: $(PRO_READY)  ## Test the component in Rasa Pro, in an environment of its own
	$(PRO_VENV)/bin/python -m pip check
	$(PRO_VENV)/bin/python -m pytest -r s tests/pro
	$(PRO_VENV)/bin/python -m pytest -r s tests/core/test_golden_core.py tests/test_component.py tests/test_messages.py tests/test_source.py

test-servers: $(MODEL)  ## Kill the example bot's servers in the middle of bookings; takes minutes
	$(BIN)/python -m pytest tests/bot_servers.py

pages: $(READY)  ## Write what the code says into docs/: its options, its modules
	$(BIN)/python -m scripts.pages

docs: $(DOCS_READY)  ## Build the website of the documentation, in site/
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/bin/mkdocs build --strict

package:  ## Build the wheel and the source archive into dist/, and check them; needs the network
	$(PYTHON) -m venv $(PACKAGE_VENV)
	$(PACKAGE_VENV)/bin/pip install --quiet build twine
	rm -rf dist build
	$(PACKAGE_VENV)/bin/python -m build --outdir dist
	$(PACKAGE_VENV)/bin/twine check --strict dist/*

format: $(READY)  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

MEASURE = $(BIN)/python -W ignore -m benchmarks.measure --data "$(DATA)" --out benchmarks/results.jsonl $(if $(PIPELINES),--pipelines $(PIPELINES)) $(if $(SEEDS),--seeds $(SEEDS))

benchmark: has-data $(READY)  ## Measure on few examples: make benchmark DATA=folder [TASKS= PIPELINES= SEEDS=]
	$(MEASURE) $(if $(TASKS),--tasks $(TASKS))

benchmark-full: has-data $(READY)  ## Measure on all of ATIS and SNIPS; takes hours, and goes on where it stopped
	$(MEASURE) --tasks $(or $(TASKS),atis snips)

# One core, where the machine lets us choose.
PINNED = OMP_NUM_THREADS=1 $(shell command -v taskset >/dev/null && echo taskset -c 0) $(BIN)/python -W ignore -m

benchmark-speed: has-data $(READY)  ## Measure time and memory: make benchmark-speed DATA=folder [PARTS=]
	$(PINNED) benchmarks.measure --data "$(DATA)" --tasks $(or $(TASKS),snips-100) --pipelines joint separate --seeds 1
	$(PINNED) benchmarks.speed --data "$(DATA)" $(if $(PARTS),--parts $(PARTS))
	$(PINNED) benchmarks.scale

benchmark-against: has-data $(READY)  ## Measure beside another commit: make benchmark-against COMMIT= DATA=folder [TRAIN=]
	@test -n "$(COMMIT)" || { echo "Name what to compare with: make benchmark-against COMMIT=... DATA=folder"; exit 1; }
	$(if $(shell command -v taskset),taskset -c 0) $(BIN)/python -W ignore -m benchmarks.against $(COMMIT) --data "$(DATA)" $(if $(TRAIN),--train "$(TRAIN)")

soak: $(READY)  ## Try for an hour what has to hold: odd messages, damage, kills, threads, memory [SHARE=1]
	$(BIN)/python -W ignore -m benchmarks.soak --share $(or $(SHARE),1)
	$(BIN)/python -W ignore -m benchmarks.load --share $(or $(SHARE),1)
	SOAK_KILLS=100 $(BIN)/python -m pytest -q tests/core/test_saving.py

AUDIT := .venv-audit

audit: $(READY)  ## Ask for published vulnerabilities of what is installed; needs the network
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/pip install --quiet pip-audit
	$(BIN)/pip freeze --exclude-editable > $(AUDIT)/installed.txt
	$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --requirement $(AUDIT)/installed.txt

has-data:
	@test -d "$(DATA)" || { echo "Name the folder of the data: make benchmark DATA=folder"; exit 1; }

clean:  ## Remove what the other targets made
	rm -rf $(VENV) $(PRO_VENV) $(DOCS_VENV) $(PACKAGE_VENV) $(AUDIT) site dist $(foreach bot,example_bot example_bot/zh,$(addprefix $(bot)/,models results .rasa *.db))

$(READY): setup.py
	@test -n "$(PYTHON)" || { echo "Python 3.8 to 3.14 is needed (for Rasa 3.6 one up to 3.10); none was found. Install one, or name it: make PYTHON=/path/to/python3.10"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=23"
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $(READY)

$(DOCS_READY): docs/requirements.txt
	@$(DOCS_PYTHON) -c 'import sys; assert sys.version_info >= (3, 10)' 2>/dev/null || { echo "MkDocs needs Python 3.10 or newer. Name one: make docs DOCS_PYTHON=/path/to/python3.12"; exit 1; }
	$(DOCS_PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/pip install --quiet --requirement docs/requirements.txt
	touch $(DOCS_READY)

# LexicalSyntacticFeaturizer imports spaCy, of the release that Rasa Pro's extra 'nlu' names.
$(PRO_READY): setup.py
	@test -n "$(PRO_PYTHON)" || { echo "Rasa Pro needs Python 3.11 to 3.14; none was found. Install one, or name it: make PRO_PYTHON=/path/to/python3.11"; exit 1; }
	$(PRO_PYTHON) -m venv $(PRO_VENV)
	$(PRO_VENV)/bin/pip install --quiet --editable ".[pro,dev]" "spacy>=3.8.16,<3.9"
	touch $(PRO_READY)

$(MODEL): $(wildcard $(addprefix example_bot/,config.yml domain.yml data/*.yml))
$(MODEL_ZH): $(wildcard $(addprefix example_bot/zh/,config.yml domain.yml data/*.yml))
$(MODEL) $(MODEL_ZH): $(READY) $(shell find rasa_joint_nlu -name '*.py')
	$(call learn,$(@D:/models=))
	@touch $@
