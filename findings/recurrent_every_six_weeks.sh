#!/usr/bin/env bash
# One would guess: recurrent, which makes calendar rules of English such as "every tuesday at 9", understands the
# usual hours of a reminder, or leaves out the hour that it does not understand.
# What happens: what it does not know of an hour it drops, and takes the number that is left for something else.
# "every monday at half past six" is every sixth Monday, "every day at half past six" the sixth day of each year, and
# "every friday at five to six" every sixth Friday. An hour in words alone is left out ("every day at six" has none),
# and what is said of the morning behind it too: "every day at 6 in the morning" is at 18:00. All are rules that
# calendars accept. "at 9" and "at 6:30 am" are right. Read the rule back to the user (recurrent's own format does),
# and ask.
# Version: recurrent 0.4.1 (recurrent/event_parser.py), the newest.
# Exits non-zero if one of these has another rule.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recurrent==0.4.1
cat > rules.py <<'PY'
from datetime import datetime
from importlib.metadata import version

from recurrent.event_parser import RecurringEvent

print("recurrent", version("recurrent"))
for text in (
    "every monday at half past six",
    "every day at half past six",
    "every friday at five to six",
    "every day at six",
    "every day at 6 in the morning",
    "every day at 6:30 am",
):
    rule = RecurringEvent(now_date=datetime(2026, 11, 30, 12)).parse(text)
    parts = sorted(rule.removeprefix("RRULE:").split(";"))
    print(f"{text}:", *parts)
PY
venv/bin/python rules.py | tee rules.log
grep -qFx "every monday at half past six: BYDAY=MO FREQ=WEEKLY INTERVAL=6" rules.log
grep -qFx "every day at half past six: BYYEARDAY=6 FREQ=YEARLY INTERVAL=1" rules.log
grep -qFx "every friday at five to six: BYDAY=FR FREQ=WEEKLY INTERVAL=6" rules.log
grep -qFx "every day at six: FREQ=DAILY INTERVAL=1" rules.log
grep -qFx "every day at 6 in the morning: BYHOUR=18 BYMINUTE=0 FREQ=DAILY INTERVAL=1" rules.log
grep -qFx "every day at 6:30 am: BYHOUR=6 BYMINUTE=30 FREQ=DAILY INTERVAL=1" rules.log
echo "As found: half past six is every sixth week."
