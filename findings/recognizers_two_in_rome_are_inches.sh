#!/usr/bin/env bash
# One would guess: Microsoft's recognizers for units and for dates, asked for the usual sentences of a booking, find
# what is there, or nothing, and no two of them see different things in the same words.
# What happens: "in" behind a number is inches: "a table for 2 in Rome" has a size of 2 inches, and so has "wake me at
# 3 in the morning", of which the one for dates knows the hour. "5 pm" is 5 picometres to the one and five o'clock to
# the other, "5 ft 7 in" 5.07 Hungarian forints, and "8 gb" of storage are gigabits. "a room for 3 nights" has no
# duration, as 3 days have, but the hours from 20:00 to midnight, without the 3. And "five past six" and "twenty past
# eight" are no time, while "half past six" is. Ask one recognizer for one slot, drop units with "in", and test with
# such sentences.
# Versions: recognizers-text-suite 1.0.2a2, the newest; emoji 1.7.0, as newer ones keep it from starting.
# Exits non-zero if one of these is read otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recognizers-text-suite==1.0.2a2 emoji==1.7.0
cat > booking.py <<'PY'
import datetime
from importlib.metadata import version

from recognizers_date_time import recognize_datetime
from recognizers_number_with_unit import recognize_currency, recognize_dimension

TUESDAY = datetime.datetime(2026, 12, 1, 12)
print("recognizers-text-suite", version("recognizers-text-suite"))
for text in ("a table for 2 in Rome", "wake me at 3 in the morning", "at 5 pm", "I am 5 ft 7 in", "8 gb of storage"):
    for kind, recognize in (("dimension", recognize_dimension), ("currency", recognize_currency)):
        for found in recognize(text, "en-us"):
            print(f"{kind} of {text!r}: {found.resolution['value']} {found.resolution['unit']}")
TIMES = ("wake me at 3 in the morning", "a room for 3 nights", "a room for 3 days", "half past six", "five past six")
for text in TIMES:
    found = recognize_datetime(text, "en-us", reference=TUESDAY)
    values = [each.resolution["values"][0] for each in found]
    times = [value.get("value") or f"{value['start']} to {value['end']}" for value in values]
    print(f"time of {text!r}:", *(f"{each.text!r} {time}" for each, time in zip(found, times)))
PY
venv/bin/python -W ignore booking.py | tee booking.log
grep -qFx "dimension of 'a table for 2 in Rome': 2 Inch" booking.log
grep -qFx "dimension of 'wake me at 3 in the morning': 3 Inch" booking.log
grep -qFx "dimension of 'at 5 pm': 5 Picometer" booking.log
grep -qFx "currency of 'I am 5 ft 7 in': 5.07 Hungarian forint" booking.log
grep -qFx "dimension of '8 gb of storage': 8 Gigabit" booking.log
grep -qFx "time of 'wake me at 3 in the morning': '3 in the morning' 03:00:00" booking.log
grep -qFx "time of 'a room for 3 nights': 'nights' 20:00:00 to 23:59:59" booking.log
grep -qFx "time of 'a room for 3 days': '3 days' 259200" booking.log
grep -qFx "time of 'half past six': 'half past six' 06:30:00" booking.log
grep -qFx "time of 'five past six':" booking.log
echo "As found: two in Rome are two inches, and three nights an evening."
