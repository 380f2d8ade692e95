"""The Rasa component: `rasa_joint_nlu.JointNLUClassifier` in `config.yml`."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Type

import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.constants import DOCS_URL_TRAINING_DATA_NLU
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_joint_nlu import compat, options
from rasa_joint_nlu.core.about import hint, summary
from rasa_joint_nlu.core.config import is_paths, suggestion
from rasa_joint_nlu.core.data import Example, Prediction
from rasa_joint_nlu.core.errors import NothingToLearnError
from rasa_joint_nlu.core.learnt import TrainingReport
from rasa_joint_nlu.core.model import JointModel
from rasa_joint_nlu.core.text.alignment import SHOWN, Misaligned, count_by_type, listing
from rasa_joint_nlu.core.text.dictionary import dictionary_path, told_of_words
from rasa_joint_nlu.core.unlabelled import paths_of, texts_of
from rasa_joint_nlu.messages import (
    annotated_extractors,
    extractors_that_learn,
    featurizers_of,
    is_for_us,
    is_from,
    lookup_words,
    plain_name,
    texts_of_nlu,
    texts_without_intent,
    to_example,
    training_examples,
    types_like_tags,
    write_entities,
    write_intent,
)
from rasa_joint_nlu.source import file_hash, source_hash

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class JointNLUClassifier(GraphComponent, IntentClassifier, EntityExtractorMixin):
    """Classifies intents and extracts entities, roles and groups with one joint network.

    It needs a tokenizer before it and nothing else; the features of featurizers before it are
    used too. Its options are those of `rasa_joint_nlu.core.JointConfig`.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Only a tokenizer has to come before."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """What training needs beyond Rasa; a trained model answers without it."""
        return ["torch"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Every option and its default."""
        return options.defaults()

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """What a training depends on besides options and data: our code and the files it reads."""
        # Anything but a path is refused later, where the options are read.
        vectors, dictionary = (
            config[option] if isinstance(config.get(option), str) else None
            for option in ("pretrained_embeddings", "dictionary")
        )
        texts = config.get("unlabelled_texts")
        files = (
            Path(vectors) if vectors else None,
            dictionary_path(dictionary),
            *(paths_of(texts) if is_paths(texts) else ()),
        )
        return " ".join([source_hash(), *(file_hash(path) for path in files if path)])

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        model: Optional[JointModel] = None,
    ) -> None:
        """Make a component, trained if there is a model.

        Raises:
            InvalidConfigException: if an option is unknown, of the wrong type or out of range.
        """
        self._config, self._fraction = options.read(config)
        self._options = config
        self._model_storage = model_storage
        self._resource = resource
        self._execution_context = execution_context
        self._model = model

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JointNLUClassifier:
        """Make an untrained component."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JointNLUClassifier:
        """Load a trained component; an untrained one if nothing was stored.

        Raises:
            InvalidConfigException: if what was stored is incomplete, damaged or of a format
                that this version does not read.
        """
        settings, _ = options.read(config)
        with contextlib.ExitStack() as stack, options.errors_for_rasa(JointNLUClassifier):
            try:
                folder = stack.enter_context(model_storage.read_from(resource))
            except ValueError:
                logger.info(f"{cls.__name__} is not trained: there is no '{resource.name}'.")
                return cls(config, model_storage, resource, execution_context)
            model = JointModel.load(folder, **settings.to_dict())
        return cls(config, model_storage, resource, execution_context, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on the NLU examples, from scratch or, when fine-tuning, from what was loaded.

        Raises:
            InvalidConfigException: if data, options or machine do not allow it.
        """
        options.warn(self._options, self._config)
        unused = texts_without_intent(training_data)
        if unused:
            logger.info(f"{unused} texts without an intent are story data and not trained on.")
        self._check_featurizers(training_data)
        try:
            with options.errors_for_rasa(JointNLUClassifier):
                examples = self._examples(training_data)
                self._tell(self._learn(examples, lookup_words(training_data)))
        except NothingToLearnError as error:
            state = "keeps what it knew" if self._model else "stays untrained"
            logger.warning(f"{self.name} {state}. {error}")
        if self._model:
            storage = self._model_storage.write_to(self._resource)
            with storage as folder, options.errors_for_rasa(JointNLUClassifier):
                self._model.save(folder)
        return self._resource

    def _check_featurizers(self, training_data: TrainingData) -> None:
        there = featurizers_of(training_data, self._execution_context.graph_schema)
        for name in self._config.featurizers or ():
            if not any(is_from(origin, name) for origin in there):
                hint = suggestion(name, [plain_name(origin) for origin in there])
                raise InvalidConfigException(
                    f"{self.name}: 'featurizers' names '{name}', but no featurizer of that name or "
                    f"alias comes before it.{hint}"
                )

    def _examples(self, training_data: TrainingData) -> List[Example]:
        """The examples to learn from; says what becomes of entities that are not plainly ours."""
        others = extractors_that_learn(self._execution_context.graph_schema)
        examples = training_examples(training_data, self._config.featurizers, self.name, others)
        if not self._config.entity_recognition:
            return examples
        for extractor, count in annotated_extractors(training_data).items():
            if not is_for_us(extractor, self.name, others):
                logger.info(f"{count} entities annotated for {extractor} are not learnt.")
            elif extractor != self.name:
                logger.info(
                    f"{self.name} learns {count} entities that are annotated for {extractor}, "
                    f"which does not learn in this pipeline."
                )
        tags = types_like_tags(examples)
        if tags:
            logger.warning(
                f"These entity types look like tags of single words: {', '.join(tags)}. Annotate "
                f"each entity as a whole, as '{tags[0][2:]}': the tags are made in training."
            )
        return examples

    def _learn(self, examples: List[Example], words: List[str]) -> TrainingReport:
        show_progress = not rasa.shared.utils.io.is_logging_disabled()
        if self._execution_context.is_finetuning and self._model:
            return self._model.finetune(examples, show_progress, self._fraction)
        model = JointModel(self._config)
        texts = texts_of(paths_of(self._config.unlabelled_texts), texts_of_nlu)
        report = model.fit(examples, show_progress, words, texts)
        self._model = model
        return report

    def process(self, messages: List[Message]) -> List[Message]:
        """Add intents and entities to messages, and diagnostic data if Rasa asks for it."""
        predictions = [Prediction()] * len(messages)
        if self._model:
            featurizers = self._config.featurizers
            predictions = self._model.predict([to_example(m, featurizers) for m in messages])
        for message, prediction in zip(messages, predictions):
            if self._config.intent_classification:
                write_intent(message, prediction, self._config)
            if self._config.entity_recognition:
                write_entities(message, prediction, self.name)
            if self._execution_context.should_add_diagnostic_data and (
                prediction.intents or prediction.entities
            ):
                message.add_diagnostic_data(
                    self._execution_context.node_name, self._diagnosis(message, prediction)
                )
        return messages

    def _diagnosis(self, message: Message, prediction: Prediction) -> Dict[str, Any]:
        assert self._model
        explanation = self._model.explain(to_example(message, self._config.featurizers))
        return {
            "attention_weights": list(prediction.attention),
            "explanation": explanation.to_dict(),
        }

    def _tell(self, report: TrainingReport) -> None:
        logger.info(
            f"{self.name} learnt {report.intents} intents and {report.entity_types} entity types "
            f"from {report.examples} examples in {report.seconds:.1f} s ({report.epochs} epochs, "
            f"{report.parameters:,} parameters).\n{summary(report.about)}"
        )
        if hint(report.about):
            logger.warning(hint(report.about))
        if report.intents == 1 and self._config.intent_classification:
            logger.warning(
                f"{self.name} classifies no intents: it takes two different ones to learn."
            )
        if report.dictionary:
            logger.info(f"{self.name} looks for {told_of_words(report.dictionary)}.")
        if report.misaligned:
            self._tell_of_misaligned(report.misaligned)

    def _tell_of_misaligned(self, misaligned: Sequence[Misaligned]) -> None:
        outcomes = [
            f"{outcome}: {count_by_type(found)}."
            for outcome, found in (
                ("Learnt as the whole tokens that they touch", [m for m in misaligned if m.learnt]),
                ("Not learnt", [m for m in misaligned if not m.learnt]),
            )
            if found
        ]
        hint = " (`rasa train --force --debug` lists them)" if len(misaligned) > SHOWN else ""
        rasa.shared.utils.io.raise_warning(
            f"Misaligned entity annotations: {count_by_type(misaligned)}. They do not begin and "
            f"end with a token, or overlap another. With 'misaligned_entities: "
            f"{self._config.misaligned_entities}': {' '.join(outcomes)}\n"
            f"{listing(misaligned)}{hint}\n"
            f"Leave white space and punctuation out of annotations, annotate whole words, or use "
            f"a tokenizer that cuts where they begin and end.",
            docs=DOCS_URL_TRAINING_DATA_NLU,
        )
        for found in misaligned[SHOWN:]:
            logger.debug(f"Misaligned entity annotation: {found}.")


compat.announce(JointNLUClassifier)
