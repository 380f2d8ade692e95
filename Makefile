# Two commands do everything: `make demo` and `make test`. Data of the benchmarks: DATA=folder.

VENV := .venv
PYTHON ?= $(firstword $(foreach name,python3.10 python3.9 python3.8 python3,$(if $(shell $(name) -c 'import sys; assert (3, 8) <= sys.version_info < (3, 11)' 2>/dev/null && echo yes),$(name))))
BIN := $(CURDIR)/$(VENV)/bin
READY := $(VENV)/.ready
# MkDocs needs newer packages than Rasa can have beside it.
DOCS_PYTHON ?= python3
DOCS_VENV := .venv-docs
DOCS_READY := $(DOCS_VENV)/.ready
MODEL := example_bot/models/train_tickets.tar.gz
MODEL_ZH := example_bot/zh/models/train_tickets.tar.gz

export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

# Libraries that Rasa imports warn of each other's deprecations.
demo demo-zh shell shell-zh bot bot-zh $(MODEL) $(MODEL_ZH): export PYTHONWARNINGS := ignore

# "##" after a target is its text here.
help:  ## Show the targets and what they do
	@awk -F ':.*  ## ' '/^[a-z0-9-]+:.*  ## / {printf "%-16s %s\n", $$1, $$2}' Makefile

.PHONY: help docs pages demo demo-zh test lint unit test-servers shell shell-zh bot bot-zh format clean benchmark benchmark-full benchmark-speed has-data

demo: $(MODEL)  ## Train the example bot and show what it understands
	$(BIN)/python example_bot/demo.py $(MODEL) example_bot/demo.txt

demo-zh: $(MODEL_ZH)  ## Train the Chinese example bot and show what it understands
	$(BIN)/python example_bot/demo.py $(MODEL_ZH) example_bot/zh/demo.txt

shell: $(MODEL)  ## Talk to the example bot
	$(BIN)/python example_bot/serve.py shell --model $(CURDIR)/$(MODEL)

shell-zh: $(MODEL_ZH)  ## Talk to the Chinese example bot
	$(BIN)/python example_bot/serve.py shell example_bot/zh --model $(CURDIR)/$(MODEL_ZH)

bot: $(MODEL)  ## Serve the example bot and its action server, until Ctrl+C
	$(BIN)/python example_bot/serve.py run --interface localhost --enable-api --model $(CURDIR)/$(MODEL)

bot-zh: $(MODEL_ZH)  ## Serve the Chinese example bot and its action server
	$(BIN)/python example_bot/serve.py run example_bot/zh --interface localhost --enable-api --model $(CURDIR)/$(MODEL_ZH)

test: lint unit  ## Lint and run all tests

lint: $(READY)  ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(READY)  ## Run all tests
	$(BIN)/python -m pytest --cov --cov-report=term-missing:skip-covered --cov-fail-under=95

test-servers: $(MODEL)  ## Kill the example bot's servers in the middle of bookings; takes minutes
	$(BIN)/python -m pytest tests/bot_servers.py

pages: $(READY)  ## Write what the code says into docs/: its options, its modules
	$(BIN)/python -m scripts.pages

docs: $(DOCS_READY)  ## Build the website of the documentation, in site/
	NO_MKDOCS_2_WARNING=1 $(DOCS_VENV)/bin/mkdocs build --strict

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

has-data:
	@test -d "$(DATA)" || { echo "Name the folder of the data: make benchmark DATA=folder"; exit 1; }

clean:  ## Remove what the other targets made
	rm -rf $(VENV) $(DOCS_VENV) site $(foreach bot,example_bot example_bot/zh,$(addprefix $(bot)/,models results .rasa *.db))

$(READY): setup.py
	@test -n "$(PYTHON)" || { echo "Rasa 3.6 needs Python 3.8, 3.9 or 3.10; none was found. Install one, or name it: make PYTHON=/path/to/python3.10"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=23"
	$(BIN)/pip install --quiet --editable ".[dev]"
	touch $(READY)

$(DOCS_READY): docs/requirements.txt
	@$(DOCS_PYTHON) -c 'import sys; assert sys.version_info >= (3, 10)' 2>/dev/null || { echo "MkDocs needs Python 3.10 or newer. Name one: make docs DOCS_PYTHON=/path/to/python3.12"; exit 1; }
	$(DOCS_PYTHON) -m venv $(DOCS_VENV)
	$(DOCS_VENV)/bin/pip install --quiet --requirement docs/requirements.txt
	touch $(DOCS_READY)

$(MODEL): $(wildcard $(addprefix example_bot/,config.yml domain.yml data/*.yml))
$(MODEL_ZH): $(wildcard $(addprefix example_bot/zh/,config.yml domain.yml data/*.yml))
$(MODEL) $(MODEL_ZH): $(READY) $(shell find rasa_joint_nlu -name '*.py')
	cd $(@D:/models=) && $(BIN)/rasa train --quiet --fixed-model-name train_tickets
	@touch $@
