"""The options of UnicodeTokenizer, and their checks."""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping

from rasa_joint_nlu.core.config import suggestion
from rasa_joint_nlu.core.errors import ConfigError

TOKENIZER_OPTIONS: Dict[str, Any] = {
    "intent_tokenization_flag": False,
    "intent_split_symbol": "_",
    "token_pattern": None,
    "prefix_separator_symbol": None,
}
"""Each option and its default, as Rasa's WhitespaceTokenizer has them."""


def check_tokenizer_options(options: Mapping[str, Any]) -> None:
    """Refuse options of UnicodeTokenizer that are unknown or of the wrong type.

    Raises:
        ConfigError: naming option, value and what is allowed.
    """
    for name, value in options.items():
        if name not in TOKENIZER_OPTIONS:
            known = ", ".join(TOKENIZER_OPTIONS)
            hint = suggestion(name, list(TOKENIZER_OPTIONS)) or f" It has these: {known}."
            raise ConfigError(f"'{name}' is not an option.{hint}")
        if name == "intent_tokenization_flag" and not isinstance(value, bool):
            raise ConfigError(f"'{name}: {value}' must be true or false.")
        if name.endswith("symbol") and not isinstance(value, (str, type(TOKENIZER_OPTIONS[name]))):
            raise ConfigError(f"'{name}: {value}' must be a text.")
    if options.get("token_pattern"):
        token_pattern(options["token_pattern"])


def token_pattern(value: Any) -> re.Pattern[str]:
    """Rasa's option `token_pattern` as a pattern for `split_tokens`.

    Raises:
        ConfigError: if it is no regular expression, or one with several groups.
    """
    try:
        pattern = re.compile(value)
    except (re.error, TypeError) as error:
        raise ConfigError(f"'token_pattern: {value}' is no regular expression: {error}.") from error
    if pattern.groups > 1:
        raise ConfigError(f"'token_pattern: {value}' has more than one group; leave one at most.")
    return pattern
