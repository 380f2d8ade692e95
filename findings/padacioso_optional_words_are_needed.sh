#!/usr/bin/env bash
# One would guess: an optional word in a template of Padacioso, "turn on [the] light", may be left out of a message,
# as its README says of brackets.
# What happens: the template without the word keeps both blanks around it, and a message has to have two blanks there,
# too. "turn on light" fits nothing, and the answer is no intent; "turn on  light" fits. So it is with an empty
# choice, "(the|)", and of several optional words each one has to be said. At the beginning or the end of a template
# it may be left out, and tests with whole sentences pass. The newest pre-release is right, but pip takes 1.0.0 unless
# it is asked for one. Put the blank into the brackets, "turn on[ the] light", or write both templates.
# Versions: padacioso 1.0.0 (padacioso/bracket_expansion.py), the newest that is no pre-release; and 2.4.4a1.
# Exits non-zero if 1.0.0 lets the word be left out, or does not with the blank in the brackets, or 2.4.4a1 does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
cat > templates.py <<'PY'
from importlib.metadata import version

from padacioso import IntentContainer

print("padacioso", version("padacioso"))
for template, messages in {
    "turn on [the] light": ("turn on the light", "turn on light", "turn on  light"),
    "turn on (the|) light": ("turn on light",),
    "set [the] alarm [for] {hour}": ("set the alarm for 7", "set alarm for 7"),
    "[please] stop": ("please stop", "stop"),
    "turn on[ the] light": ("turn on the light", "turn on light"),
}.items():
    parser = IntentContainer()
    parser.add_intent("it", [template])
    for message in messages:
        print(f"{template!r}, {message!r}: {parser.calc_intent(message)['name']}")
PY
for version in 1.0.0 2.4.4a1; do
    venv/bin/pip install --quiet --disable-pip-version-check "padacioso==$version"
    venv/bin/python templates.py | tee "$version.log"
    grep -qFx "'turn on [the] light', 'turn on the light': it" "$version.log"
    grep -qFx "'set [the] alarm [for] {hour}', 'set the alarm for 7': it" "$version.log"
    grep -qFx "'[please] stop', 'stop': it" "$version.log"
    grep -qFx "'turn on[ the] light', 'turn on light': it" "$version.log"
done
grep -qFx "'turn on [the] light', 'turn on light': None" 1.0.0.log
grep -qFx "'turn on [the] light', 'turn on  light': it" 1.0.0.log
grep -qFx "'turn on (the|) light', 'turn on light': None" 1.0.0.log
grep -qFx "'set [the] alarm [for] {hour}', 'set alarm for 7': None" 1.0.0.log
if grep -qF ": None" 2.4.4a1.log; then exit 1; fi
echo "As found: an optional word inside of a template has to be said."
