#!/usr/bin/env bash
# One would guess: an augmenter of nlpaug that swaps, deletes or misspells words of an utterance leaves the others as
# they were, and above all those that are in its list of stop words, which is what one keeps values of entities with.
# What happens: every utterance is cut at each sign and put together again with blanks of the library's own, whether a
# word was changed or not: "10:30" is "10: 30", "$5.50" is "$ 5. 50", "a@b.com" "a @ b. com" and "I'd" "I ' d". The
# pieces of an address or a price are words by themselves, so one is deleted or moved without the other although the
# whole is in stopwords: "a @ b.". Of an example with an annotated price a search for its value finds nothing, and a
# model that learns such data learns prices that nobody types. tokenizer=str.split and reverse_tokenizer=" ".join keep
# them.
# Version: nlpaug 1.1.11 (nlpaug/util/text/tokenizer.py), the newest.
# Exits non-zero if the values stay in the augmented text, or do not with the two options.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check nlpaug==1.1.11
cat > augment.py <<'PY'
import random
from importlib.metadata import version

from nlpaug.augmenter.word import RandomWordAug

TEXT, VALUES = "please send it to a@b.com at 10:30 for $5.50", ["a@b.com", "10:30", "$5.50"]
print("nlpaug", version("nlpaug"))
for name, options in (
    ("default", {}),
    ("cut at blanks", {"tokenizer": str.split, "reverse_tokenizer": " ".join}),
):
    random.seed(0)
    augmenter = RandomWordAug(action="delete", aug_max=1, stopwords=VALUES, **options)
    texts = [augmenter.augment(TEXT)[0] for _ in range(100)]
    for value in VALUES:
        print(f"{name}: {value} is in {sum(value in text for text in texts)} of {len(texts)}")
    print(f"{name}: for instance {texts[0]!r}")
PY
venv/bin/python augment.py | tee augment.log
test "$(grep -cE "^default: .* is in 0 of 100$" augment.log)" = 3
test "$(grep -cE "^cut at blanks: .* is in 100 of 100$" augment.log)" = 3
echo "As found: times, prices and addresses come back in pieces."
