#!/usr/bin/env bash
# One would guess: a parser of dates in plain English, asked for the usual words of a calendar or an alarm,
# either understands all of them or says that it does not.
# What happens: each of four drops the words that it does not know, and answers with the rest. "the day after
# tomorrow" is tomorrow to three of them; dateparser, which knows it, takes "monday at 9" for a day in
# September that is no Monday, and parsedatetime for Monday at the hour at which it is asked; and
# ctparse makes half an hour of "two and a half hours". No result says that words were left. So whoever
# puts one in Duckling's place compares what was matched with the text, or tests it with sentences of their own.
# Versions: dateparser 1.5.0, parsedatetime 2.6, ctparse 0.3.6, timefhuman 0.1.5: the newest of each.
# Exits non-zero if one of them answers these otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dateparser==1.5.0 parsedatetime==2.6 \
    ctparse==0.3.6 timefhuman==0.1.5
cat > dates.py <<'PY'
import datetime

import ctparse
import dateparser
import parsedatetime
import timefhuman

NOW = datetime.datetime(2026, 11, 25, 12)  # a Wednesday
SETTINGS = {"RELATIVE_BASE": NOW, "PREFER_DATES_FROM": "future"}


def by_dateparser(text):
    return dateparser.parse(text, languages=["en"], settings=SETTINGS)


def by_parsedatetime(text):
    found, understood = parsedatetime.Calendar().parseDT(text, NOW)
    return found if understood else None


def by_ctparse(text):
    found = ctparse.ctparse(text, ts=NOW)
    return found and str(found.resolution).split(" - ")[0]


def by_timefhuman(text):
    found = timefhuman.timefhuman(text, timefhuman.tfhConfig(now=NOW))
    return found[0] if found else None


for text in ("the day after tomorrow", "monday at 9", "two and a half hours"):
    for parser in (by_dateparser, by_parsedatetime, by_ctparse, by_timefhuman):
        found = parser(text)
        day = f" ({found:%A})" if isinstance(found, datetime.datetime) else ""
        print(f"{text} {parser.__name__}: {found}{day}")
PY
venv/bin/pip freeze | grep -E "^(dateparser|parsedatetime|ctparse|timefhuman)=="
venv/bin/python -W ignore dates.py 2>/dev/null | tee dates.log
grep -q "^the day after tomorrow by_dateparser: 2026-11-27" dates.log
grep -q "^the day after tomorrow by_parsedatetime: 2026-11-26" dates.log
grep -q "^the day after tomorrow by_ctparse: 2026-11-26" dates.log
grep -q "^the day after tomorrow by_timefhuman: 2026-11-26" dates.log
grep -q "^monday at 9 by_dateparser: 2027-09-25 .*(Saturday)" dates.log
grep -q "^monday at 9 by_parsedatetime: 2026-11-30 12:00" dates.log
grep -q "^two and a half hours by_ctparse: 30 minutes" dates.log
echo "As found: words that a parser does not know are dropped, and the date is another one."
