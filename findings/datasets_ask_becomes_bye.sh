#!/usr/bin/env bash
# One would guess: DatasetDict.class_encode_column, which makes class labels of the intents of all splits in one call,
# gives an intent one number in all of them, and Dataset.cast, which is there to bring a split to the labels of another,
# keeps the intents by their names, or refuses those that the other does not have.
# What happens: each split gets numbers of its own, in the order of the alphabet, of the intents that are in it. Where
# one intent is missing in the test split all behind it are another number, and scores compare numbers. cast keeps the
# numbers and puts the other names on them: "ask" becomes "bye", without a word, and bringing the test to the labels of
# the training makes wrong what was right. concatenate_datasets refuses such splits. cast_column of the texts to one
# ClassLabel with all names is right.
# Version: datasets 5.2.0 (datasets/dataset_dict.py, class_encode_column; arrow_dataset.py, cast), the newest.
# Exits non-zero if both splits have one numbering, or cast keeps the names or refuses.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check datasets==5.2.0
cat > labels.py <<'PY'
from importlib.metadata import version

import datasets
from datasets import ClassLabel, Dataset, DatasetDict

datasets.disable_progress_bars()
print("datasets", version("datasets"))
splits = DatasetDict(
    train=Dataset.from_dict({"intent": ["greet", "bye", "ask", "order"]}),
    test=Dataset.from_dict({"intent": ["greet", "ask"]}),
)


def names(split):
    return split.features["intent"].int2str(split["intent"][:])


encoded = splits.class_encode_column("intent")
for name, split in encoded.items():
    print(f"{name}:", dict(zip(names(split), split["intent"][:])))
print("test, cast to the labels of train:", names(encoded["test"].cast(encoded["train"].features)))
only = Dataset.from_dict({"intent": ["bye", "order"]}).class_encode_column("intent")
two = Dataset.from_dict({"intent": ["ask", "greet"]}).class_encode_column("intent")
print("ask and greet, cast to bye and order:", names(two.cast(only.features)))
label = ClassLabel(names=encoded["train"].features["intent"].names)
print("the texts, cast:", names(splits["test"].cast_column("intent", label)))
PY
HF_HUB_OFFLINE=1 venv/bin/python labels.py | tee labels.log
grep -qFx "train: {'greet': 2, 'bye': 1, 'ask': 0, 'order': 3}" labels.log
grep -qFx "test: {'greet': 1, 'ask': 0}" labels.log
grep -qFx "test, cast to the labels of train: ['bye', 'ask']" labels.log
grep -qFx "ask and greet, cast to bye and order: ['bye', 'order']" labels.log
grep -qFx "the texts, cast: ['greet', 'ask']" labels.log
echo "As found: who greets in the test says good-bye."
