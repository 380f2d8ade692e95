"""The form: what a message tells goes into the journey, and comes out as one reply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Dict, List, Mapping, Optional, Tuple

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from .asked import answers_to, cost_of, details_of, of_child, of_thing, proposed, told_beside
from .bookings import cancel, drop, total_of
from .follow import (
    another,
    begin,
    follow_up,
    is_stranded,
    message_of,
    take_up,
    wish,
    wish_in,
)
from .heard import Update, blank
from .journey import (
    JOURNEY,
    ON_TRAINS,
    PASSING,
    TELLING,
    UNFIT,
    back_from,
    forget,
    is_at,
    journey_from,
    journey_of,
    language_of,
    last_ticket,
    pair_of,
    shown,
    stop_of,
    store,
    trip_of,
    values_of,
    write_ticket,
    write_times,
    write_trip,
)
from .language import LAST, ROUGHLY, Language
from .parts import beside_yes, clauses_in, later_in, sides_of
from .people import bare_number, joins
from .replies import ANSWERS, TASKS
from .reply import Remark, Reply, written_remarks
from .routes import minutes
from .said import CITIES, ENDS, HOURS, WHEN, WHO, place_in
from .store import SoldOutError, Ticket, Trip, UnknownBookingError
from .told import classes_in, likewise_to, points_in, remarks_on, somebody_leaves, told
from .turns import (
    ANSWER,
    CANCEL,
    CHANGE,
    CLARIFY,
    FINISH,
    FORM,
    LISTING,
    PRICE,
    SHOW,
    STATUS,
    STOP,
    TIMETABLE,
    answered,
    answered_by,
    asked_about,
    asked_which,
    continues,
    following,
    intent_of,
    is_alone,
    is_sure,
    last_reply,
    preceding,
    text_of,
)
from .which import changed, code_in, meant, turned_to

# What these ask for is not about the journey that is being put together.
QUESTIONS = frozenset(
    {
        "ask_price",
        "ask_timetable",
        "ask_discount",
        "ask_luggage",
        "ask_on_board",
        "ask_terms",
        "ask_help",
        "train_status",
        "show_booking",
        "change_booking",
        "cancel_booking",
        "bot_challenge",
        "doubt",
        "out_of_scope",
        "stop",
    }
)
ELSEWHERE = QUESTIONS - ON_TRAINS - {"out_of_scope", "stop", "doubt"}
"""Of these, what is never about trains that are to be booked."""
BESIDE = frozenset(
    ["ask_discount", "ask_luggage", "ask_on_board", "ask_terms", "train_status", "bot_challenge"]
)
"""What a bot that is not sure may take a word on the journey for."""
WISHED = (*HOURS, "train_number")
"""What a connection is wished for by."""
NEXT = frozenset(["one_way", "one_journey"])
"""Texts that tell of the journey that comes next, which the slot `back` has."""
# What the way back may be taken for.
MISTAKEN = frozenset(["cancel_booking", "change_booking", "stop"])


class ValidateTicketForm(Action):
    """Puts what a message says of the journey into the slots; leaves other messages to the rules.

    It fills the slots itself, whichever the form has asked for: what is said is never lost.
    """

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Events that set slots, or none where the message is about something else."""
        intent = intent_of(tracker)
        asked = tracker.get_slot("requested_slot")
        start = asked is None
        changing = tracker.get_slot("changing")
        rest = self._beside_order(tracker) if asked == "confirmed" else None
        elsewhere = self._elsewhere(dispatcher, tracker, rest)
        if elsewhere:
            return elsewhere
        events: List[EventType] = []
        remarks: List[Remark] = list(tracker.get_slot("remark") or [])
        is_read = answered(tracker) != [FORM]
        if remarks and is_read and (changing or FINISH in answered(tracker)):
            # What took the booking up, or began the way back, has read the message.
            return self._set(tracker, Update(), remarks)
        cancels = asked_about(tracker) if start and answered(tracker) == [FORM] else []
        if cancels[:1] == [CANCEL] and language_of(tracker).bookings.agreed.search(
            text_of(tracker)
        ):
            # "Yes, cancel it, then Paris to Brussels on Friday".
            events += cancel(dispatcher, tracker, cancels[1:])
        if start and intent == "book_ticket" and self._is_new(tracker):
            events += forget()
            tracker.slots.update(dict.fromkeys((*JOURNEY, *PASSING)))
        if asked == "confirmed" and intent in ("affirm", "book_ticket") and self._waits(tracker):
            return self._set(tracker, Update(), remarks)
        if rest is not None:
            return [*events, *self._carried_out(dispatcher, tracker, rest, remarks)]
        settled = self._aside(tracker, asked, remarks) if asked else None
        if settled:
            return settled
        chosen = self._chosen(tracker) if intent not in ELSEWHERE else {}
        update = self._understood(tracker, asked, chosen)
        noted = {slot for one in remarks if isinstance(one, list) for slot in one}
        # "There by eleven. The train at six" takes back nothing.
        update.values = {s: v for s, v in update.values.items() if v or s not in noted & HOURS}
        if asked and not changing and self._is_next(tracker, update):
            both = {s: v for s, v in update.values.items() if s in WHO and not tracker.get_slot(s)}
            update = Update(both, [("one_journey", {})], back=self._queued(tracker, update.values))
        if asked and self._spares(tracker, update):
            return [*events, SlotSet("confirmed", False)]
        if asked == "confirmed" and self._takes_anyway(tracker, update):
            said = [*written_remarks(tracker), *remarks_on(update, language_of(tracker))]
            dispatcher.utter_message(text="".join(said).strip())
            return [*events, SlotSet("confirmed", True)]
        if not update and self._answers(tracker, asked, intent):
            agrees = self._agrees(tracker) or intent != "deny"
            if not (agrees and self._is_untold(tracker)):
                return [*events, SlotSet("confirmed", agrees)]
            update.problems.append(("held", {}))
        changes = intent == "inform" and (changed(tracker) or self._changes(tracker, update))
        if start and not asked_which(tracker) and (changes or self._points(tracker)):
            # Finish looks them up.
            return [*events, SlotSet("pending", [CHANGE]), SlotSet("requested_slot", None)]
        pair = pair_of(store().tickets(tracker.sender_id))
        if start and pair and update.back and not update.values:
            # "We stay until Monday": the way back is booked.
            return take_up(tracker, pair[1])
        if start and self._is_about_shown(tracker, update):
            found = meant(tracker, store().tickets(tracker.sender_id)) or [shown(tracker)]
            return take_up(tracker, *filter(None, found))
        if start and intent == "inform" and self._is_looked_up(tracker, update, bool(chosen)):
            # Finish does so.
            return [*events, SlotSet("requested_slot", None)]
        if start:
            self._keep_known(tracker, update)
        return [*events, *self._noted(dispatcher, tracker, update, remarks)]

    @classmethod
    def _elsewhere(
        cls, dispatcher: CollectingDispatcher, tracker: Tracker, rest: Optional[str]
    ) -> Optional[List[EventType]]:
        """Events for what is about another journey, or another booking, than the one of the form.

        The `rest` of a message stands beside an order to go through with the offer.
        """
        intent, changing = intent_of(tracker), tracker.get_slot("changing")
        asked, language = tracker.get_slot("requested_slot"), language_of(tracker)
        # What a message has started is not to be started once more.
        begun = FINISH in answered(tracker) or cls._picks(tracker)
        begins = asked is None and intent not in ELSEWHERE and not begun
        next_one = follow_up(tracker) if begins else another(tracker) if changing else None
        unwanted = intent not in ELSEWHERE and language.bookings.unwanted.search(text_of(tracker))
        if unwanted and not (changing or cls._points(tracker)):
            # Finish drops it.
            return [SlotSet("pending", [STOP]), SlotSet("requested_slot", None)]
        other = turned_to(tracker) if asked else None
        if other and changing and likewise_to(tracker):
            return cls._queue_changes(tracker, other.code)
        if other and rest is not None:
            # "Yes, and add her to the way back, too".
            said = {**message_of(tracker), "text": rest}
            wanted = SlotSet("wanted", {"said": said, "codes": [other.code]})
            return [wanted, SlotSet("confirmed", True)]
        if other and not next_one:
            next_one = take_up(tracker, other)
        if next_one and changing:
            dispatcher.utter_message(text=language.say("not_changed", code=changing))
        return next_one

    @staticmethod
    def _points(tracker: Tracker) -> bool:
        """Whether a message points at a booking, and tells something."""
        return intent_of(tracker) in TELLING and bool(points_in(tracker, text_of(tracker)))

    @classmethod
    def _noted(
        cls,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        update: Update,
        remarks: List[Remark],
    ) -> List[EventType]:
        """Events that set what a message tells, with a word on what it asks or leaves open."""
        intent, asked = intent_of(tracker), tracker.get_slot("requested_slot")
        start = asked is None
        beside = intent in TELLING or (update and not start and ANSWER not in answered(tracker))
        answers = answers_to(tracker, telling=True) if beside else []
        if not (update or start) and (of_child(tracker) or of_thing(tracker)):
            response = "utter_discount" if of_child(tracker) else "utter_luggage"
            details = details_of(response, text_of(tracker), language_of(tracker))
            for answer in details or [{"response": response}]:
                dispatcher.utter_message(**answer)
            return cls._set(tracker, update, remarks)
        language, text = language_of(tracker), text_of(tracker)
        _, asks = sides_of(text, language)
        proposes = told(tracker, asked, journey_of(tracker), part=asks) or wish_in(asks, language)
        silent = asks.strip() and not (answers or proposes)
        if silent and intent in TELLING and (update or not is_alone(tracker)):
            said = language.talk.edges.sub("", asks.strip())
            remarks.append(language.say("unanswered", said=said))
        for answer in answers:
            if "text" in answer:
                # Trains stand in lines of their own.
                after = "\n" if "\n" in answer["text"] else language.words["after"]
                remarks.append(answer["text"] + after)
            else:
                dispatcher.utter_message(**answer)
        if not answers and not (update or start):
            offered = asked == "confirmed" and tracker.get_slot("offer")
            unsure = intent == "affirm" and offered and last_reply(tracker) == FORM
            if intent not in TELLING and not unsure:
                return []
            if is_alone(tracker) or code_in(tracker):
                remarks.append(cls._of_booking(tracker, code_in(tracker)))
        return cls._set(tracker, update, remarks)

    @classmethod
    def _is_looked_up(cls, tracker: Tracker, update: Update, chosen: bool) -> bool:
        """Whether a message asks for what can be looked up: a booking, a train, other trains."""
        code, pending = code_in(tracker), tracker.get_slot("pending")
        if update.values.keys() == {"train_number"} and pending == [STATUS]:
            return True
        if code:
            return not update
        return (not chosen and cls._picks(tracker)) or cls._asks_on(tracker)

    def _understood(
        self, tracker: Tracker, asked: Optional[str], chosen: Mapping[str, Any]
    ) -> Update:
        """What a message changes in the journey, by what it says, takes, wishes for or confirms."""
        intent, update, before = intent_of(tracker), Update(), tracker.get_slot("before")
        text, words = text_of(tracker), language_of(tracker).bookings
        leaves = tracker.get_slot("changing") and words.keep.search(text)
        if before and words.undoing.search(text) and not leaves:
            return Update(dict(before))
        if chosen or intent not in QUESTIONS or self._answers_anyway(tracker, asked, intent):
            update = self._of_two_ways(tracker, text) if asked == "confirmed" else Update()
            update = update or told(tracker, asked, journey_of(tracker))
        elif asked or ANSWER in answered(tracker):
            update = self._told_beside(tracker, intent)
        if chosen:
            # "The last one" of those shown is not that of the day.
            fit = {slot: value for slot, value in update.values.items() if value != LAST}
            next_one = [problem for problem in update.problems if problem[0] in NEXT]
            return Update({**fit, **chosen}, next_one, back=update.back)
        if intent == "ask_price" and language_of(tracker).supposing.search(text):
            # What it would cost "if we went on Tuesday".
            return update
        elsewhere = intent in ON_TRAINS and not update
        elsewhere = elsewhere and (self._other_way(tracker, asked) or len(classes_in(tracker)) > 1)
        if (asked == "confirmed" and intent not in ELSEWHERE and not elsewhere) or (
            intent in TELLING
        ):
            self._wish(tracker, update)
        suggested = tracker.get_slot("suggested") if last_reply(tracker) == FORM else None
        if intent == "affirm" and not update and suggested and suggested[1]:
            slot, name = suggested
            if slot == "date":
                # The first connection of another day is at a time of its own.
                update.values.update(dict.fromkeys(filter(tracker.get_slot, WISHED)))
            update.values[slot] = name
        return update

    @staticmethod
    def _told_beside(tracker: Tracker, intent: str) -> Update:
        """What a message tells beside a question whose answer is not about the journey.

        Or about its price, where the offer that follows tells it.
        """
        update = told_beside(tracker) if intent in {*BESIDE, "ask_price"} else Update()
        offered = {"departure", "destination", "date", "travel_class", "passengers"}
        whole = offered <= {*journey_of(tracker), *update.values}
        return update if whole or intent in BESIDE else Update()

    @classmethod
    def _aside(
        cls, tracker: Tracker, asked: str, remarks: List[Remark]
    ) -> Optional[List[EventType]]:
        """Events for what is neither told nor decided: a question for a stop, a "later"."""
        stop = cls._stop(tracker)
        if stop:
            return cls._set(tracker, Update(), [*remarks, stop])
        language, others = language_of(tracker), changed(tracker)
        known = {slot: None for slot in HOURS if tracker.get_slot(slot)}
        if language.days.whenever.search(text_of(tracker)) and (
            told(tracker, asked, journey_of(tracker)).values.items() <= known.items()
        ):
            agreed = [] if known else [language.say("nothing_to_stop") + language.words["after"]]
            return cls._set(tracker, Update(known), [*remarks, *agreed])
        text, telling = text_of(tracker), intent_of(tracker) in TELLING
        journey, asks = journey_of(tracker), language.talk.asking.search(text)
        compares = asks and language.classes.compared.search(text) and classes_in(tracker)
        costs = asks and language.people.price.search(text)
        costs = costs or wish_in(text, language) == "cheapest"
        supposes = language.supposing.search(text) and costs
        if telling and journey.keys() >= {"departure", "destination"} and (compares or supposes):
            # "First is dear, what do we save in second?", "if it were Sunday, would it be less?"
            when = {s: v for s, v in told(tracker, asked, journey).values.items() if s in WHEN}
            prices = TASKS[PRICE].answer(tracker, {**journey, **when})
            return cls._set(tracker, Update(), [*remarks, prices + "\n"])
        if others and tracker.get_slot("changing"):
            codes = [t.code for t in others if t.code != tracker.get_slot("changing")]
            return cls._queue_changes(tracker, *codes)
        offer = tracker.get_slot("offer") if asked == "confirmed" else None
        # Whose intent is one on trains is answered by its rule.
        offer = None if intent_of(tracker) in ON_TRAINS else offer
        if offer and language.trains.arrival.search(text) and asks:
            times = write_times(store().network.from_json(offer), language)
            return cls._set(tracker, Update(), [*remarks, times + "\n"])
        one_way = language.bookings.single.search(text_of(tracker))
        if one_way and tracker.get_slot("back") is not None:
            update = told(tracker, asked, journey_of(tracker))
            remarks = [*remarks, language.say("single")]
            return [*cls._set(tracker, update, remarks), SlotSet("back", None)]
        pauses = language.bookings.pausing.search(text_of(tracker))
        if not pauses or told(tracker, asked, journey_of(tracker)).values.keys() - {"date"}:
            return None
        if asked == "confirmed":
            return [SlotSet("confirmed", False)]
        return cls._set(tracker, Update(), [*remarks, language.say("take_time")])

    @classmethod
    def _queue_changes(cls, tracker: Tracker, *codes: str) -> List[EventType]:
        """Events that change other bookings, too, after the one that is being changed."""
        remark = language_of(tracker).say("one_by_one")
        wanted = tracker.get_slot("wanted") or {"said": None}
        events = cls._set(tracker, Update(), [remark])
        return [*events, SlotSet("wanted", {**wanted, "codes": [*codes]})]

    @staticmethod
    def _keep_known(tracker: Tracker, update: Update) -> None:
        """A card and who is among the travellers stay known; what was dropped is taken up again."""
        dropped = tracker.get_slot("dropped")
        if dropped and update.values and not {*CITIES} & {*update.values, *journey_of(tracker)}:
            update.values = {**dropped, **update.values}
        known = {*update.values, *journey_of(tracker)}
        kept = {**(tracker.get_slot("travelled") or {})}
        whom = language_of(tracker).bookings.for_whom.search(text_of(tracker))
        if whom or not (update.values.keys() & {*CITIES} and known >= {*ENDS}):
            # Who books for somebody else, or asks for a day only, may mean others.
            kept = {"discount_card": kept.get("discount_card")}
        kept = {slot: kept[slot] for slot in WHO if kept.get(slot) and slot not in known}
        update.values.update(kept)
        among = tracker.get_slot("among")
        if among and update.values and "passengers" not in {*update.values, *journey_of(tracker)}:
            update.values["among"] = {**among, **update.values.get("among", {})}

    @staticmethod
    def _is_new(tracker: Tracker) -> bool:
        """Whether a message starts another journey than the one that is known."""
        named = {"departure", "destination"} & told(tracker, None, {}).values.keys()
        known = journey_of(tracker).keys()
        # Of "which cities are there from Vienna", then "to Prague", the start is known.
        return bool(named) and (bool(named & known) or not known <= {*CITIES})

    @staticmethod
    def _is_next(tracker: Tracker, update: Update) -> bool:
        """Whether a sentence behind others tells of one more journey, from and to elsewhere."""
        journey, new = journey_of(tracker), update.values
        return continues(tracker) and all(
            journey.get(end) and new.get(end) not in (None, journey[end]) for end in ENDS
        )

    @staticmethod
    def _queued(tracker: Tracker, journey: Dict[str, Any]) -> Dict[str, Any]:
        """One more journey behind those that wait already."""
        waiting, one = [], tracker.get_slot("back")
        while one:
            waiting.append(one)
            one = one.get("then")
        for one in reversed(waiting):
            journey = {**one, "then": journey}
        return journey

    @staticmethod
    def _stop(tracker: Tracker) -> Optional[str]:
        """The answer to a question whether the train on offer, or the first one, stops there."""
        text, language = text_of(tracker), language_of(tracker)
        journey, offer = journey_of(tracker), tracker.get_slot("offer")
        if not (
            language.trains.stops.search(text) and journey.keys() >= {"departure", "destination"}
        ):
            return None
        known = store().network.from_json(offer) if offer else None
        if known is None:
            known = store().offer(trip_of(journey, language), datetime.now())
        return stop_of(text, known, language) if known else None

    @staticmethod
    def _other_way(tracker: Tracker, asked: Optional[str]) -> bool:
        """Whether a message asks about another journey: "is Rome cheaper?"."""
        journey = journey_of(tracker)
        values = told(tracker, asked, journey).values
        return any(values.get(s, journey.get(s)) != journey.get(s) for s in (*CITIES, "date"))

    @staticmethod
    def _wish(tracker: Tracker, update: Update) -> None:
        """Add the connection that a message wishes for instead of the one on offer."""
        text, language = text_of(tracker), language_of(tracker)
        journey, offer = {**journey_of(tracker), **update.values}, tracker.get_slot("offer")
        settled = {"later": "date", "earlier": "date", "cheapest": "travel_class"}
        wished = wish_in(text, language)
        if wished == "cheapest" and not offer and intent_of(tracker) in TELLING:
            # "He is a student, is it cheaper?" is about no train.
            return
        new = {slot for slot, value in update.values.items() if value is not None}
        compares = language.trains.compared.search(text) and language.talk.asking.search(text)
        is_told = update.back or {"time", settled.get(wished, "time")} & new
        # "What about the 13th, is it cheaper?"
        is_told = is_told or (compares and "date" in new)
        if not wished or is_told or cost_of(tracker):
            return
        known = store().network.from_json(offer) if offer else None
        if known is None and journey.keys() >= {"departure", "destination", "date"}:
            known = store().offer(trip_of(journey, language), datetime.now())
        if known:
            wish(text, journey, known, language, update)

    @staticmethod
    def _picks(tracker: Tracker) -> bool:
        """Whether a message means one of the bookings that were just listed."""
        tickets = store().tickets(tracker.sender_id)
        return asked_which(tracker) and len(meant(tracker, tickets)) > 0

    @staticmethod
    def _asks_on(tracker: Tracker) -> bool:
        """Whether a message goes on asking, after an answer: "earlier ones", "and tomorrow?"."""
        text, language = text_of(tracker), language_of(tracker)
        asked = (tracker.get_slot("pending") or [None])[0]
        asks = language.trains.several.search(text) or language.talk.asking.search(text)
        return bool(asks and asked in (PRICE, TIMETABLE) and answered_by(tracker, asked))

    @staticmethod
    def _chosen(tracker: Tracker) -> Dict[str, Any]:
        """The connection that a message takes of those just shown, as values of slots."""
        choices = tracker.get_slot("choices")
        if not choices or last_reply(tracker) in LISTING or TIMETABLE in answered(tracker):
            # "The first train" of who asks when it runs is none of those just shown.
            return {}
        text, language = text_of(tracker), language_of(tracker)
        back = None if tracker.get_slot("there") else language.bookings.returning.search(text)
        # "For the return the first one" takes none of those shown.
        place = place_in(text[: back.start()] if back else text, language)
        if place == -1 and language.trains.last.search(text) and language.question.search(text):
            # The last one of the day, not of those shown.
            return {}
        last = language.trains.last_word.search(text)
        if place is None and answered_by(tracker, TIMETABLE):
            said = told(tracker, None, {}).values
            found = [
                number
                for number, choice in enumerate(choices)
                if is_at(said.get("time"), choice["time"])
                or said.get("train_number") == choice["train_number"]
            ]
            if len(found) > 1 and "time" in said:
                # Of those about four, the nearest.
                at = minutes(said["time"].strip(ROUGHLY))
                found = [min(found, key=lambda one: abs(minutes(choices[one]["time"]) - at))]
            if last and not language.talk.asking.search(text):
                place = language.trains.places[last.group("place").lower()]
            elif "date" in said:
                # Another day than that of those shown.
                return {}
            elif len(found) == 1:
                place = found[0]
            elif language.trains.that_one.search(text) and not said.keys() & {*WISHED}:
                place = 0
        if place is None or place >= len(choices):
            return {}
        return {slot: value for slot, value in choices[place].items() if value}

    @staticmethod
    def _changes(tracker: Tracker, update: Update) -> bool:
        """Whether a message only says that a booking is to be changed: "then change it please"."""
        changes = language_of(tracker).bookings.changing.search(text_of(tracker))
        return bool(changes and not update and last_ticket(tracker))

    @staticmethod
    def _of_booking(tracker: Tracker, code: Optional[str]) -> str:
        """The booking whose code is all that a message says, if it says so much."""
        language = language_of(tracker)
        if not code:
            one_way = language.bookings.single.search(text_of(tracker))
            return language.say("single" if one_way else "not_understood")
        try:
            return write_ticket(store().ticket(tracker.sender_id, code), language) + "\n"
        except UnknownBookingError:
            return language.say("unknown_booking", code=code) + " "

    @classmethod
    def _answers_anyway(cls, tracker: Tracker, asked: Optional[str], intent: str) -> bool:
        """Whether a message is about the journey, though its intent is another."""
        text, language = text_of(tracker), language_of(tracker)
        if asked == "passengers" and bare_number(text, language) is not None:
            return True
        if intent == "ask_price" and language.supposing.search(text):
            # What it would cost "if we went on Tuesday".
            return False
        first = tracker.get_slot("travel_class") == language.classes.first
        if intent == "ask_price" and first and told(tracker, asked, journey_of(tracker)).values:
            # "Too expensive, the cheap one then".
            return wish_in(text, language) == "cheapest" and not language.question.search(text)
        if asked == "travel_class" and language.classes.either.search(text):
            return intent == "out_of_scope"
        booked = store().tickets(tracker.sender_id)
        one_way = language.bookings.single.search(text)
        if asked and intent in MISTAKEN and language.bookings.returning.search(text):
            return not one_way
        if asked and intent in MISTAKEN and somebody_leaves(tracker) and not cost_of(tracker):
            # "Cancel one ticket" is said of those that are bought, too.
            cancels = language.bookings.cancelling.search(text)
            return not (cancels and booked) or bool(tracker.get_slot("changing"))
        if intent == "out_of_scope" and proposed(tracker):
            return True
        if intent == "cancel_booking" and is_stranded(tracker):
            return True
        if asked in CITIES and language.names_country(text):
            return True
        of_booking = code_in(tracker) or (booked and language.bookings.booking.search(text))
        if intent == "change_booking" and asked is not None and not of_booking:
            return True
        return cls._tells_anyway(tracker, asked, intent)

    @staticmethod
    def _tells_anyway(tracker: Tracker, asked: Optional[str], intent: str) -> bool:
        """Whether a message whose intent is another one tells something of the journey."""
        text, language, journey = text_of(tracker), language_of(tracker), journey_of(tracker)
        update, unsure = told(tracker, asked, journey), not is_sure(tracker)
        values = update.values
        answers = asked not in (None, "confirmed") and not language.talk.asking.search(text)
        if answers and intent in (*BESIDE, "ask_price"):
            # "A student with a eurail" asks for no discount, "no matter, cheapest" for no price.
            return asked in values
        if unsure and intent in BESIDE:
            # "The 6th? Are there seats on the 6th?" is hardly about the terms.
            return bool(values.keys() & {*CITIES, *WHEN} or update.back)
        if answers and intent == "out_of_scope" and asked == "date" and asked in values:
            # "My sister's birthday is on the 12th, I want to be there the day before."
            return True
        unsure = unsure and intent == "out_of_scope"
        if unsure or (asked and intent in ("stop", "ask_help")):
            # "Not via Lyon" is no stop, and "what if it were Tuesday" no cry for help.
            new = [slot for slot, value in values.items() if value and value != journey.get(slot)]
            if "many_passengers" in [name for name, _ in update.problems]:
                return True
            return bool(new or values.keys() & {"via", "avoid"})
        if asked == "confirmed" and intent in ON_TRAINS and not classes_in(tracker):
            # "Is there one at ten?" asks for another offer; what first class costs does not.
            kinds = {entity["entity"] for entity in tracker.latest_message.get("entities", [])}
            other = {"departure", "destination"} | (set() if "count" in kinds else {"passengers"})
            return bool(values) and not other & values.keys()
        return False

    @staticmethod
    def _is_about_shown(tracker: Tracker, update: Update) -> bool:
        """Whether a message changes the booking just shown: "to Monday, please"."""
        language, text = language_of(tracker), text_of(tracker)
        route = {"departure", "destination"} <= update.values.keys()
        if route or journey_of(tracker) or shown(tracker) is None:
            return False
        people = language.people
        leaves = somebody_leaves(tracker)
        if not update.values or leaves:
            return leaves or joins(text, language)
        fewer_or_more = any(
            words.search(text) for words in (people.alone, people.more, people.joins)
        )
        same_trip = update.values.keys() == {"passengers"} and fewer_or_more
        same_trip = same_trip or update.values.keys() == {"travel_class"}
        same_trip = same_trip or bool(language.days.shifted.search(text))
        of_another = not same_trip or language.bookings.booking.search(text)
        if intent_of(tracker) != "inform" and of_another:
            return False
        return last_reply(tracker) in (FINISH, SHOW) or not update.values.keys() & {*CITIES}

    @staticmethod
    def _answers(tracker: Tracker, asked: Optional[str], intent: str) -> bool:
        """Whether a message answers the question whether to book."""
        text, words = text_of(tracker), language_of(tracker).bookings
        offers = last_reply(tracker) == CLARIFY and not words.buying.search(text)
        if asked != "confirmed" or offers or last_reply(tracker) == CANCEL:
            return False
        sure = is_sure(tracker)
        if ValidateTicketForm._agrees(tracker):
            return bool(tracker.get_slot("offer"))
        if intent == "deny" and words.keep.search(text):
            return bool(tracker.get_slot("changing"))
        if intent == "deny" and following(tracker):
            # What is wanted instead comes next.
            return False
        language = language_of(tracker)
        hangs = sides_of(text, language)[1].strip() or language.supposing.search(text)
        # "That sounds better. How long is it?" buys nothing.
        agrees = intent in ("affirm", "book_ticket") and not (hangs or following(tracker))
        return intent == "deny" or (agrees and sure and bool(tracker.get_slot("offer")))

    @staticmethod
    def _spares(tracker: Tracker, update: Update) -> bool:
        """Whether a booking is not to be changed after all: "no, leave it"."""
        spares = language_of(tracker).bookings.sparing.search(text_of(tracker))
        ticket = last_ticket(tracker) if tracker.get_slot("changing") and spares else None
        kept = journey_from(ticket, language_of(tracker)) if ticket else {}
        return bool(ticket) and all(
            v in (None, kept[s]) for s, v in update.values.items() if s in kept
        )

    @staticmethod
    def _takes_anyway(tracker: Tracker, update: Update) -> bool:
        """Whether what is on offer is taken where there is no other: "if not, book this"."""
        anyway = language_of(tracker).bookings.otherwise.search(text_of(tracker))
        return bool(anyway and tracker.get_slot("offer") and not update.values)

    @staticmethod
    def _agrees(tracker: Tracker) -> bool:
        """Whether a message says yes by its words: "k book", "yes, thank you"."""
        text, words = text_of(tracker), language_of(tracker).bookings
        thanks = intent_of(tracker) == "thank"
        if words.changing.search(text) and not tracker.get_slot("changing"):
            return False
        return bool(words.agreeing.fullmatch(text) or (thanks and words.agreed.search(text)))

    @classmethod
    def _beside_order(cls, tracker: Tracker) -> Optional[str]:
        """What stands beside an order to go through with the offer; None where there is none."""
        text, language = text_of(tracker), language_of(tracker)
        points = [start for start, _ in points_in(tracker, text)]
        spans = clauses_in(text, language) if points else []
        # "Book it, and make the Zurich one first class" is about another one there.
        here = blank(text, (span for span in spans if any(p in range(*span) for p in points)))
        words, rest = language.bookings, beside_yes(here, language)
        rest = rest if rest is None else _without(text, _without(here, rest))
        changing = tracker.get_slot("changing")
        if words.agreed.search(text) and words.another.search(text):
            # "All right, one more for her": that ticket is the one on offer.
            rest = " " * len(text)
        if rest is None or not tracker.get_slot("offer") or last_reply(tracker) == CANCEL:
            return None
        order = _without(text, rest)
        elsewhere = words.returning.search(order) and not (changing or tracker.get_slot("there"))
        if elsewhere or (words.changing.search(order) and not changing):
            return None
        clarifies = last_reply(tracker) == CLARIFY and not words.buying.search(order)
        people, asks = language.people, sides_of(rest, language)[1]
        more = words.another.search(rest)
        # "I don't want another one, book this" leaves it so.
        leaves = more and not language.negated.search(rest[: more.start()])
        leaves = leaves or words.undoing.search(rest)
        # "Yes, and can my sister come along?"
        leaves = leaves or people.joins.search(asks) or people.one_more.search(asks)
        others = changing and changed(tracker)
        return None if clarifies or leaves or others else rest

    @staticmethod
    def _waits(tracker: Tracker) -> bool:
        """Whether a message, or a sentence behind it, holds an order back: "before you book"."""
        language, after = language_of(tracker), following(tracker)
        words, asking = language.bookings, language.talk.asking
        hedged = any(
            (words.hedging.match(one) or words.changing.search(one)) and not asking.search(one)
            for one in after[:1]
        )
        return hedged or any(map(words.waiting.search, [text_of(tracker), *after]))

    @staticmethod
    def _is_untold(tracker: Tracker) -> bool:
        """Whether sentences before this one have changed the offer, which was not told since."""
        remarks: List[Remark] = tracker.get_slot("remark") or []
        return continues(tracker) and any(one != ["back"] for one in remarks)

    @classmethod
    def _carried_out(
        cls, dispatcher: CollectingDispatcher, tracker: Tracker, rest: str, remarks: List[Remark]
    ) -> List[EventType]:
        """Events that go through with the offer, where what stands beside the order leaves it so.

        The facts of the message come first: another offer is only made. What is said of the next
        journey is kept for it, and what is asked is answered after.
        """
        text, language, journey = text_of(tracker), language_of(tracker), journey_of(tracker)
        queue = tracker.get_slot("back") or {}
        rest, later, back = cls._two_ways(tracker, rest)
        stated, asks = sides_of(rest, language)
        clauses = [stated[start:end] for start, end in clauses_in(stated, language)]
        supposed = "".join(c if language.supposing.search(c) else " " * len(c) for c in clauses)
        update = told(tracker, "confirmed", journey, part=_without(text, asks, later, supposed))
        if wish_in(_without(rest, supposed), language):
            cls._wish(tracker, update)
        known, people = cls._known(tracker), language.people
        new = {s: v for s, v in update.values.items() if v not in known.get(s, [None])}
        named = {"among"} if not language.bookings.another.search(text) else {"among", "passengers"}
        update.values = {slot: value for slot, value in new.items() if slot not in named}
        update.problems = [p for p in update.problems if p[0] not in NEXT]
        if back is None and {*ENDS} <= update.values.keys():
            # "Book it, and then I need one from Milan to Zurich".
            back, update = update.values, Update()
        update.back = back
        cls._break_off(tracker, update)
        joined = _without(stated, supposed)
        more = people.one_more.search(joined) or people.joins.search(joined)
        if update or more or cls._is_untold(tracker):
            update.problems.append(("held", {}))
            return cls._noted(dispatcher, tracker, update, remarks)
        back = {**queue, **update.back} if update.back is not None else queue or None
        back = None if language.bookings.single.search(rest) else back
        return [SlotSet("back", back), SlotSet("confirmed", True)]

    @staticmethod
    def _two_ways(tracker: Tracker, text: str) -> Tuple[str, str, Optional[Dict[str, Any]]]:
        """What of a message is about the journey on offer, what about the next, and what of that.

        The next one leads back, or to another place; the last is None where there is none.
        """
        language, journey, queue = (
            language_of(tracker),
            journey_of(tracker),
            tracker.get_slot("back"),
        )
        if tracker.get_slot("changing") or tracker.get_slot("there"):
            return text, "", None
        before = "".join(f"{sentence} " for sentence in preceding(tracker))
        place = (queue or {}).get("destination", "")
        now, later = (part[len(before) :] for part in later_in(before + text, language, place))
        carried = later.strip() and not later_in(text, language, place)[1].strip()
        known = {slot: value for slot, value in journey.items() if slot not in CITIES}
        there = date.fromisoformat(journey["date"])
        values = told(tracker, None, known, there, later).values if later.strip() else {}
        place = values.get("destination")
        onwards = place not in (None, journey["departure"])
        returns = language.bookings.returning.search(later) or queue is not None
        if (place == journey["destination"] and not journey.get("via")) or not (onwards or returns):
            return text, "", None
        if carried and not (values and values.keys() <= {*WHEN}):
            # "We come back on Sunday. In the evening. Two adults": all else is about both ways.
            return text, "", None
        slots = [*WHEN, *(ENDS if onwards else ())]
        slots += ["passengers"] if language.people.alone.search(later) else []
        return now, later, {slot: values[slot] for slot in slots if slot in values}

    @staticmethod
    def _break_off(tracker: Tracker, update: Update) -> None:
        """Let the journey on offer end at its stop, where the next one leads on to its end."""
        journey = journey_of(tracker)
        if update.back and update.back.get("destination") == journey["destination"]:
            stop = journey["via"]
            kept = {s: v for s, v in update.values.items() if (s, v) != ("departure", stop)}
            update.values = {**kept, "destination": stop, "via": None}

    @classmethod
    def _of_two_ways(cls, tracker: Tracker, text: str) -> Update:
        """What a message tells of the journey on offer and, apart from it, of the next one."""
        language, (now, _, back) = language_of(tracker), cls._two_ways(tracker, text)
        if back is None or language.bookings.single.search(text):
            return Update()
        update = told(tracker, "confirmed", journey_of(tracker), part=now)
        if not (back or update):
            return update
        waiting = (tracker.get_slot("back") or {}).get("destination")
        another_one = continues(tracker) and waiting and back.get("destination", waiting) != waiting
        update.back = cls._queued(tracker, back) if another_one else back
        cls._break_off(tracker, update)
        if back or not (following(tracker) or tracker.get_slot("back")):
            update.problems.append(("one_way", {"back": ""}))
        return update

    @staticmethod
    def _known(tracker: Tracker) -> Dict[str, List[Any]]:
        """What is known of the journey, and of the connection on offer, by slot."""
        known = {slot: [value] for slot, value in journey_of(tracker).items()}
        offer = tracker.get_slot("offer")
        if offer:
            for slot, value in values_of(store().network.from_json(offer)).items():
                known.setdefault(slot, []).append(value)
        return known

    @staticmethod
    def _set(tracker: Tracker, update: Update, remarks: List[Remark]) -> List[EventType]:
        language = language_of(tracker)
        noted: List[Remark] = [[*update.values]] if update.values else []
        problems = [problem for problem in update.problems if problem[0] not in NEXT]
        noted += [["back"]] if len(problems) < len(update.problems) else []
        remarks += [*noted, *remarks_on(Update(problems=problems), language)]
        events = [SlotSet(slot, value) for slot, value in update.values.items()]
        if update.values:
            events.append(SlotSet("before", {s: tracker.get_slot(s) for s in update.values}))
        if UNFIT & update.values.keys() and "train_number" not in update.values:
            # Chosen for another way or time.
            events.append(SlotSet("train_number", None))
        events += [SlotSet("last_city", slot) for slot in CITIES if update.values.get(slot)][-1:]
        back = update.back
        if back is not None and back.keys() <= {*WHEN}:
            back = {**(tracker.get_slot("back") or {}), **back}
        if back is not None:
            events.append(SlotSet("back", back))
        asked = tracker.get_slot("suggested")
        if asked and not asked[1] and not update.values.keys() & {*CITIES}:
            # Which city of the country is still to be told.
            update.suggested = update.suggested or asked
        return [*events, SlotSet("suggested", update.suggested), SlotSet("remark", remarks)]


