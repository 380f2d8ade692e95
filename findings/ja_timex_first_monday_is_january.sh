#!/usr/bin/env bash
# One would guess: ja_timex, which finds dates and times in Japanese, finds "the first Monday" (第一月曜日), in which shops
# and doctors say when they are closed, as such a day, as a Monday, or not at all.
# What happens: the sign for Monday is the one for month, and that of Sunday the one for day, and a number before them
# makes a month or a day of the month of it. So the first Monday is January, the third March, and the fourth Sunday
# the fourth; the day of the week is gone. With every other day of the week the number is left out instead: the second
# Friday is any. Nothing in the result tells. Look for 第 and a number before a day of the week first.
# Version: ja-timex 0.2.8 (ja_timex/pattern), the newest.
# Exits non-zero if one of these is found otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ja-timex==0.2.8
cat > days.py <<'PY'
from importlib.metadata import version

from ja_timex import TimexParser

print("ja-timex", version("ja-timex"))
parser = TimexParser()
for text in ("第一月曜日", "毎月第3月曜日", "第4日曜日", "第二金曜日", "月曜日"):
    print(f"{text}:", *(f"{found.text} {found.value}" for found in parser.parse(text)))
PY
venv/bin/python -W ignore days.py | tee days.log
grep -qFx "第一月曜日: 1月 XXXX-01-XX" days.log
grep -qFx "毎月第3月曜日: 毎月 P1M 3月 XXXX-03-XX" days.log
grep -qFx "第4日曜日: 4日 XXXX-XX-04" days.log
grep -qFx "第二金曜日: 金曜日 XXXX-WXX-5" days.log
grep -qFx "月曜日: 月曜日 XXXX-WXX-1" days.log
echo "As found: the first Monday is January."
