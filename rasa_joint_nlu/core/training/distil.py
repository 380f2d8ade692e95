"""A sentence transformer → a vector for each word, and for each piece of its tokenizer.

Most of what such an encoder knows of a word is in what it says of the word alone (Tulkens & van
Dongen 2024, "Model2Vec"). It takes the package `transformers`, and is done once for a language.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, List, Sequence

import numpy as np

from rasa_joint_nlu.core.errors import DataError
from rasa_joint_nlu.core.tokenizer_files import words_of_vocabulary
from rasa_joint_nlu.core.vectors import WordVectors

_AT_ONCE = 256
_LONGEST = 32
"""So many tokens of a word count."""


def _takes_first(source: str) -> bool:
    """Whether what such an encoder says of a text is what it says of its first token."""
    from transformers.utils import cached_file

    try:
        path = cached_file(source, "config.json", subfolder="1_Pooling")
        pooling = json.loads(Path(path).read_bytes()) if path else {}
    except (OSError, ValueError):
        return False
    return bool(pooling.get("pooling_mode_cls_token"))


def distil(source: str, words: Sequence[str], show_progress: bool = False) -> WordVectors:
    """The vectors of words, the frequent ones first, and of the pieces that they are made of.

    Args:
        source: a folder, or a name on a hub that `transformers` knows.
        words: normalized.

    Raises:
        DataError: if it is no transformer that can be read.
        ModuleNotFoundError: if the package `transformers` is not installed.
    """
    import torch
    from tqdm import tqdm
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer, model = AutoTokenizer.from_pretrained(source), AutoModel.from_pretrained(source)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(f"'{source}' is no transformer that can be read: {reason}") from error
    rows: Dict[str, List[int]] = {}
    for word in words:
        rows.setdefault(word, tokenizer(word, truncation=True, max_length=_LONGEST)["input_ids"])
    # What stands around a text of one token, such as [CLS] and [SEP].
    empty = tokenizer("")["input_ids"]
    framed = tokenizer("a")["input_ids"]
    place = next((i for i, ids in enumerate(zip(framed, empty)) if ids[0] != ids[1]), len(empty))
    before, after = empty[:place], empty[place:]
    vocabulary = words_of_vocabulary(json.loads(tokenizer.backend_tokenizer.to_str()))
    for number, token in enumerate(vocabulary):
        if token:
            rows.setdefault(token, [*before, number, *after])
    pads, takes_first = tokenizer.pad_token_id or 0, _takes_first(source)
    texts = list(rows.values())
    table = np.zeros((len(texts), model.config.hidden_size), np.float32)
    order = np.argsort([len(ids) for ids in texts], kind="stable")
    with torch.inference_mode():
        for start in tqdm(range(0, len(order), _AT_ONCE), disable=not show_progress):
            chosen = order[start : start + _AT_ONCE].tolist()
            lengths = torch.tensor([[len(texts[i])] for i in chosen])
            mask = torch.arange(int(lengths.max()))[None] < lengths
            ids = torch.full(mask.shape, pads)
            ids[mask] = torch.tensor([number for i in chosen for number in texts[i]])
            states = model.eval()(input_ids=ids, attention_mask=mask.long()).last_hidden_state
            weights = mask / lengths
            means = (states * weights[:, :, None]).sum(1)
            table[chosen] = (states[:, 0] if takes_first else means).numpy()
    return WordVectors(list(rows), table, True)
