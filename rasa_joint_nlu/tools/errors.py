"""What the tools say where what they were given cannot be used."""


class InputError(Exception):
    """What the user gave cannot be used. The message is one line: what, where, what to do."""