def _without(text: str, *parts: str) -> str:
    """A message in which some parts of it are blank; each part is a message with a blank rest."""
    taken = {place for part in parts for place, sign in enumerate(part) if not sign.isspace()}
    return "".join(" " if place in taken else sign for place, sign in enumerate(text))


class Ask(Reply, ABC):
    """Asks for a slot of the form, after a word on what the message has told."""

    asks = True

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot that it asks for."""

    def name(self) -> str:
        """The name that the form looks for."""
        return f"action_ask_{self.slot}"

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Say it in one reply, after the last sentence of the message."""
        if following(tracker):
            return self.unsaid(tracker)
        remarks, suggested = written_remarks(tracker), tracker.get_slot("suggested")
        if continues(tracker) and asked_about(tracker) and not remarks:
            # "Cancel it. I fly instead" has its question already.
            return []
        question, events = self.question(tracker)
        if remarks and suggested and not suggested[1] and remarks[-1].rstrip()[-1:] in ("?", "？"):
            # Which city of the country is asked for already.
            question = ""
        dispatcher.utter_message(text="".join([*remarks, question]))
        return [*events, SlotSet("remark", None)]

    def unsaid(self, tracker: Tracker) -> List[EventType]:
        """What to keep of the question where it is not asked yet."""
        return []

    def question(self, tracker: Tracker) -> Tuple[str, List[EventType]]:
        """The question, and what to keep of it."""
        return language_of(tracker).say(f"ask_{self.slot}"), []


