#!/usr/bin/env bash
# One would guess: a range of numbers in a sentence template of hassil, the recognizer of Home Assistant, which takes
# numbers in words for each of its languages, takes those that people say, and gives one and the same
# number, however it was said.
# What happens: the words are those of one rule of Unicode's number formats for each language. English has "one hundred
# five", but neither "one hundred and five" nor "a hundred"; German "einhundert" and not "hundert"; Dutch "honderdvijf"
# and not "honderd vijf". A message with another spelling fits no template at all, and the answer is None, as for any message
# that is not understood. And a number in digits is a float where the one in words is an int.
# So templates for numbers above a hundred, or values that are shown to users, need more than a range.
# Versions: hassil 3.13.0, the newest, with unicode-rbnf 2.4.1.
# Exits non-zero if other numbers are known.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hassil==3.13.0 unicode-rbnf==2.4.1
cat > count.py <<'PY'
from importlib.metadata import version

from hassil.intents import Intents
from hassil.recognize import recognize

print("hassil", version("hassil"), "unicode-rbnf", version("unicode-rbnf"))
for language, words, numbers in (
    ("en", "tickets", ("105", "one hundred five", "one hundred and five", "a hundred")),
    ("de", "Karten", ("200", "einhundert", "hundert")),
    ("nl", "kaartjes", ("honderdvijf", "honderd vijf")),
):
    sentences = [{"sentences": [f"{{count}} {words}"]}]
    intents = {
        "language": language,
        "intents": {"book": {"data": sentences}},
        "lists": {"count": {"range": {"from": 0, "to": 200}}},
    }
    for number in numbers:
        found = recognize(f"{number} {words}", Intents.from_dict(intents), language=language)
        print(language, number, "->", repr(found.entities["count"].value) if found else None)
PY
venv/bin/python -W ignore count.py | tee count.log
grep -qFx "en 105 -> 105.0" count.log
grep -qFx "en one hundred five -> 105" count.log
grep -qFx "en one hundred and five -> None" count.log
grep -qFx "en a hundred -> None" count.log
grep -qFx "de einhundert -> 100" count.log
grep -qFx "de hundert -> None" count.log
grep -qFx "nl honderdvijf -> 105" count.log
grep -qFx "nl honderd vijf -> None" count.log
echo "As found: one hundred five, and not one hundred and five."
