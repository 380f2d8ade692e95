#!/usr/bin/env bash
# One would guess: `rasa shell --connector my.Channel`, whose help has "--connector: Service to connect to", talks to
# the bot through that channel, as `rasa run --connector my.Channel` does.
# What happens: the function behind `rasa shell` first sets the connector to "cmdline", whatever was said, and nothing
# tells that it did. The option is there because `rasa shell` takes all options of the server. A console channel of
# one's own, with other buttons or other metadata, is never loaded, and a misspelt name of it is no error. It needs
# `rasa run --connector`, which asks for input on the command line where the channel's name() is "cmdline". Rasa Pro's
# `rasa inspect`, which sets its channel, too, takes the option out of its help.
# Version: rasa 3.6.21 (rasa/cli/shell.py, shell), on Python 3.8 to 3.10; rasa-pro 3.21.0 has the same line.
# Exits non-zero if the connector is passed on, or the option is gone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
# Reading the command line needs few of Rasa's dependencies.
venv/bin/pip install --quiet --disable-pip-version-check ruamel.yaml==0.17.21 pykwalify==1.8.0 jsonschema==4.17.3 \
    packaging==20.9 portalocker==2.10.1 structlog==23.3.0 structlog-sentry==2.0.3 pluggy==1.5.0 numpy==1.23.5 \
    "setuptools<70" jsonpickle==3.0.4 rich==13.9.4 typing-extensions requests==2.34.2 tarsafe==0.0.6 \
    terminaltables==3.1.10 randomname==0.2.1 scipy==1.10.1
venv/bin/pip install --quiet --disable-pip-version-check --no-deps rasa==3.6.21
mkdir models
cat > shell.py <<'PY'
import argparse
from unittest import mock

import rasa.cli.run
import rasa.cli.shell
from rasa.cli.arguments.run import set_run_arguments

# What starts the server, and is given the channel. No model is trained here, so none is looked for.
rasa.cli.run.run = mock.Mock()
rasa.cli.shell.get_local_model = rasa.cli.shell.LocalModelStorage = mock.Mock()
parser = argparse.ArgumentParser()
commands = parser.add_subparsers()
# All of `rasa run` but its subcommand for actions, which needs rasa_sdk.
run_command = commands.add_parser("run")
run_command.set_defaults(func=rasa.cli.run.run)
set_run_arguments(run_command)
rasa.cli.shell.add_subparser(commands, parents=[])
print("help of shell has --connector:", "--connector" in commands.choices["shell"].format_help())
for command in ("run", "shell"):
    given = parser.parse_args([command, "--connector", "my.Channel"])
    given.func(given)
    print(f"rasa {command} --connector my.Channel: {rasa.cli.run.run.call_args[0][0].connector}")
PY
venv/bin/python --version
venv/bin/pip list 2>/dev/null | grep -E '^rasa '
RASA_TELEMETRY_ENABLED=false venv/bin/python -W ignore shell.py | tee shell.log
grep -qFx "help of shell has --connector: True" shell.log
grep -qFx "rasa run --connector my.Channel: my.Channel" shell.log
grep -qFx "rasa shell --connector my.Channel: cmdline" shell.log
echo "As found: rasa shell talks through its own channel, whatever is asked for."
