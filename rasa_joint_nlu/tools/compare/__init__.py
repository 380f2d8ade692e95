"""Comparing Rasa pipelines on the user's own data: `python -m rasa_joint_nlu compare`."""


class InputError(Exception):
    """What the user gave cannot be used. The message is one line: what, where, what to do."""
