"""The files of trained models: their names, and what of Rasa's archives is read. Nothing is run."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rasa_joint_nlu.core.description import MODEL_FILE, WEIGHTS_FILE
from rasa_joint_nlu.tools.errors import InputError

PIPELINE_FILE = "pipeline.json"
"""Of a folder of ours, what stands around the model."""
METADATA_FILE, PATTERNS_FILE, SYNONYMS_FILE = "metadata.json", "patterns.json", "synonyms.json"
"""Of an archive of Rasa."""
LARGEST_FILE = 1 << 29
"""Bytes that a file of an archive may have to be read: 512 MiB."""
LARGEST_ARCHIVE = 1 << 33
"""Bytes that all files of an archive may have, unpacked: 8 GiB."""

_NEEDED = (METADATA_FILE, PATTERNS_FILE, SYNONYMS_FILE, MODEL_FILE, WEIGHTS_FILE)


def read_archive(path: Path) -> Tuple[Dict[str, bytes], Dict[str, int]]:
    """The files of an archive that may be needed, plain ones that are not too large; and all sizes.

    Raises:
        InputError: if it cannot be read, or is too large.
    """
    found: Dict[str, bytes] = {}
    sizes: Dict[str, int] = {}
    size = 0
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                size += member.size
                if size > LARGEST_ARCHIVE:
                    raise InputError("it is too large when unpacked; that is no model of Rasa.")
                # Rasa's names begin with neither, but its own folder may be named.
                name = member.name[2:] if member.name.startswith("./") else member.name
                sizes[name] = member.size
                if name.rpartition("/")[2] not in _NEEDED or not member.isreg():
                    continue
                if member.size > LARGEST_FILE:
                    raise InputError(f"its '{name}' is too large ({member.size:,} bytes).")
                file = archive.extractfile(member)
                assert file is not None
                found[name] = file.read()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise InputError(f"it is no archive that can be read ({error}).") from error
    return found, sizes


_NOT_OURS = ("NLUMessageConverter", "RegexMessageHandler")
"""What Rasa itself puts before and after a pipeline."""

Node = Tuple[str, Mapping[str, Any], str, Optional[str]]
"""Class, options, name and resource of a node of Rasa's graph."""


def nodes_of(metadata: Mapping[str, Any]) -> List[Node]:
    """The nodes that a message goes through, in order.

    Raises:
        InputError: if the archive is none of Rasa's, or understands nothing.
    """
    try:
        nodes = metadata["predict_schema"]["nodes"]
        name = metadata["nlu_target"]
        found: List[Node] = []
        while name in nodes and len(found) <= len(nodes):
            node = nodes[name]
            uses = str(node["uses"])
            if uses.rpartition(".")[2] not in _NOT_OURS:
                resource = (node.get("resource") or {}).get("name")
                found.append((uses, dict(node["config"] or {}), name, resource))
            name = node["needs"].get("messages", "")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{METADATA_FILE} is not as Rasa 3 writes it ({error!r}).") from error
    if not found:
        raise InputError("it was trained without NLU data, and understands nothing.")
    return found[::-1]
