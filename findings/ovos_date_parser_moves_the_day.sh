#!/usr/bin/env bash
# One would guess: "december 5th at 10:30" is one point in time to the date parser of OpenVoiceOS, on whichever of the
# days before, and at whatever hour, it is asked.
# What happens: an hour without am or pm is the next one of its kind, seen from the hour of asking, and a date that is
# named does not end that, only a day of the week and "tomorrow" do. Asked in the morning it is 10:30, asked at noon
# 22:30, and late in the evening, when both have gone by, a day is added: the sixth, at 10:30. And a day of the month
# alone is an hour: "on the 5th" is at five o'clock, today. Nothing of the text is left over that would tell. "am" or
# "pm" behind the hour holds the day, too: ask the user, or put it there.
# Version: ovos-date-parser 0.29.0 (ovos_date_parser/dates_en.py, extract_datetime_en), the newest that is no
# pre-release.
# Exits non-zero if the three are one point in time, or the day alone is the fifth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ovos-date-parser==0.29.0
cat > dates.py <<'PY'
import datetime
from importlib.metadata import version

from ovos_date_parser import extract_datetime

print("ovos-date-parser", version("ovos-date-parser"))
for text in ("december 5th at 10:30", "december 5th at 10:30 am", "tomorrow at 10:30", "on the 5th"):
    for hour in (8, 12, 23):
        asked = datetime.datetime(2026, 12, 1, hour, tzinfo=datetime.timezone.utc)
        found, left = extract_datetime(text, lang="en", anchorDate=asked)
        print(f"{text}, asked at {hour}: {found:%Y-%m-%d %H:%M}, left over: {left!r}")
PY
venv/bin/python -W ignore dates.py 2>/dev/null | tee dates.log
grep -qFx "december 5th at 10:30, asked at 8: 2026-12-05 10:30, left over: ''" dates.log
grep -qFx "december 5th at 10:30, asked at 12: 2026-12-05 22:30, left over: ''" dates.log
grep -qFx "december 5th at 10:30, asked at 23: 2026-12-06 10:30, left over: ''" dates.log
for hour in 8 12 23; do
    grep -qFx "december 5th at 10:30 am, asked at $hour: 2026-12-05 10:30, left over: ''" dates.log
    grep -qFx "tomorrow at 10:30, asked at $hour: 2026-12-02 10:30, left over: ''" dates.log
done
grep -qFx "on the 5th, asked at 8: 2026-12-01 17:00, left over: ''" dates.log
echo "As found: a date moves with the hour at which it is asked."