class AskDeparture(Ask):
    """Asks where the journey starts."""

    slot = "departure"


class AskDestination(Ask):
    """Asks where it ends."""

    slot = "destination"


class AskDate(Ask):
    """Asks for the day."""

    slot = "date"


class AskTravelClass(Ask):
    """Asks for first or second class."""

    slot = "travel_class"


class AskPassengers(Ask):
    """Asks who travels."""

    slot = "passengers"


class AskConfirmed(Ask):
    """Offers a connection with seats and asks whether to book it."""

    slot = "confirmed"

    def unsaid(self, tracker: Tracker) -> List[EventType]:
        """The train that would be offered: "and an hour later" is about it."""
        trip = trip_of(journey_of(tracker), language_of(tracker))
        connection = store().offer(trip, datetime.now(), besides=tracker.get_slot("changing"))
        return [SlotSet("offer", connection.as_json() if connection else None)]

    def question(self, tracker: Tracker) -> Tuple[str, List[EventType]]:
        """The offer, which the booking is then made of."""
        language, office, journey = language_of(tracker), store(), journey_of(tracker)
        trip, code = trip_of(journey, language), tracker.get_slot("changing")
        connection = office.offer(trip, datetime.now(), besides=code)
        if connection is None:
            return self._without_offer(tracker, trip)
        known = tracker.get_slot("offer") == connection.as_json()
        nothing_new = tracker.get_slot("remark") in (None, [], [language.say("not_understood")])
        known = known and (PRICE in answered(tracker) or nothing_new)
        others = classes_in(tracker) or told(tracker, None, journey).values
        if known and not (PRICE in answered(tracker) and others):
            return language.say("ask_again"), []
        cents = office.price(trip, connection, date.today())
        written = write_trip(trip, connection, cents, language)
        question = "ask_changed" if code else "ask_confirmed"
        events = [SlotSet("offer", connection.as_json())]
        return language.say(question, trip=written, code=code), events

    @staticmethod
    def _without_offer(tracker: Tracker, trip: Trip) -> Tuple[str, List[EventType]]:
        """Say that there is no train; with a time or train in mind, offer the first of the day."""
        language, office, journey = language_of(tracker), store(), journey_of(tracker)
        code = tracker.get_slot("changing")
        wanted = {slot: journey[slot] for slot in WISHED if journey.get(slot)}
        any_time = replace(trip, earliest=0, near=None, latest=None, train_number=None)
        later = replace(trip, latest=None)
        tried = (office.offer(one, datetime.now(), besides=code) for one in (later, any_time))
        connection = next(filter(None, tried), None) if wanted else None
        if connection is None:
            route = {slot: journey[slot] for slot in (*CITIES, "avoid", "date") if slot in journey}
            # What was asked for was told to have no train already.
            is_told = {PRICE, TIMETABLE} & {*answered(tracker)}
            route.update(wanted)
            none = "" if is_told else language.say("no_offer", journey=language.describe(route))
            day = trip.day + timedelta(days=1)
            later = None if code else AskConfirmed._first_of(replace(any_time, day=day), language)
            suggested = ["date", day.isoformat()] if later else None
            events = [SlotSet("offer", None), SlotSet("suggested", suggested)]
            return none + (later or language.say("other_journey")), events
        written = write_trip(
            any_time, connection, office.price(any_time, connection, date.today()), language
        )
        question = language.say("ask_changed" if code else "ask_confirmed", trip=written, code=code)
        events = [SlotSet(slot, None) for slot in wanted]
        none = language.say("no_time", wanted=language.describe(wanted))
        return none + question, [*events, SlotSet("offer", connection.as_json())]

    @staticmethod
    def _first_of(trip: Trip, language: Language) -> Optional[str]:
        """The first connection of the next day, as a question; None where there is none."""
        found = store().offer(trip, datetime.now())
        if found is None:
            return None
        return language.say("next_day", times=write_times(found, language))


