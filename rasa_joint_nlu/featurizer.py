"""The Rasa featurizer: `rasa_joint_nlu.SentenceEncoderFeaturizer` in `config.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import (
    DENSE_FEATURIZABLE_ATTRIBUTES,
    FEATURIZER_CLASS_ALIAS,
    TOKENS_NAMES,
)
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_joint_nlu.core.config import suggestion
from rasa_joint_nlu.core.sentence_encoder import SentenceEncoder
from rasa_joint_nlu.options import errors_for_rasa
from rasa_joint_nlu.source import file_hash, source_hash

MODEL = "model"
"""The option that names the folder of a sentence transformer."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds a sentence transformer's vectors of a text and of its tokens.

    Training puts what is needed of the transformer into the trained model, which then needs its
    folder no more.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """A tokenizer has to come before."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """What the extra `encoder` installs, and a trained model needs, too."""
        return ["tokenizers", "onnxruntime"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Every option and its default."""
        return {FEATURIZER_CLASS_ALIAS: None, MODEL: None}

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Check the options.

        Raises:
            InvalidConfigException: naming option, value and what is allowed.
        """
        known = cls.get_default_config()
        for option in config:
            # Rasa itself adds these two where it fine-tunes.
            if option not in known and option not in ("epochs", "finetuning_epoch_fraction"):
                raise InvalidConfigException(
                    f"{cls.__name__} has no option '{option}'.{suggestion(option, list(known))}"
                )
        if not isinstance(config.get(MODEL), str) or not config[MODEL]:
            raise InvalidConfigException(
                f"{cls.__name__}: '{MODEL}: {config.get(MODEL)}' must be the path of a folder with "
                f"a sentence transformer."
            )

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """What the vectors depend on besides options and data: our code, and the transformer."""
        # Anything but a path is refused later.
        if not isinstance(config.get(MODEL), str):
            return None
        from rasa_joint_nlu.core.training.sentence_transformer import files_of

        files = files_of(Path(config[MODEL]))
        return " ".join([source_hash(), *(f"{path.name} {file_hash(path)}" for path in files)])

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        encoder: Optional[SentenceEncoder] = None,
    ) -> None:
        """Make a featurizer; without an encoder it adds nothing."""
        super().__init__(execution_context.node_name, config)
        self._model_storage, self._resource = model_storage, resource
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Make an untrained featurizer."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEncoderFeaturizer:
        """Load what training stored.

        Raises:
            InvalidConfigException: if it is incomplete or damaged, or a package is missing.
        """
        with model_storage.read_from(resource) as folder, errors_for_rasa(cls):
            encoder = SentenceEncoder(folder)
        return cls(config, model_storage, resource, execution_context, encoder)

    def train(self, training_data: TrainingData) -> Resource:
        """Store the transformer; the data does not matter.

        Raises:
            InvalidConfigException: if the folder is missing or of another kind, or a package is
                missing.
        """
        from rasa_joint_nlu.core.training.sentence_transformer import convert

        with self._model_storage.write_to(self._resource) as folder, errors_for_rasa(type(self)):
            convert(Path(self._config[MODEL]), folder)
            SentenceEncoder(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vectors to the training messages."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the vectors of every attribute that has tokens."""
        if not self._encoder:
            return messages
        for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
            with_tokens = [
                message
                for message in messages
                if message.get(attribute) and message.get(TOKENS_NAMES[attribute])
            ]
            vectors = self._encoder.encode(
                [message.get(attribute) for message in with_tokens],
                [message.get(TOKENS_NAMES[attribute]) for message in with_tokens],
            )
            for message, (of_tokens, of_text) in zip(with_tokens, vectors):
                self.add_features_to_message(of_tokens, of_text, attribute, message)
        return messages
