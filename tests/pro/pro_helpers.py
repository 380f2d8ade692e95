"""The component inside of Rasa Pro, through public classes alone: no command, no licence."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any, Dict, List, Sequence

# Before Rasa reads them. Without the last one, importing it waits for a network.
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
    - hi
    - hey there
    - good morning
    - good evening
    - hello my friend
- intent: fly
  examples: |
    - flight from [Rome]{"entity": "city", "role": "from"} to [Oslo]{"entity": "city", "role": "to"}
    - fly from [Oslo]{"entity": "city", "role": "from"} to [Paris]{"entity": "city", "role": "to"}
    - i travel to [Lima]{"entity": "city", "role": "to"}
    - i want a flight to [Rome]{"entity": "city", "role": "to"}
    - depart from [New York]{"entity": "city", "role": "from"}
    - we leave from [Paris]{"entity": "city", "role": "from"}
    - a ticket from [Lima]{"entity": "city", "role": "from"} please
- intent: order
  examples: |
    - bring me a [tea](drink)
    - i would like a cup of [coffee](drink)
    - please serve some [milk](drink)
    - a glass of [water](drink)
    - can i drink a [coffee](drink)
    - pour me some [tea](drink)
- synonym: OSL
  examples: |
    - Oslo
- lookup: city
  examples: |
    - Oslo
    - Rome
    - Accra
    - Lima
- regex: city
  examples: |
    - [A-Z][a-z]+
"""

OURS: Dict[str, Any] = {
    "name": "rasa_joint_nlu.JointNLUClassifier",
    "token_size": 16,
    "encoder_size": 16,
    "epochs": 60,
    "learning_rate": 0.02,
    "drop_rate": 0.1,
}
PIPELINE: List[Dict[str, Any]] = [
    {"name": "rasa_joint_nlu.UnicodeTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    OURS,
    {"name": "EntitySynonymMapper"},
    {"name": "FallbackClassifier", "threshold": 0.3},
]


class Project:
    """A bot's NLU in a folder, trained and asked by Rasa Pro's engine."""

    def __init__(self, folder: Path, pipeline: Sequence[Dict[str, Any]] = PIPELINE) -> None:
        self.folder = folder
        self.config = {"recipe": "default.v1", "language": "en", "assistant_id": "test"}
        self.config["pipeline"] = [dict(entry) for entry in pipeline]  # type: ignore[assignment]
        (folder / "config.yml").write_text(json.dumps(self.config), encoding="utf-8")
        (folder / "nlu.yml").write_text(NLU, encoding="utf-8")

    def importer(self) -> Any:
        """The training data, read anew: a training writes features into its messages."""
        from rasa.shared.importers.importer import TrainingDataImporter

        return TrainingDataImporter.load_nlu_importer_from_config(
            str(self.folder / "config.yml"), None, [str(self.folder / "nlu.yml")]
        )

    def graph(self, is_finetuning: bool = False, **parameters: Any) -> Any:
        """The graph that the recipe makes of the config."""
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe
        from rasa.shared.data import TrainingType

        config = json.loads(json.dumps(self.config))
        return DefaultV1Recipe().graph_config_for_recipe(
            config, parameters, training_type=TrainingType.NLU, is_finetuning=is_finetuning
        )

    def train(self, name: str = "model.tar.gz", base: Any = None, **parameters: Any) -> Path:
        """Train all nodes of the graph, from a former model's archive if one is given."""
        from rasa.engine.caching import LocalTrainingCache
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.training.graph_trainer import GraphTrainer

        storage_folder = self.folder / f"storage of {name}"
        storage_folder.mkdir()
        if base:
            storage, _ = LocalModelStorage.from_model_archive(storage_folder, base)
        else:
            storage = LocalModelStorage.create(storage_folder)
        trainer = GraphTrainer(storage, LocalTrainingCache(), DaskGraphRunner)
        model = self.folder / name
        graph = self.graph(is_finetuning=bool(base), **parameters)
        training = trainer.train(graph, self.importer(), model, is_finetuning=bool(base))
        asyncio.run(training)
        return model


class Bot:
    """A trained archive, loaded by Rasa Pro's engine."""

    def __init__(self, model: Path, folder: Path) -> None:
        # First: the modules that an archive names are part of a circle of imports.
        import rasa.engine.recipes.default_recipe  # noqa: F401
        from rasa.engine.graph import ExecutionContext
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage

        folder.mkdir()
        storage, self.metadata = LocalModelStorage.from_model_archive(folder, model)
        schema = self.metadata.predict_schema
        self.runner = DaskGraphRunner.create(schema, storage, ExecutionContext(schema))

    def parse(self, text: str) -> Dict[str, Any]:
        """What the last component of the pipeline hands on, through JSON as a user sees it."""
        from rasa.engine.constants import PLACEHOLDER_MESSAGE
        from rasa.shared.nlu.training_data.message import Message

        nodes = self.metadata.predict_schema.nodes
        last = nodes[self.metadata.nlu_target].needs["messages"]
        inputs = {PLACEHOLDER_MESSAGE: [_user_message(text)]}
        (message,) = asyncio.run(self.runner.run(inputs=inputs, targets=[last]))[last]
        assert isinstance(message, Message)
        return dict(json.loads(json.dumps(message.as_dict(only_output_properties=True))))


def _user_message(text: str) -> Any:
    from rasa.core.channels.channel import UserMessage

    return UserMessage(text)
