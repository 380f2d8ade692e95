#!/usr/bin/env bash
# One would guess: where the validator of one slot of a form corrects another slot, which it may return with its own,
# the validator of that one gets the corrected value. A comment in the code has the changes made visible to the
# validators that come after.
# What happens: the tracker has the corrected value, but the argument slot_value has that of the message, and what the
# validator returns for it wins. "To Oslo on Sunday": validate_city takes the date back, since no flight goes, then
# validate_date is called with the date, returns it as most validators return what they got, and it is set. If the
# message has the date before the city, it is right: the order of the slot events decides. So a validator that may be
# corrected reads tracker.get_slot.
# Version: rasa-sdk 3.21.1 (rasa_sdk/forms.py, get_validation_events); 3.6.2 has the same lines.
# Exits non-zero if the second validator gets the corrected value, or the corrected value is set.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-sdk==3.21.1
cat > form.py <<'PY'
import asyncio
from importlib.metadata import version

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

DOMAIN = {"forms": {"flight_form": {"required_slots": ["city", "date"]}}}


class ValidateFlightForm(FormValidationAction):
    def name(self):
        return "validate_flight_form"

    def validate_city(self, slot_value, dispatcher, tracker, domain):
        return {"city": slot_value, "date": None}  # no flight on that day: ask for another one

    def validate_date(self, slot_value, dispatcher, tracker, domain):
        print(f"validate_date gets {slot_value!r}, the tracker has {tracker.get_slot('date')!r}")
        return {"date": slot_value}


def slot(name, value):
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


print("rasa-sdk", version("rasa-sdk"))
for events in (
    [slot("city", "Oslo"), slot("date", "Sunday")],
    [slot("date", "Sunday"), slot("city", "Oslo")],
):
    values = {event["name"]: event["value"] for event in events}
    tracker = Tracker("me", values, {}, events, False, None, {"name": "flight_form"}, "action_listen")
    action = ValidateFlightForm()
    validated = asyncio.run(action.get_validation_events(CollectingDispatcher(), tracker, DOMAIN))
    first = events[0]["name"]
    print(f"{first} first: the date is", {event["name"]: event["value"] for event in validated}["date"])
PY
venv/bin/python -W ignore form.py 2> form.err | tee form.log
grep -qFx "validate_date gets 'Sunday', the tracker has None" form.log
grep -qFx "city first: the date is Sunday" form.log
grep -qFx "date first: the date is None" form.log
echo "As found: a correction is lost, or not, by the order of the slots."
