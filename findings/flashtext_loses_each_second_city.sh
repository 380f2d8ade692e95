#!/usr/bin/env bash
# One would guess: FlashText, which finds keywords such as cities in texts, and is offered in place of regular
# expressions, finds each keyword that is there as a word, in Chinese as in English.
# What happens: the character behind a keyword is read as the end of it and as nothing else. In Chinese and Japanese
# it is the first one of the next keyword, which is lost with it: of four cities, one behind the other, the first and
# the third are found, of "明天北京" (tomorrow Beijing) the day alone, and replace_keywords leaves the others as they are.
# With a character between them both are. And what ends a word, as the README has it, is every character but ASCII
# letters, digits and underscores, so an accent does: "berg" is found in Bergün, and "man" in "mané".
# add_non_word_boundary for each such letter mends that; nothing mends the former.
# Version: flashtext 2.7 (flashtext/keyword.py, extract_keywords), the newest.
# Exits non-zero if the second city is found, or "berg" is not found in Bergün.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check flashtext==2.7
cat > keywords.py <<'PY'
from importlib.metadata import version

from flashtext import KeywordProcessor

print("flashtext", version("flashtext"))
processor = KeywordProcessor()
processor.add_keywords_from_list(["北京", "上海", "广州", "深圳", "明天", "berg", "man"])
for text in ("北京上海广州深圳", "北京到上海", "明天北京", "ich will nach Bergün", "mané", "in Bergen"):
    print(f"{text}: {' '.join(processor.extract_keywords(text))}")
processor.add_non_word_boundary("ü")
print(f"with ü as a letter: {processor.extract_keywords('Bergün')}")
PY
venv/bin/python -W ignore keywords.py | tee keywords.log
grep -qFx "北京上海广州深圳: 北京 广州" keywords.log
grep -qFx "北京到上海: 北京 上海" keywords.log
grep -qFx "明天北京: 明天" keywords.log
grep -qFx "ich will nach Bergün: berg" keywords.log
grep -qFx "mané: man" keywords.log
grep -qFx "in Bergen: " keywords.log
grep -qFx "with ü as a letter: []" keywords.log
echo "As found: a keyword behind another one is lost, and accents end words."
