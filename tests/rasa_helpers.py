"""Tiny Rasa projects for the tests, trained and asked by Rasa's own code in this process."""

from __future__ import annotations

import asyncio
import atexit
import functools
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

# Before Rasa reads them: no telemetry, and no training cache unless a test wants one.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

import numpy as np
import rasa.model_training
from rasa.core.agent import Agent
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphModelConfiguration, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.data import TrainingType
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_joint_nlu.component import JointNLUClassifier

NAME = "rasa_joint_nlu.JointNLUClassifier"
WHITESPACE = "WhitespaceTokenizer"

FAST = {
    "token_size": 16,
    "encoder_size": 16,
    "epochs": 60,
    "learning_rate": 0.02,
    "drop_rate": 0.1,
}
"""Options under which a toy data set is learnt by heart in a fraction of a second."""

BOT = {
    "greet": [
        "hello",
        "hi",
        "hey there",
        "good morning",
        "good evening",
        "hello my friend",
    ],
    "goodbye": [
        "bye",
        "bye bye",
        "see you later",
        "farewell",
        "talk to you soon",
        "until next time",
    ],
    "fly": [
        'a flight from [Rome]{"entity": "city", "role": "from"} '
        'to [Oslo]{"entity": "city", "role": "to"}',
        'fly from [Oslo]{"entity": "city", "role": "from"} '
        'to [Paris]{"entity": "city", "role": "to"}',
        'i travel to [Lima]{"entity": "city", "role": "to"}',
        'i want a flight to [Rome]{"entity": "city", "role": "to"}',
        'depart from [New York]{"entity": "city", "role": "from"}',
        'we leave from [Paris]{"entity": "city", "role": "from"}',
        'fly to [New York]{"entity": "city", "role": "to"} '
        'from [Lima]{"entity": "city", "role": "from"}',
        'a ticket from [Lima]{"entity": "city", "role": "from"} please',
    ],
    "order": [
        "bring me a [tea](drink)",
        "i would like a cup of [coffee](drink)",
        "please serve some [milk](drink)",
        "a glass of [water](drink)",
        "can i drink a [coffee](drink)",
        "pour me some [tea](drink)",
    ],
}
"""A bot's examples by intent: entities with roles, without roles, of two words, and none."""

FAQ = {
    "faq/hours": ["when are you open", "what are your opening hours", "are you open on sunday"],
    "faq/price": ["how much is it", "what does it cost", "is it expensive"],
}
"""Examples of a retrieval intent, whose responses `REST` has."""
REST = """- synonym: NYC
  examples: |
    - New York
- lookup: city
  examples: |
    - Oslo
responses:
  utter_faq/hours:
  - text: We are always open.
  utter_faq/price:
  - text: It is free.
"""
"""What a bot's data have beside examples."""


def yaml_of(examples: Mapping[str, Sequence[str]], extra: str = "") -> str:
    """NLU data in Rasa's format; `extra` is more of it, such as synonyms or lookup tables."""
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in examples.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks) + extra


def lookup(name: str, values: Iterable[str]) -> str:
    """A lookup table for `yaml_of`."""
    return f"- lookup: {name}\n  examples: |\n" + "".join(f"    - {value}\n" for value in values)


def ours(**options: Any) -> Dict[str, Any]:
    """Our component's entry in a pipeline, with fast options."""
    return {"name": NAME, **FAST, **options}


def config_of(pipeline: Sequence[Any]) -> Dict[str, Any]:
    """A whole config; an entry may be just a component's name."""
    entries = [{"name": entry} if isinstance(entry, str) else entry for entry in pipeline]
    return {
        "recipe": "default.v1",
        "language": "zh" if {"name": "JiebaTokenizer"} in entries else "en",
        "assistant_id": "test",
        "pipeline": entries,
        "policies": [{"name": "MemoizationPolicy"}, {"name": "RulePolicy"}],
    }


def graph_of(pipeline: Sequence[Any], **cli: Any) -> GraphModelConfiguration:
    """The graph that Rasa makes of a pipeline; with `cli` arguments, for fine-tuning."""
    return DefaultV1Recipe().graph_config_for_recipe(
        config_of(pipeline), cli, training_type=TrainingType.NLU, is_finetuning=bool(cli)
    )


def write_config(folder: Path, pipeline: Sequence[Any]) -> Path:
    """Write a config file (YAML can read JSON)."""
    path = folder / "config.yml"
    path.write_text(json.dumps(config_of(pipeline)), encoding="utf-8")
    return path


