"""Trained models with the pipeline around them: folders of ours, and Rasa's archives.

A folder has what `rasa_joint_nlu.core` saves and, in `pipeline.json`, what stands around the model.
Of an archive, only the few files that are needed are read, and nothing of it is run.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence

from rasa_joint_nlu.core.data import Prediction
from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE
from rasa_joint_nlu.core.errors import ModelFileError
from rasa_joint_nlu.core.files import write_whole
from rasa_joint_nlu.core.model import JointModel
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.model_files import (
    METADATA_FILE,
    PATTERNS_FILE,
    PIPELINE_FILE,
    SYNONYMS_FILE,
    nodes_of,
    read_archive,
)
from rasa_joint_nlu.tools.pipeline import (
    OURS,
    REGEXES,
    SYNONYMS,
    Component,
    Pipeline,
    RegexFeaturizer,
)

FORMAT_VERSION = 1


@dataclass(frozen=True)
class NLUModel:
    """A trained model and the pipeline around it."""

    pipeline: Pipeline
    model: JointModel

    def predict(self, texts: Sequence[str]) -> List[Prediction]:
        """What our model says of texts, before synonyms are looked up and anything falls back."""
        return self.model.predict([self.pipeline.example(text) for text in texts])

    def parse(self, texts: Sequence[str]) -> List[Dict[str, Any]]:
        """What `rasa shell nlu` prints of texts; blanks at their ends do not count."""
        examples = [self.pipeline.example(text.strip()) for text in texts]
        predictions = self.model.predict(examples)
        return [self.pipeline.answer(*pair) for pair in zip(examples, predictions)]

    def save(self, folder: Path) -> None:
        """Write it into a folder, over one that may be there.

        Raises:
            ModelFileError: if it cannot be written.
        """
        self.model.save(folder)
        pipeline = self.pipeline
        around = [pipeline.tokenizer, *(regexes.component for regexes in pipeline.featurizers)]
        entries = [{"name": c.kind, **c.options} for c in around] + [{"name": OURS}]
        if pipeline.synonyms is not None:
            entries.append({"name": SYNONYMS})
        if pipeline.fallback:
            entries.append({"name": pipeline.fallback.kind, **pipeline.fallback.options})
        content = {
            "format_version": FORMAT_VERSION,
            "pipeline": entries,
            "patterns": [regexes.patterns for regexes in pipeline.featurizers],
            "nodes": [regexes.component.node for regexes in pipeline.featurizers],
            "synonyms": pipeline.synonyms,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        try:
            write_whole(folder / PIPELINE_FILE, text.encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise ModelFileError(
                f"'{folder / PIPELINE_FILE}' cannot be written ({error.strerror}), so the model "
                f"lacks what stands around it. Train it again."
            ) from error


def load_model(path: Path) -> NLUModel:
    """Read a model: a folder that `train` or `rasa_joint_nlu.core` wrote, or an archive of Rasa.

    Raises:
        InputError: if it cannot be read, or its pipeline needs Rasa.
        ModelFileError: if it is damaged or of another format.
    """
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise InputError(f"There is no '{path}'; name a folder that 'train' wrote, or a .tar.gz.")
    try:
        return _of_archive(path)
    except InputError as error:
        raise InputError(f"'{path}': {error}") from error


def _of_folder(folder: Path) -> NLUModel:
    if not (folder / MODEL_FILE).is_file():
        archives = sorted(file.name for file in folder.glob("*.tar.gz"))
        hint = f"; did you mean '{folder / archives[-1]}'?" if archives else ""
        raise InputError(f"'{folder}' has no '{MODEL_FILE}': no model was saved there{hint or '.'}")
    model = JointModel.load(folder)
    file = folder / PIPELINE_FILE
    if not file.is_file():
        # What `JointModel.save` wrote: `Example.from_text` has made the tokens.
        tokenizer = Component.of("UnicodeTokenizer", {}, "run_UnicodeTokenizer0")
        return NLUModel(Pipeline(tokenizer, (), model.config), model)
    try:
        content = json.loads(file.read_text(encoding="utf-8", errors="surrogatepass"))
        version = content["format_version"]
        if version != FORMAT_VERSION:
            raise ModelFileError(
                f"'{file}' has format version {version}; this version of rasa_joint_nlu reads "
                f"version {FORMAT_VERSION}. Train the model again."
            )
        pipeline = _pipeline_of(content, model)
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        raise ModelFileError(f"'{file}' is damaged ({error!r}). Train the model again.") from error
    return NLUModel(pipeline, model)


def _pipeline_of(content: Mapping[str, Any], model: JointModel) -> Pipeline:
    nodes = list(content["nodes"])
    components = []
    for entry in content["pipeline"]:
        options = {name: value for name, value in entry.items() if name != "name"}
        node = nodes.pop(0) if entry["name"] == REGEXES else entry["name"]
        components.append(Component.of(entry["name"], options, node))
    synonyms = content["synonyms"]
    if not isinstance(synonyms, (dict, type(None))):
        raise TypeError(f"synonyms are {synonyms!r}")
    pipeline = Pipeline.of(components)
    featurizers = tuple(
        featurizer.with_patterns(patterns)
        for featurizer, patterns in zip(pipeline.featurizers, content["patterns"])
    )
    return dataclasses.replace(
        pipeline, featurizers=featurizers, settings=model.config, synonyms=synonyms
    )


# Rasa's archives ------------------------------------------------------------------------------


def _of_archive(path: Path) -> NLUModel:
    files, _ = read_archive(path)
    metadata = _json(files, METADATA_FILE)
    components = _components(metadata)
    pipeline = Pipeline.of(components)
    notes = (*pipeline.notes, *_notes_on_version(metadata, pipeline.tokenizer.kind))
    ours = next(component for component in components if component.kind == OURS)
    model_files = [_stored(ours, MODEL_FILE), _stored(ours, WEIGHTS_FILE)]
    synonyms = [_stored(c, SYNONYMS_FILE) for c in components if c.kind == SYNONYMS]
    featurizers = tuple(
        _with_patterns(each, files, _stored(each.component, PATTERNS_FILE))
        for each in pipeline.featurizers
    )
    # There is no such file where nothing is a synonym.
    known = _json(files, synonyms[0]) if synonyms and synonyms[0] in files else pipeline.synonyms
    if not isinstance(known, (dict, type(None))):
        raise InputError(f"its '{synonyms[0]}' is damaged; train it again.")
    with tempfile.TemporaryDirectory() as folder:
        for name in model_files:
            if name not in files:
                raise ModelFileError(
                    f"'{path}' has no '{name}': its {OURS} is not trained. Train it again, with "
                    f"examples of at least two intents, or of entities."
                )
            Path(folder, name.rpartition("/")[2]).write_bytes(files[name])
        # As the component does: the options of the config count where they can.
        model = JointModel.load(folder, **pipeline.settings.to_dict())
    pipeline = dataclasses.replace(
        pipeline, featurizers=featurizers, synonyms=known, settings=model.config, notes=notes
    )
    return NLUModel(pipeline, model)


def _notes_on_version(metadata: Mapping[str, Any], tokenizer: str) -> List[str]:
    """What may be answered otherwise by the Rasa that trained a model."""
    version = str(metadata.get("rasa_open_source_version"))
    if tokenizer != "WhitespaceTokenizer" or re.match(r"3\.[0-6]\.", version):
        return []
    return [
        f"the model is of Rasa {version}, whose WhitespaceTokenizer is not that of Rasa 3.6: texts "
        f"with emoji, and words of Chinese, Japanese and Korean, may be cut in another way there."
    ]


def _components(metadata: Mapping[str, Any]) -> List[Component]:
    """The components that a message goes through, in order.

    Raises:
        InputError: if one of them runs in Rasa only.
    """
    return [Component.of(*node) for node in nodes_of(metadata)]


def _stored(component: Component, file: str) -> str:
    return f"components/{component.resource}/{file}"


def _with_patterns(
    featurizer: RegexFeaturizer, files: Mapping[str, bytes], name: str
) -> RegexFeaturizer:
    try:
        patterns = [str(pattern["pattern"]) for pattern in _json(files, name)]
    except (TypeError, KeyError) as error:
        raise InputError(f"its '{name}' is damaged ({error!r}); train it again.") from error
    return featurizer.with_patterns(patterns)


def _json(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise InputError(f"it has no '{name}', as a model of Rasa 3 has; train it again.")
    try:
        return json.loads(files[name])
    except (ValueError, RecursionError) as error:
        raise InputError(f"its '{name}' is damaged ({error}); train it again.") from error
