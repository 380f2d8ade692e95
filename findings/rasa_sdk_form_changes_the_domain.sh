#!/usr/bin/env bash
# One would guess: `required_slots` of a FormValidationAction may append to the list of slots that it is given, and
# return it: the form then asks for one more slot in this conversation, as it does for a new list.
# What happens: the list is the one in the domain. What was appended is in the domain, too, when the two are compared,
# nothing seems to have changed, and the form ends without the question. And the action server keeps the domain for
# all conversations, now that Rasa sends a digest in its place: a slot that is removed for one user is gone for
# all who come later, and what they say for it is validated no more. A new list is right: [*domain_slots, "heating"].
# Version: rasa-sdk 3.21.1 (rasa_sdk/forms.py, next_requested_slot and domain_slots; rasa_sdk/executor.py, run).
# Exits non-zero if the appended slot is asked for, or the second user's slot is validated.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-sdk==3.21.1
cat > forms.py <<'PY'
import asyncio
import logging
from importlib.metadata import version

from rasa_sdk import FormValidationAction
from rasa_sdk.executor import ActionExecutor


class Form(FormValidationAction):
    def name(self):
        return "validate_book"


class NewList(Form):
    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        return [*domain_slots, "heating"]


class Appended(Form):
    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        domain_slots.append("heating")
        return domain_slots


class Removed(Form):
    async def required_slots(self, domain_slots, dispatcher, tracker, domain):
        if tracker.get_slot("member") and "card" in domain_slots:
            domain_slots.remove("card")
        return domain_slots

    def validate_card(self, value, dispatcher, tracker, domain):
        return {"card": f"{value}, validated"}


def answered(executor, slots, domain=None):
    """The slots that the form's action sets after a user gave the last one of these."""
    name, value = list(slots.items())[-1]
    call = {
        "next_action": "validate_book",
        "domain_digest": "the same",
        "tracker": {
            "sender_id": "anybody",
            "slots": slots,
            "latest_message": {},
            "events": [{"event": "user"}, {"event": "slot", "name": name, "value": value}],
            "active_loop": {"name": "book"},
        },
    }
    if domain:
        call["domain"] = domain
    result = asyncio.run(executor.run(call))
    return {event["name"]: event["value"] for event in result.events}


def server(form, *slots):
    executor = ActionExecutor()
    executor.register_action(form())
    return executor, {"slots": {}, "forms": {"book": {"required_slots": list(slots)}}}


logging.disable(logging.WARNING)  # that slots have no validation of their own
print("rasa-sdk", version("rasa-sdk"))
for form in (NewList, Appended):
    executor, domain = server(form, "city")
    print(f"{form.__name__}:", answered(executor, {"city": "Rome"}, domain))
for visitors in (("guest",), ("member", "guest")):
    executor, domain = server(Removed, "city", "card")
    for visitor in visitors:
        slots = {"member": visitor == "member", "city": "Rome", "card": "blue"}
        events = answered(executor, slots, domain)
        domain = None  # Rasa sends it once
    print(f"after {', '.join(visitors[:-1]) or 'nobody'}, the card of a guest:", events)
PY
venv/bin/python forms.py | tee forms.log
grep -qFx "NewList: {'city': 'Rome', 'requested_slot': 'heating'}" forms.log
grep -qFx "Appended: {'city': 'Rome'}" forms.log
grep -qFx "after nobody, the card of a guest: {'card': 'blue, validated'}" forms.log
grep -qFx "after member, the card of a guest: {}" forms.log
echo "As found: a form of one user changes those of all."
