"""Tools beside the component: `python -m rasa_joint_nlu COMMAND`, or `rasa-joint-nlu COMMAND`.

To add a command, write a module with two functions and name it in `COMMANDS`:

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        parser.description = "…"
        parser.add_argument(…)

    def run(options: argparse.Namespace) -> int:
        …  # 0: done. Raise InputError for what the user can mend.

Only the module of the command that is called is imported: it may import what it needs at its top.
"""

COMMANDS = {
    "check": ("rasa_joint_nlu.tools.check.command", "say what is wrong with NLU data"),
    "train": ("rasa_joint_nlu.tools.train", "train a model on NLU data, without Rasa"),
    "parse": ("rasa_joint_nlu.tools.parse", "show what a model understands of texts"),
    "explain": ("rasa_joint_nlu.tools.explain", "say why a model understands a text as it does"),
    "page": ("rasa_joint_nlu.tools.page.command", "show it in a browser, with a bot to talk to"),
    "inspect": ("rasa_joint_nlu.tools.inspect", "show what a model is, or how two differ"),
    "vectors": (
        "rasa_joint_nlu.tools.vectors",
        "make small vectors of words from a language model",
    ),
    "distil": (
        "rasa_joint_nlu.tools.distil",
        "make a small encoder of some layers of a sentence transformer",
    ),
    "annotate": (
        "rasa_joint_nlu.tools.annotate.command",
        "write what a model understands of many messages",
    ),
    "logs": ("rasa_joint_nlu.tools.logs", "write what users wrote to a bot, without personal data"),
    "test": ("rasa_joint_nlu.tools.test", "score a model on NLU data"),
    "compare": ("rasa_joint_nlu.tools.compare.command", "compare pipelines on your own data"),
}
"""The module of each command, and what `--help` says of it."""