def _resumed(tracker: Tracker) -> List[EventType]:
    """Events that go on with the journey that was left for a change of a booking, if any."""
    journey = {**(tracker.get_slot("back") or {})}
    then = journey.pop("then", None)
    if "destination" not in journey:
        return []
    begun = begin(Update(journey), language_of(tracker))
    return [*begun, SlotSet("back", then), FollowupAction(FORM)]


class Finish(Reply):
    """Books or changes the journey, or does not, as the traveller has decided."""

    def name(self) -> str:
        """The name that Rasa knows it by."""
        return FINISH

    async def reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Reply once; a journey that is not booked stays known, to be changed."""
        language, code = language_of(tracker), tracker.get_slot("changing")
        confirmed = tracker.get_slot("confirmed")
        if confirmed is None:
            # The message is the code of a booking, that another may have asked for.
            (task, *_) = tracker.get_slot("pending") or [SHOW]
            if task == STOP:
                return drop(dispatcher, tracker)
            return await TASKS.get(task, TASKS[SHOW]).reply(dispatcher, tracker, domain)
        if not confirmed:
            kept = language.say("not_changed", code=code) if code else language.say("not_booked")
            dispatcher.utter_message(text=kept)
            if code:
                on = self._next_change(tracker) or _resumed(tracker)
                return on or await self._gone_on(dispatcher, tracker, domain)
            return [SlotSet(s, None) for s in ("confirmed", "remark", "pending", "offer")]
        try:
            ticket = self._booked(tracker, code)
        except SoldOutError:
            remark = [language.say("sold_out")]
            return [SlotSet("confirmed", None), SlotSet("remark", remark), FollowupAction(FORM)]
        except UnknownBookingError:
            dispatcher.utter_message(text=language.say("unknown_booking", code=code))
            return forget()
        written = write_ticket(ticket, language)
        dispatcher.utter_message(text=language.say("changed" if code else "booked", ticket=written))
        known, wanted = journey_from(ticket, language), tracker.get_slot("wanted")
        kept = {slot: known[slot] for slot in (*WHO, "date", "time")}
        events = [SlotSet("shown", ticket.code), SlotSet("travelled", kept)]
        events.append(SlotSet("among", None))
        back = tracker.get_slot("back")
        events += self._told_besides(dispatcher, tracker)
        next_change = self._next_change(tracker)
        if next_change or back is None or (code and "destination" not in back):
            # "The Zurich one, too".
            again = SlotSet("wanted", {**wanted, "codes": []} if wanted else None)
            return [*(next_change or [*forget(), again]), *events]
        if back.get("time") and not (back.get("date") or back.get("destination")):
            # "In the evening we come back".
            back = {**back, "date": known["date"]}
        if back.get("date", known["date"]) < known["date"]:
            back = {slot: value for slot, value in back.items() if slot not in WHEN}
        if code:
            return [*_resumed(tracker), *events]
        then = back.pop("then", None)
        journey = {**back_from(ticket, language), **back}
        way_back = begin(Update(journey), language, ticket.trip.day)
        return [*way_back, *events, SlotSet("back", then), FollowupAction(FORM)]

    @staticmethod
    async def _gone_on(
        dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> List[EventType]:
        """Events after a booking was not changed, with what a message asks besides."""
        events = [*forget(), SlotSet("shown", tracker.get_slot("changing"))]
        task = TASKS.get(ANSWERS.get(intent_of(tracker), ""))
        if intent_of(tracker) not in ON_TRAINS or task is None:
            return events
        after = copy(tracker)
        after.slots = {**tracker.slots, **{event["name"]: event["value"] for event in events}}
        after.slots["requested_slot"] = None
        return [*events, *await task.reply(dispatcher, after, domain)]

    @staticmethod
    def _told_besides(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[EventType]:
        """Answer what a message asks beside its yes."""
        language = language_of(tracker)
        rest = beside_yes(text_of(tracker), language) or ""
        every = intent_of(tracker) == "show_booking" or language.bookings.every.search(rest)
        several = len(store().tickets(tracker.sender_id)) > 1
        if several and (every or language.bookings.summed.search(rest)):
            total = total_of(tracker)
            dispatcher.utter_message(text=total)
            return [SlotSet("pending", [SHOW])]
        # "Book it; can I cancel it later?" asks, and orders no cancelling.
        asks = {"cancel_booking": "refunds", "change_booking": "changes"}
        cost = cost_of(tracker, rest) or asks.get(intent_of(tracker))
        # What is given back after a change may be the difference.
        names = ("changes", cost) if cost == "refunds" and tracker.get_slot("changing") else (cost,)
        costs = [{"text": language.say(name)} for name in names if name]
        answers = costs or answers_to(tracker)
        wants = intent_of(tracker) in BESIDE and rest.strip()
        for answer in answers if wants or sides_of(rest, language)[1].strip() else []:
            dispatcher.utter_message(**answer)
        return []

    @staticmethod
    def _next_change(tracker: Tracker) -> List[EventType]:
        """Events that take up the next of several bookings that were to be changed, if any."""
        wanted = tracker.get_slot("wanted") or {"codes": []}
        tickets = [t for t in store().tickets(tracker.sender_id) if t.code in wanted["codes"]]
        if not tickets:
            return []
        return [*take_up(tracker, *tickets, said=wanted["said"]), FollowupAction(FORM)]

    @staticmethod
    def _booked(tracker: Tracker, code: Optional[str]) -> Ticket:
        office, today = store(), date.today()
        trip = trip_of(journey_of(tracker), language_of(tracker))
        connection = office.network.from_json(tracker.get_slot("offer"))
        if code:
            return office.change(tracker.sender_id, code, trip, connection, today)
        return office.book(tracker.sender_id, trip, connection, today)
