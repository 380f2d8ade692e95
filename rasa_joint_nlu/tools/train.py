"""The command `train`: NLU files → a folder with a model."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import Any, List, Optional, Sequence, Tuple

from scipy import sparse

from rasa_joint_nlu.core.about import hint, summary
from rasa_joint_nlu.core.data import Entity, Example
from rasa_joint_nlu.core.learnt import TrainingReport
from rasa_joint_nlu.core.model import JointModel
from rasa_joint_nlu.core.text.alignment import count_by_type, listing
from rasa_joint_nlu.core.text.dictionary import words_of_table
from rasa_joint_nlu.core.unlabelled import paths_of, texts_of
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.models import NLUModel
from rasa_joint_nlu.tools.nlu_files import Message, NluData, read_nlu
from rasa_joint_nlu.tools.outputs import check_folder, tell_notes
from rasa_joint_nlu.tools.pipeline import (
    DEFAULT,
    OURS,
    Pipeline,
    entries_of,
    learn_synonyms,
    pipeline_of,
)
from rasa_joint_nlu.tools.wording import counted
from rasa_joint_nlu.tools.yaml_files import read_yaml

LEARN_ANNOTATIONS = frozenset(
    {OURS, "CRFEntityExtractor", "DIETClassifier", "MitieEntityExtractor", "ner_crf", "ner_mitie"}
)
"""Extractors whose annotations ours learns where none of them does, see docs/data.md."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Train a model on Rasa NLU data, without Rasa. The commands 'parse' and 'test' and the "
        "library take the folder; Rasa does not."
    )
    add = parser.add_argument
    add("--nlu", type=Path, nargs="+", required=True, metavar="PATH", help="NLU files or folders")
    add("--out", type=Path, required=True, metavar="FOLDER", help="where to write the model")
    add(
        "--config",
        type=Path,
        help="a config.yml of Rasa's: its pipeline may have WhitespaceTokenizer or "
        "UnicodeTokenizer, RegexFeaturizer, JointNLUClassifier, EntitySynonymMapper and "
        "FallbackClassifier (default: UnicodeTokenizer, then all but FallbackClassifier)",
    )


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_folder(options.out)
    pipeline = read_pipeline(options.config)
    data = read_nlu(options.nlu)
    tell_notes(*pipeline.notes, *data.notes)
    trained, report = train(pipeline, data, show_progress=sys.stderr.isatty())
    trained.save(options.out)
    _tell_of_misaligned(report, trained.pipeline.settings.misaligned_entities)
    if hint(report.about):
        tell_notes(hint(report.about))
    print(f"{summary(report.about)}\n")
    print(
        f"Learnt {counted(report.intents, 'intent')} and "
        f"{counted(report.entity_types, 'entity type')} from {counted(report.examples, 'example')} "
        f"in {report.seconds:.1f} s. The model is in '{options.out}'."
    )
    return 0


def read_pipeline(config: Optional[Path]) -> Pipeline:
    """The pipeline of a config file, or the default one.

    Raises:
        InputError: if there is none, or it cannot be run without Rasa.
    """
    if config is None:
        return pipeline_of(DEFAULT)
    entries = entries_of(read_yaml(config), config)
    try:
        return pipeline_of(entries)
    except InputError as error:
        raise InputError(f"'{config}': {error}") from error


def train(
    pipeline: Pipeline, data: NluData, show_progress: bool = False
) -> Tuple[NLUModel, TrainingReport]:
    """Train a model, and what is learnt of the pipeline around it.

    Raises:
        InputError: if a regex is none.
        JointNLUError: if the data cannot be learnt.
    """
    messages = [message for message in data.distinct_messages() if message.text]
    tables = [table.elements for table in data.lookup_tables]
    regexes = [regex.pattern for regex in data.regexes]
    featurizers = tuple(each.learnt(regexes, tables) for each in pipeline.featurizers)
    synonyms = pipeline.synonyms
    if synonyms is not None:
        synonyms = learn_synonyms(data.values_of_synonyms(), _annotated(messages))
    pipeline = dataclasses.replace(pipeline, featurizers=featurizers, synonyms=synonyms)
    model = JointModel(pipeline.settings)
    words = []
    for table in data.lookup_tables:
        found, problems = words_of_table(table.name, table.elements)
        words += found
        tell_notes(*problems)
    # With sparse features, as Rasa's RegexFeaturizer has them.
    examples = [
        dataclasses.replace(
            example,
            features={name: sparse.coo_matrix(each) for name, each in example.features.items()},
        )
        for example in to_examples(messages, pipeline)
    ]
    texts = texts_of(paths_of(pipeline.settings.unlabelled_texts), _texts_of_nlu)
    report = model.fit(examples, show_progress, words, texts)
    return NLUModel(pipeline, model), report


def _texts_of_nlu(path: Path) -> List[str]:
    return [message.text for message in read_nlu([path]).distinct_messages()]


def to_examples(messages: Sequence[Message], pipeline: Pipeline) -> List[Example]:
    """Messages as examples of our model, with the entities that it learns, as in `rasa train`."""
    return [
        pipeline.example(
            message.text,
            message.intent,
            [
                Entity(of.start, of.end, of.type, _named(of.role), _named(of.group))
                for of in message.entities
                if _named(of.type) and (not of.extractor or of.extractor in LEARN_ANNOTATIONS)
            ],
        )
        for message in messages
        if message.text
    ]


def _named(label: Optional[str]) -> Optional[str]:
    """A label, or None where it is Rasa's sign for none."""
    return None if label in ("", "O") else label


def _annotated(messages: Sequence[Message]) -> List[Tuple[str, Any]]:
    return [
        (message.text[entity.start : entity.end], entity.value)
        for message in messages
        for entity in message.entities
        if entity.value is not None
    ]


def _tell_of_misaligned(report: TrainingReport, policy: str) -> None:
    if report.misaligned:
        tell_notes(
            f"Misaligned entity annotations: {count_by_type(report.misaligned)}. They do not begin "
            f"and end with a token, or overlap another; learnt with 'misaligned_entities: "
            f"{policy}':\n{listing(report.misaligned)}"
        )