def train(
    folder: Path,
    pipeline: Sequence[Any],
    nlu: str,
    finetune: Optional[Path] = None,
    fraction: float = 1.0,
    name: str = "model",
) -> Path:
    """Do what `rasa train nlu` does, and return the model archive."""
    (folder / "nlu.yml").write_text(nlu, encoding="utf-8")
    model = rasa.model_training.train_nlu(
        str(write_config(folder, pipeline)),
        str(folder / "nlu.yml"),
        str(folder / "models"),
        fixed_model_name=name,
        model_to_finetune=str(finetune) if finetune else None,
        finetuning_epoch_fraction=fraction,
    )
    assert model
    return Path(model)


def parse(model: Any, text: str) -> Dict[str, Any]:
    """What a model, or an agent that has loaded it, says of a text, through JSON as a user."""
    agent = model if isinstance(model, Agent) else Agent.load(str(model))
    return json.loads(json.dumps(asyncio.run(agent.parse_message(text))))


def intent_of(model: Any, text: str) -> Optional[str]:
    """The name of a text's intent."""
    return parse(model, text)["intent"]["name"]


def entities_of(model: Any, text: str) -> List[Any]:
    """`(type, role, value)` of a text's entities."""
    return [(e["entity"], e.get("role"), e["value"]) for e in parse(model, text)["entities"]]


def classifier_in(agent: Agent) -> JointNLUClassifier:
    """Our component inside a loaded agent."""
    assert agent.processor
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return next(n._component for n in nodes if isinstance(n._component, JointNLUClassifier))


@functools.lru_cache(maxsize=None)
def shared_folder() -> Path:
    """A folder for models that many tests use; removed when Python ends."""
    folder = Path(tempfile.mkdtemp(prefix="rasa_joint_nlu_tests_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def folder_of(name: str) -> Path:
    """A new folder of this name in the shared one."""
    folder = shared_folder() / name
    folder.mkdir()
    return folder


@functools.lru_cache(maxsize=None)
def bot() -> Path:
    """A model of `BOT`, trained once: a tokenizer and our component."""
    return train(shared_folder(), [WHITESPACE, ours()], yaml_of(BOT), name="bot")


# The component alone, without a graph ---------------------------------------------------------


def context(**fields: Any) -> ExecutionContext:
    """An execution context, for the node `run_joint`."""
    return ExecutionContext(GraphSchema({}), node_name="run_joint", **fields)


def create(folder: Path, fields: Optional[Dict[str, Any]] = None, **options: Any) -> Any:
    """A new component that stores in a folder, with fast options."""
    config = {**JointNLUClassifier.get_default_config(), **FAST, **options}
    return JointNLUClassifier.create(
        config, LocalModelStorage(folder), Resource("joint"), context(**(fields or {}))
    )


def load(folder: Path, fields: Optional[Dict[str, Any]] = None, **options: Any) -> Any:
    """The component that was stored in a folder, with fast options."""
    config = {**JointNLUClassifier.get_default_config(), **FAST, **options}
    return JointNLUClassifier.load(
        config, LocalModelStorage(folder), Resource("joint"), context(**(fields or {}))
    )


def _tokenizer() -> WhitespaceTokenizer:
    return WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())


def data_of(nlu: str) -> TrainingData:
    """Training data, with tokens."""
    return tokenized_data(RasaYAMLReader().reads(nlu))


def tokenized_data(data: TrainingData) -> TrainingData:
    """The same training data, with tokens."""
    return _tokenizer().process_training_data(data)


def tokenized(text: str, **content: Any) -> Message:
    """A message with tokens."""
    return _tokenizer().process([Message({TEXT: text, **content})])[0]


def answer(component: Any, text: str) -> Dict[str, Any]:
    """What a component says of a text."""
    return component.process([tokenized(text)])[0].as_dict(only_output_properties=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiscountingFeaturizer(DenseFeaturizer, GraphComponent):
    """A dense featurizer that gives one row too few to texts with the word `odd`."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"alias": "miscounting"}

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiscountingFeaturizer:
        return cls("miscounting", config)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Everything is right."""

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            tokens = message.get(TOKENS_NAMES[TEXT], [])
            rows = len(tokens) - any(token.text == "odd" for token in tokens)
            for height, kind in ((rows, FEATURE_TYPE_SEQUENCE), (1, FEATURE_TYPE_SENTENCE)):
                matrix = np.ones((height, 3), np.float32)
                message.add_features(Features(matrix, kind, TEXT, "miscounting"))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
