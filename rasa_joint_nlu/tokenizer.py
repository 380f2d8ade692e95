"""The Rasa tokenizer for every script: `rasa_joint_nlu.UnicodeTokenizer` in `config.yml`."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from rasa_joint_nlu.core.text.segment import segment
from rasa_joint_nlu.core.text.tokenizer_options import TOKENIZER_OPTIONS, check_tokenizer_options
from rasa_joint_nlu.options import errors_for_rasa
from rasa_joint_nlu.source import source_hash


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class UnicodeTokenizer(Tokenizer):
    """Cuts texts of any language as `rasa_joint_nlu.core.text.segment` does.

    Only white space is dropped. Its options are those of Rasa's WhitespaceTokenizer.
    """

    def __init__(self, config: Dict[str, Any]) -> None:
        """Make one of its options.

        Raises:
            InvalidConfigException: naming option, value, and what is allowed.
        """
        with errors_for_rasa(type(self)):
            check_tokenizer_options(config)
        super().__init__(config)

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Every option and its default."""
        return dict(TOKENIZER_OPTIONS)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """What the tokens depend on besides options and data: the rules, in our code."""
        return source_hash()

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Cut the text of an attribute.

        A blank text is one token, as it is of WhitespaceTokenizer: there are components of Rasa
        that fail without any. Ours takes such a token for what it is, nothing.
        """
        text = message.get(attribute)
        tokens = [Token(token.text, token.start, token.end) for token in segment(text)]
        pieces: List[Token] = self._apply_token_pattern(tokens or [Token(text, 0)])
        return pieces
