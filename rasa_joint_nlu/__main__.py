"""The command line: `python -m rasa_joint_nlu --help`, installed as `rasa-joint-nlu`."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from typing import List, Optional, Tuple, Type

from rasa_joint_nlu import __version__
from rasa_joint_nlu.tools import COMMANDS
from rasa_joint_nlu.tools.errors import InputError

WRONG_INPUT, INTERRUPTED = 2, 130


def main(arguments: Optional[List[str]] = None) -> int:
    """Do what the command line asks for, and return the exit code.

    0: done; 1: the command says of what; 2: something given is wrong; 130: stopped by Ctrl-C.
    """
    _take_every_character()
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return code
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith(__package__):
            raise
        print(
            f"error: This takes the package '{error.name}', which is not installed; install it "
            f"with pip.",
            file=sys.stderr,
        )
        return WRONG_INPUT
    except _mendable() as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has enough; Python would complain again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(arguments: List[str]) -> int:
    """Do what the command line asks for; only the module of the command is imported."""
    parser = argparse.ArgumentParser(
        "rasa-joint-nlu", description="Tools beside the Rasa component, and without Rasa."
    )
    parser.add_argument("--version", action="version", version=f"rasa-joint-nlu {__version__}")
    parsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    called = next((word for word in arguments if not word.startswith("-")), None)
    module = None
    for name, (module_name, summary) in COMMANDS.items():
        added = parsers.add_parser(name, help=summary)
        if name == called:
            module = importlib.import_module(module_name)
            module.add_arguments(added)
    options = parser.parse_args(arguments)
    assert module is not None
    code: int = module.run(options)
    return code


def _take_every_character() -> None:
    """Escape what an encoding lacks: files of Windows have no →, and what is piped may be none."""
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _mendable() -> Tuple[Type[Exception], ...]:
    """The errors that say what the user can do; looked up when there is one, as that takes time."""
    from rasa_joint_nlu.core.errors import JointNLUError

    return InputError, JointNLUError


if __name__ == "__main__":
    sys.exit(main())
