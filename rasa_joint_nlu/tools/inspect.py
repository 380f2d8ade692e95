"""The command `inspect`: a model's files → what it is, without loading its weights."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rasa_joint_nlu.core.about import About
from rasa_joint_nlu.core.config import JointConfig
from rasa_joint_nlu.core.description import FORMAT_VERSION, MODEL_FILE, WEIGHTS_FILE, description
from rasa_joint_nlu.core.errors import ModelFileError
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.model_files import (
    METADATA_FILE,
    PIPELINE_FILE,
    nodes_of,
    read_archive,
)
from rasa_joint_nlu.tools.outputs import check_writable, write
from rasa_joint_nlu.tools.wording import printable

BYTES_OF_HEADER = 8
"""Of a safetensors file, the length of its header: https://github.com/huggingface/safetensors."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Show what a trained model is: versions, options, labels, sizes, how it was trained, and "
        "what it needs to answer. Of two models, show what differs."
    )
    parser.add_argument(
        "model", type=Path, metavar="MODEL", help="a folder that 'train' wrote, or Rasa's .tar.gz"
    )
    parser.add_argument("other", type=Path, nargs="?", metavar="MODEL", help="one to compare it to")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it as JSON")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks for."""
    check_writable(options.json)
    console = Console(highlight=False, emoji=False, markup=False, soft_wrap=True)
    content: Any = describe(options.model)
    if options.other is None:
        print_description(content, console)
    else:
        models = content, describe(options.other)
        content = list(differences(*models))
        print_differences(content, (options.model, options.other), console)
    if options.json:
        write(options.json, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return 0


def describe(path: Path) -> Dict[str, Any]:
    """What a model's files say of it.

    Raises:
        InputError: if there is none.
        ModelFileError: if it is damaged or of another format version.
    """
    if path.is_dir():
        files, sizes, around = _of_folder(path)
    elif path.is_file():
        files, sizes, around = _of_archive(path)
    else:
        raise InputError(f"There is no '{path}'; name a folder that 'train' wrote, or a .tar.gz.")
    model = description(path / MODEL_FILE, files[MODEL_FILE])
    try:
        about = About.of_json(model.get("about"))
        told = _told(model, about)
    except (LookupError, TypeError, AttributeError) as error:
        raise ModelFileError(
            f"The '{MODEL_FILE}' of '{path}' is damaged (its parts). Train the model again."
        ) from error
    return {
        "format_version": FORMAT_VERSION,
        **around,
        "versions": {**around["versions"], **(about.versions if about else {})},
        "training": _training(about),
        **told,
        "bytes": {"all": sum(sizes.values()), "files": sizes},
        "bytes of weights": tensor_bytes(path, files[WEIGHTS_FILE]),
    }


def _told(model: Mapping[str, Any], about: Optional[About]) -> Dict[str, Any]:
    """What the description says beside how the model was trained."""
    defaults, config = JointConfig().to_dict(), model["config"]
    return {
        "options": {
            "changed": {n: v for n, v in config.items() if v != defaults.get(n)},
            "default": {n: v for n, v in config.items() if v == defaults.get(n)},
        },
        "labels": _labels(model["labels"], about),
        "vocabulary": {"words": len(model["words"]), "dictionary": len(model["dictionary"])},
        "features": {f["name"]: f["size"] for f in model["features"]},
    }


Files = Tuple[Dict[str, bytes], Dict[str, int], Dict[str, Any]]
"""Contents by plain name, sizes by whole name, and what stands around the model."""


def _of_folder(folder: Path) -> Files:
    sizes = {file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}
    for name in (MODEL_FILE, WEIGHTS_FILE):
        if name not in sizes:
            raise InputError(f"'{folder}' has no '{name}': it is no model that 'train' wrote.")
    with (folder / WEIGHTS_FILE).open("rb") as file:
        length = int.from_bytes(file.read(BYTES_OF_HEADER), "little")
        file.seek(0)
        header = file.read(BYTES_OF_HEADER + min(length, sizes[WEIGHTS_FILE]))
    files = {MODEL_FILE: (folder / MODEL_FILE).read_bytes(), WEIGHTS_FILE: header}
    pipeline: List[str] = []
    if PIPELINE_FILE in sizes:
        try:
            content = json.loads((folder / PIPELINE_FILE).read_bytes())
            pipeline = [str(entry["name"]) for entry in content["pipeline"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ModelFileError(
                f"'{folder / PIPELINE_FILE}' is damaged ({error!r}). Train the model again."
            ) from error
    return files, sizes, {"pipeline": pipeline, "versions": {}}


def _of_archive(path: Path) -> Files:
    try:
        found, sizes = read_archive(path)
        if METADATA_FILE not in found:
            raise InputError(f"it has no '{METADATA_FILE}', as a model of Rasa 3 has.")
        metadata = json.loads(found[METADATA_FILE])
        pipeline = [uses.rpartition(".")[2] for uses, _, _, _ in nodes_of(metadata)]
    except InputError as error:
        raise InputError(f"'{path}': {error}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"'{path}': its '{METADATA_FILE}' is damaged ({error}).") from error
    files = {name.rpartition("/")[2]: content for name, content in found.items()}
    if MODEL_FILE not in files or WEIGHTS_FILE not in files:
        raise InputError(
            f"'{path}' has no trained JointNLUClassifier; its pipeline is {', '.join(pipeline)}."
        )
    around = {
        "pipeline": pipeline,
        "versions": {"rasa": str(metadata.get("rasa_open_source_version"))},
        "language": metadata.get("language"),
        "trained_at": metadata.get("trained_at"),
    }
    return files, {name: size for name, size in sizes.items() if size}, around


def _training(about: Optional[About]) -> Dict[str, Any]:
    if about is None:
        return {}
    return {
        "examples": about.examples,
        "held_out": about.held_out,
        "epochs": about.epochs,
        "seconds": about.seconds,
        "misaligned": sum(about.misaligned.values()),
        "contradictions": about.contradictions,
        "scores": dict(about.scores),
    }


def _labels(labels: Mapping[str, Any], about: Optional[About]) -> Dict[str, Dict[str, Any]]:
    """By kind, each label and how many examples it had, None where the model does not tell."""

    def counts(names: List[str], known: Mapping[str, int]) -> Dict[str, Optional[int]]:
        listed = {str(name): known.get(name) for name in names}
        return dict(sorted(listed.items(), key=lambda item: -(item[1] or 0)))

    parts = {
        part: [
            # An id of 0 is that of none.
            f"{kind}/{labels[part][number - 1]}"
            for kind, numbers in zip(labels["types"], labels[f"type_{part}"])
            for number in numbers
            if number
        ]
        for part in ("roles", "groups")
    }
    return {
        "intents": counts(labels["intents"], about.intents if about else {}),
        "types": counts(labels["types"], about.types if about else {}),
        "roles": counts(parts["roles"], about.roles if about else {}),
        "groups": counts(parts["groups"], about.groups if about else {}),
    }


def tensor_bytes(path: Path, content: bytes) -> Dict[str, int]:
    """How many bytes each tensor of a safetensors file has, by its header, the largest first.

    Raises:
        ModelFileError: if it has none.
    """
    length = int.from_bytes(content[:BYTES_OF_HEADER], "little")
    try:
        header = json.loads(content[BYTES_OF_HEADER : BYTES_OF_HEADER + length])
        sizes = {
            str(name): int(tensor["data_offsets"][1] - tensor["data_offsets"][0])
            for name, tensor in header.items()
            if name != "__metadata__"
        }
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ModelFileError(
            f"The '{WEIGHTS_FILE}' of '{path}' is damaged. Train the model again."
        ) from error
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))


# What people read ------------------------------------------------------------------------------


def print_description(content: Mapping[str, Any], console: Console) -> None:
    """Print what a model is."""
    versions = ", ".join(f"{name} {version}" for name, version in content["versions"].items())
    facts = {
        "format": f"version {content['format_version']}, {size(content['bytes']['all'])}",
        "trained with": versions or "not told: the model is of an older version",
        "trained at": str(content.get("trained_at") or ""),
        "training": _shown_training(content["training"]),
        "needs": _needs(content),
        "options": _shown(content["options"]["changed"]) or "all as by default",
        "by default": _shown(content["options"]["default"]),
        "words": f"{content['vocabulary']['words']:,} known, and "
        f"{content['vocabulary']['dictionary']:,} of a dictionary",
    }
    for name, text in facts.items():
        if text:
            console.print(Text(f"{name:<13}", "bold"), Text(printable(text)))
    for kind, labels in content["labels"].items():
        if labels:
            _print_table((kind, "examples"), labels.items(), console)
    _print_table(("bytes", ""), content["bytes"]["files"].items(), console)
    _print_table(("of the weights", ""), content["bytes of weights"].items(), console)


def _needs(content: Mapping[str, Any]) -> str:
    pipeline = " → ".join(content["pipeline"]) or "tokens as of UnicodeTokenizer"
    features = ", ".join(f"{name} ({count})" for name, count in content["features"].items())
    return f"{pipeline}; features: {features or 'none'}"


def _shown_training(training: Mapping[str, Any]) -> str:
    if not training:
        return ""
    told = (
        f"{training['examples']:,} examples, {training['epochs']} epochs, "
        f"{training['seconds']:.1f} s; {training['misaligned']} misaligned entities, "
        f"{training['contradictions']} texts in two intents"
    )
    if not training["scores"]:
        return told
    scores = ", ".join(f"{name} {value:.1%}" for name, value in training["scores"].items())
    return f"{told}; on {training['held_out']} held-out examples: {scores}"


def _shown(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {json.dumps(value)}" for name, value in options.items())


def size(number: int) -> str:
    """Bytes as people read them.

    >>> size(999), size(24_000), size(3_200_000)
    ('999 bytes', '24 kB', '3.2 MB')
    """
    if number < 1000:
        return f"{number} bytes"
    return f"{number / 1000:.0f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def _print_table(head: Tuple[str, str], rows: Any, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(head[0])
    table.add_column(head[1], justify="right")
    for name, number in rows:
        table.add_row(Text(printable(name)), "" if number is None else f"{number:,}")
    console.print()
    console.print(table)


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> Iterator[Dict[str, Any]]:
    """What differs in two descriptions: `what`, and the value of each that has one.

    >>> list(differences({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}))
    [{'what': 'a: c', 'first': 2}]
    """
    models = {"first": dict(_flat(first)), "second": dict(_flat(second))}
    for what in {**models["first"], **models["second"]}:
        values = {name: of[what] for name, of in models.items() if what in of}
        if len(values) < 2 or values["first"] != values["second"]:
            yield {"what": ": ".join(what), **values}


def _flat(value: Any, names: Tuple[str, ...] = ()) -> Iterator[Tuple[Tuple[str, ...], Any]]:
    if not isinstance(value, dict):
        # An option may have another value, by default or not: it is the same option.
        yield tuple(name for name in names if name not in ("changed", "default")), value
        return
    for name, inner in value.items():
        yield from _flat(inner, (*names, name))


def print_differences(
    found: List[Dict[str, Any]], paths: Tuple[Path, Path], console: Console
) -> None:
    """Print what differs in two models."""
    if not found:
        console.print("The models do not differ in what is told of them.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("", *map(str, paths)):
        table.add_column(head, justify="left" if not head else "right", overflow="fold")
    for difference in found:
        cells = (
            printable(_cell(difference[name])) if name in difference else "–"
            for name in ("first", "second")
        )
        table.add_row(Text(printable(difference["what"])), *map(Text, cells))
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "there"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
