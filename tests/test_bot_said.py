"""What a message changes in a journey; [what the NLU found](type role group) is marked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Dict, List, Tuple

import pytest

from example_bot.actions.asked import statements
from example_bot.actions.heard import Situation, Update
from example_bot.actions.language import CLOSED, LANGUAGES
from example_bot.actions.parts import beside_yes, later_in, sides_of
from example_bot.actions.said import place_in, understand
from example_bot.actions.spelling import put_right

TODAY = date(2026, 11, 28)
TRIP = {"departure": "Lyon", "destination": "Geneva"}
REISE = {"departure": "里昂", "destination": "日内瓦"}
MARKED = re.compile(r"\[(.+?)\]\((\w+)(?: (\w+))?(?:=(\w+))?\)")


def marked(text: str) -> Tuple[str, List[Dict[str, Any]]]:
    entities = []
    plain = ""
    past = 0
    for found in MARKED.finditer(text):
        plain += text[past : found.start()]
        words, kind, label, value = found.groups()
        entity = {"entity": kind, "value": value or words, "start": len(plain)}
        if label:
            entity["group" if label.isdecimal() else "role"] = label
        plain += words
        entities.append({**entity, "end": len(plain)})
        past = found.end()
    return plain + text[past:], entities


def said(text: str, language: str = "en", **situation: Any) -> Update:
    where = Situation(language=LANGUAGES[language], today=TODAY, **situation)
    return understand(*marked(text), where)


@pytest.mark.parametrize(
    ("text", "journey", "values"),
    [
        ("[Lyon](city) [Nice](city)", {}, {"departure": "Lyon", "destination": "Nice"}),
        ("no, not to [Geneva](city destination), to [Milan](city destination)", TRIP,
         {"destination": "Milan"}),
        ("to [Milan](city destination), not [Geneva](city)", TRIP, {"destination": "Milan"}),
        ("not [Geneva](city) but [Milan](city)", TRIP, {"destination": "Milan"}),
        ("[Milan](city) instead of [Geneva](city)", TRIP, {"destination": "Milan"}),
        ("I'm not leaving from [Lyon](city departure) but from [Nice](city departure)", TRIP,
         {"departure": "Nice"}),
        ("not from [Lyon](city) but [Nice](city)", TRIP, {"departure": "Nice"}),
        ("no, to [Nice](city destination)", TRIP, {"destination": "Nice"}),
        ("to [Geneva](city destination), sorry, to [Milan](city destination)", {},
         {"destination": "Milan"}),
        ("not via [Turin](city via)", {**TRIP, "via": "Turin"},
         {"via": None, "avoid": "Turin"}),
        ("not via [Geneva](city via)", {**TRIP, "via": "Geneva"},
         {"via": None, "avoid": "Geneva"}),
        ("not on [Friday](date) but [Saturday](date)", {"date": "2026-12-04"},
         {"date": "2026-12-05"}),
        ("not on [Friday](date)", {"date": "2026-12-04"}, {"date": None}),
        ("[Monday](date), [2nd class](travel_class=second)", {},
         {"date": "2026-11-30", "travel_class": "second"}),
        ("not [first](travel_class), [second](travel_class)", {"travel_class": "first"},
         {"travel_class": "second"}),
        ("not at [9 am](time), at [10 am](time)", {"time": "09:00"}, {"time": "10:00"}),
        ("[tonight](date)", {}, {"date": "2026-11-28", "time": "18:00"}),
        ("I have a [BahnCard 25](discount_card)", TRIP, {"discount_card": "BahnCard 25"}),
        ("before [3 pm](time)", {"time": "09:00"}, {"latest": "15:00", "time": None}),
        ("on the [7th](time)", {}, {"date": "2026-12-07"}),
        ("in the morning, but not too early", {}, {"time": "09:00"}),
        ("not in the [morning](time)", {}, {"time": "12:00"}),
        ("not in the evening please", {}, {"latest": "18:00"}),
        ("not [tonight](date)", {}, {}),
        ("in the evening there are trains", {}, {"time": "18:00"}),
        ("tomorrow morning!", {}, {"date": "2026-11-29", "time": "06:00"}),
        ("show me trains at [9](time)", {}, {"time": "09:00"}),
        ("to [Pisa](city destination) over [new](city via) year", {}, {"destination": "Pisa"}),
        ("we must leave Rome by [9](time)", {}, {}),
        ("after my meeting at [5](time)", {}, {"time": "17:00"}),
        ("not a day later", {"date": "2026-12-04"}, {}),
        ("good morning", {}, {}),
        ("a [colleague](passenger_type=adult) will join me, [second](travel_class) class though",
         {"passengers": {"adult": 1}, "travel_class": "first"}, {"passengers": {"adult": 2}}),
        ("from [two](count) people to one", {"passengers": {"adult": 2}},
         {"passengers": {"traveller": 1}}),
        ("we never said by [21:00](time)", {"latest": "21:00"}, {"latest": None}),
        ("I'm not getting up before [8](time)", {}, {"time": "08:00"}),
        ("I don't want to wait a [night](time) in [Turin](city destination)", TRIP,
         {"avoid": "Turin"}),
        ("without [Turin](city)", TRIP, {"avoid": "Turin"}),
        ("My sister lives in [Vienna](city departure) and I'm in [Munich](city destination), and I "
         "want to visit her", {}, {"departure": "Munich", "destination": "Vienna"}),
        ("what about going on the 13th, is it cheaper?", {}, {"date": "2026-12-13"}),
        ("not via [Turin](city via)", TRIP, {"avoid": "Turin"}),
        ("hello", TRIP, {}),
        ("[before ten](time)", {}, {"latest": "10:00"}),
        ("I have to be there by 11 o'clock", {}, {"latest": "11:00"}),
        ("[same class](travel_class)", {"travel_class": "first"}, {"travel_class": "first"}),
        ("[before](time) the [evening](time)", {}, {"latest": "18:00"}),
        ("but without a stop in [Turin](city via)", {**TRIP, "via": "Turin"},
         {"via": None, "avoid": "Turin"}),
        ("[secound class](travel_class)", {}, {"travel_class": "second"}),
        ("[econ](travel_class)", {}, {"travel_class": "second"}),
        ("then second for both of us", {"travel_class": "first"},
         {"travel_class": "second", "passengers": {"traveller": 2}}),
        ("the [cheapest one](travel_class)", {}, {"travel_class": "second"}),
        ("same class please", {"travel_class": "first"}, {"travel_class": "first"}),
        ("that same evening", {"date": "2026-12-04"}, {"date": "2026-12-04", "time": "18:00"}),
        ("[tomorow](date) [mornin](time)", {}, {"date": "2026-11-29", "time": "06:00"}),
        ("after lunch", {}, {"time": "13:00"}),
        ("the day after that", {"date": "2026-12-04"}, {"date": "2026-12-05"}),
        ("a day earlier", {"date": "2026-12-04"}, {"date": "2026-12-03"}),
        ("sorry, the 5th I mean", {"date": "2026-12-04"}, {"date": "2026-12-05"}),
        ("sorry, my friend", {"date": "2026-12-04"}, {}),
        ("[Rome](city)", {}, {"destination": "Rome"}),
        ("that would be [nice](city=Nice)", {}, {}),
        ("what about going by way of [Brno](city destination)", TRIP, {"via": "Brno"}),
        ("[one](count) of the pupils is ill", {}, {}),
        ("is a seat for [grandma](passenger_type) possible?",
         {"passengers": {"adult": 3, "senior": 1}}, {}),
        ("does my [granny](passenger_type) get a seat", {"passengers": {"traveller": 4}},
         {"passengers": {"traveller": 3, "senior": 1}}),
        ("in [Bonn](city destination) by 10", {}, {"destination": "Bonn", "latest": "10:00"}),
        ("the one at 10 or so", {}, {"time": "~10:00"}),
        ("oh dear, it should have been the 21st", {"date": "2026-12-20"}, {"date": "2026-12-21"}),
        ("I'd rather go on Tuesday", {}, {"date": "2026-12-01"}),
        ("a [BahnCard 25](discount_card) for [one](count) of us", {"passengers": {"adult": 3}},
         {"discount_card": "BahnCard 25"}),
        ("too much. second", {"travel_class": "first"}, {"travel_class": "second"}),
        ("the cheapest class", {"travel_class": "first"}, {"travel_class": "second"}),
        ("to [nice](city destination=Nice)", {}, {"destination": "Nice"}),
        ("is [Genoa](city departure) cheaper?", TRIP, {"destination": "Genoa"}),
        ("is it cheaper from [Genoa](city departure)?", TRIP, {"departure": "Genoa"}),
        ("ok, stick with [nice](city destination=Nice)", {}, {"destination": "Nice"}),
        ("not before [nine](time)", {}, {"time": "09:00"}),
        ("but don't leave before [9](time)", {}, {"time": "09:00"}),
        ("[tmrw](date) [nite](time)", {}, {"date": "2026-11-29", "time": "20:00"}),
        ("[tonite](date)", {}, {"date": "2026-11-28", "time": "18:00"}),
        ("is there one after 4 or so", {}, {"time": "16:00"}),
        ("at [4](time)", {"time": "17:00"}, {"time": "16:00"}),
        ("at [4](time) in the morning", {}, {"time": "04:00"}),
        ("at [04:00](time)", {}, {"time": "04:00"}),
        ("can we be there before [6](time)", {}, {"latest": "18:00"}),
        ("we'd like to arrive around [noon](time)", {}, {"latest": "12:00"}),
        ("not too early please, I walk slowly", {}, {"time": "09:00"}),
        ("but don't get there too late", {}, {"latest": "21:00"}),
        ("as soon as possible, to [Nice](city destination)", {},
         {"destination": "Nice", "date": "2026-11-28"}),
        ("[Paris](city departure) - [Lyon](city) - [Nice](city destination)", {},
         {"departure": "Paris", "via": "Lyon", "destination": "Nice"}),
        ("[Paris](city departure) to [Lyon](city destination) [first](travel_class)", {},
         {"departure": "Paris", "destination": "Lyon"}),
        ("[Paris](city departure) to [Lyon](city destination), [first](travel_class) class", {},
         {"departure": "Paris", "destination": "Lyon", "travel_class": "first"}),
        ("that's too expensive", {"travel_class": "first"}, {"travel_class": "second"}),
        ("nah too much, leave it. go ahead", {"travel_class": "first"}, {"travel_class": "second"}),
        ("leave [friday](date) after work", {}, {"date": "2026-12-04", "time": "17:00"}),
        ("is there anything cheaper?", {"travel_class": "first"}, {}),
        ("I've been to [Milan](city destination) last year, it was great", {}, {}),
        ("in the [afternoon](time), between [3](time) and [5](time)", {}, {"time": "~16:00"}),
        ("[3](time) to [5](time) in the [afternoon](time)", {}, {"time": "15:00"}),
        ("if it's under 80, take [first](travel_class=first)", {"passengers": {"adult": 1}},
         {"travel_class": "first"}),
        ("my husband says [Lyon](city departure) is lovely", {}, {}),
        ("my sister lives in [Geneva](city departure) and I want to go there", {},
         {"destination": "Geneva"}),
        ("my [daughter](passenger_type=child) is studying in [Pisa](city departure), I visit her",
         {}, {"destination": "Pisa"}),
        ("I live in [Lyon](city departure), how do I get there", {}, {"departure": "Lyon"}),
        ("I'd like to visit my [son](passenger_type=child) in [Oslo](city destination)", {},
         {"destination": "Oslo"}),
        ("one-way to [Nice](city destination)", {}, {"destination": "Nice"}),
        ("and I'd like to stop in [Berlin](city via) for [two nights](date)", TRIP,
         {"via": "Berlin"}),
        ("in [two days](date)", {}, {}),
        ("does my [daughter](passenger_type=child) pay the full price?",
         {"passengers": {"traveller": 2}}, {}),
        ("on [Friday](date) after work, say [half past five](time)", {},
         {"date": "2026-12-04", "time": "17:30"}),
        ("between [8](time) and [10](time)", {}, {"time": "~09:00"}),
        ("I'd like to be in [Paris](city destination) at [11](time)", {},
         {"destination": "Paris", "latest": "11:00"}),
        ("oops no i meant [7](time)", {"time": "20:00"}, {"time": "19:00"}),
        ("no, at [9](time)", {"time": "12:00"}, {"time": "09:00"}),
        ("from [Paris](city departure) to [Lyon](city destination), no, from "
         "[Nice](city departure) to [Rome](city destination)", {},
         {"departure": "Nice", "destination": "Rome"}),
        ("evening, but not later than [8](time)", {}, {"latest": "20:00"}),
        ("a week later", {"date": "2026-12-04"}, {"date": "2026-12-11"}),
        ("make it two days earlier", {"date": "2026-12-04"}, {"date": "2026-12-02"}),
        ("same time of day", {"time": "08:50"}, {"time": "08:50"}),
        ("I don't want to change in [Paris](city via)", TRIP, {"avoid": "Paris"}),
        ("the week before [Christmas](date), say [Monday](date)", {}, {"date": "2026-12-21"}),
        ("make it [Wednesday](date)", {"date": "2026-12-15"}, {"date": "2026-12-16"}),
        ("make it [Monday](date)", {"date": "2026-12-04"}, {"date": "2026-12-07"}),
        ("make it next [Friday](date)", {"date": "2026-12-15"}, {"date": "2026-12-18"}),
        ("a [railcard](discount_card), [25](discount_card) percent", {},
         {"discount_card": "railcard 25"}),
        ("[smth](date) around [5](time)", {}, {"time": "~17:00"}),
        ("my [wife](passenger_type=adult) works till five",
         {"passengers": {"adult": 2, "infant": 1}}, {}),
        ("[the week before Christmas](date), say [Monday](date)", {}, {"date": "2026-12-21"}),
        ("he is a [student](passenger_type=student), is it cheaper?",
         {"passengers": {"adult": 2}}, {"passengers": {"adult": 1, "student": 1}}),
        ("[morning](time) all", TRIP, {}),
        ("Morning! to [Nice](city destination) please", {}, {"destination": "Nice"}),
        ("Morning, I'd like to go to [Nice](city destination)", {}, {"destination": "Nice"}),
        ("[evening](time), around [7](time)", {}, {"time": "~19:00"}),
        ("at [8ish](time)", {}, {"time": "~08:00"}),
        ("no, fiveish", {}, {"time": "~17:00"}),
        ("they can't get up early so nothing before [10](time)", {}, {"time": "10:00"}),
        ("the [3 o](date) clock one", {}, {"time": "15:00"}),
        ("my mum has an interview in [Nice](city destination) at [10:30](time)", {},
         {"destination": "Nice", "latest": "10:30"}),
        ("[tuesday](date) mornings", {}, {"date": "2026-12-01", "time": "06:00"}),
        ("not this week but on a [saturday](date)", {}, {"date": "2026-12-05"}),
        ("around [7 in the evening](time)", {}, {"time": "~19:00"}),
        ("leaving no earlier than [3](count)", {}, {"time": "15:00"}),
        ("leaving 10-ish", {}, {"time": "~10:00"}),
        ("around [five](count)", {}, {"time": "~17:00"}),
        ("around [noon](time)", {}, {"time": "~12:00"}),
        ("[20th of December](date), flexible by a day or [two](count)", {}, {"date": "2026-12-20"}),
        ("[Tuesday](date), [as early as humanly possible](date)", {}, {"date": "2026-12-01"}),
        ("be there by [Monday](date) [evening](time)", {},
         {"date": "2026-11-30", "latest": "21:00"}),
        ("one night earlier", {"date": "2026-12-04"}, {"date": "2026-12-03"}),
        ("forget [Turin](city via), direct please", {**TRIP, "via": "Turin"}, {"via": None}),
        ("no stop then", {**TRIP, "via": "Turin"}, {"via": None}),
        ("I'd rather avoid [Turin](city)", TRIP, {"avoid": "Turin"}),
        ("we have to be there around [half ten](time)", {}, {"latest": "10:30"}),
        ("in the [afternoon](time), nothing later than [4](time)", {}, {"latest": "16:00"}),
        ("same sort of time", {"time": "08:50"}, {"time": "08:50"}),
        ("the week after next, [Wednesday](date)", {}, {"date": "2026-12-09"}),
        ("the [week](date) after next, [midweek](date)", {}, {"date": "2026-12-09"}),
        ("the [evening](time) before the [10th of December](date)", {},
         {"date": "2026-12-09", "time": "18:00"}),
        ("he flies in at [noon](time) so nothing before [two](count)", {}, {"time": "14:00"}),
        ("not this weekend but the one after", {}, {"date": "2026-12-05"}),
        ("leaving [Friday](date) as late as possible", {},
         {"date": "2026-12-04", "latest": "last"}),
        ("the [railcard](discount_card) has expired", {"discount_card": "railcard"},
         {"discount_card": None}),
        ("he has a student card", {}, {"discount_card": "student card"}),
        ("no hurry about class, whichever", {}, {"travel_class": "second"}),
        ("I'd take something mid-morning", {}, {"time": "09:00"}),
        ("late [afternoon](time) please", {}, {"time": "16:00"}),
        ("bring it forward by [two days](date)", {"date": "2026-12-04"}, {"date": "2026-12-02"}),
        ("push the trip back by a week", {"date": "2026-12-04"}, {"date": "2026-12-11"}),
        ("he'll pick us up at 5 so not later than that", {}, {"latest": "17:00"}),
        ("later, we don't like early mornings", {}, {"time": "09:00"}),
        ("erm, all second then", {"travel_class": "first"}, {"travel_class": "second"}),
        ("not after [3](time)", {}, {"latest": "15:00"}),
        ("after [3](time)", {}, {"time": "15:00"}),
        ("[first](travel_class) thing in the [morning](time)", {}, {"time": "06:00"}),
        ("I mean [12](count) hours", {}, {}),
        ("more like 10 11", {"time": "09:00"}, {"time": "~10:00"}),
        ("rather [10](time) or [11](time)", {}, {"time": "10:00"}),
        ("[10](time) - [11](time)", {}, {"time": "10:00"}),
        ("[10](time), no, [11](time)", {}, {"time": "11:00"}),
        ("after [school](time) but be there before [dinner](time)", {},
         {"time": "14:00", "latest": "19:00"}),
        ("leave at [8](time) and be there by [10](time)", {"time": "07:00"},
         {"time": "08:00", "latest": "10:00"}),
        ("leave after [3](time), arrive by [8](time)", {}, {"time": "15:00", "latest": "20:00"}),
        ("after lunch and there before dinner", {}, {"time": "13:00", "latest": "19:00"}),
        ("an hour before my meeting at [3](time)", {}, {"latest": "14:00"}),
        ("be there an hour before (so by [2](time))", {"latest": "15:00"}, {"latest": "14:00"}),
        ("I want to be there half an hour early", {"latest": "15:00"}, {"latest": "14:30"}),
        ("my exam is at [10](time), I must be there 20 minutes before", {}, {"latest": "09:40"}),
        ("at [half past three](time)", {}, {"time": "15:30"}),
        ("something after [6](time)", {}, {"time": "18:00"}),
        ("not before [7](time)", {}, {"time": "19:00"}),
        ("[6](time) or later", {}, {"time": "18:00"}),
        ("at [6](time)", {}, {"time": "06:00"}),
        ("after [6](time) in the morning", {}, {"time": "06:00"}),
        ("after [9](time)", {}, {"time": "09:00"}),
        ("not in the evening", {"time": "18:00"}, {"time": None}),
        ("we want to arrive in the [morning](time)", {}, {"latest": "12:00"}),
        ("can I be in [Nice](city destination) on [Friday](date) at [9](time)?", {},
         {"destination": "Nice", "date": "2026-12-04", "latest": "09:00"}),
        ("before the evening", {}, {"latest": "18:00"}),
        ("the last train", {"time": "09:00"}, {"latest": "last", "time": None}),
        ("the last one before [noon](time)", {}, {"latest": "12:00"}),
        ("the last one", {"latest": "12:00"}, {"latest": "12:00"}),
        ("and the first train?", {"latest": "last"}, {"latest": None}),
        ("I finish work at [7pm](time) so [18:20](time) is too early", {"time": "18:00"},
         {"time": "19:00"}),
        ("I work until [7](time), so [18:20](time) is too early", {}, {"time": "19:00"}),
        ("[18:20](time) is way too early", {}, {}),
        ("the [7pm](time) train is too late", {}, {}),
        ("we want to be there for [dinner](time)", {}, {"latest": "19:00"}),
        ("I have to be in [Nice](city destination) on [Friday](date) [18](time) December at "
         "[10am](time)", {}, {"destination": "Nice", "date": "2026-12-18", "latest": "10:00"}),
        ("no not first, my husband would kill me", {"travel_class": "first"},
         {"travel_class": "second"}),
        ("I have breakfast until [9](time)", {}, {"time": "09:00"}),
        ("be there by [9](time), the one at [6](time) maybe", {},
         {"time": "06:00", "latest": "09:00"}),
        ("the conference ends at [6pm](time)", {}, {"time": "18:00"}),
        ("[tomorrow](date) first train after [7](time)", {},
         {"date": "2026-11-29", "time": "07:00"}),
        ("a meeting at [9](time) there, that train arrives [9:26](time), too late", {},
         {"latest": "09:00"}),
        ("forget night. morning train is better, arrive before [dinner](time) [19h](date)",
         {"time": "20:00"}, {"time": "06:00", "latest": "19:00"}),
        ("arrive when in [paris](city destination=Paris)? all night in train?", {},
         {"destination": "Paris"}),
        ("book [8](count 1) [children](passenger_type 1=child) and [one](count 2=1) teacher "
         "[first](travel_class), I'll do the others after", {},
         {"passengers": {"child": 8, "adult": 1}}),
        ("No, [second class](travel_class=second)! I didn't say "
         "[first class](travel_class=first)", {"travel_class": "first"},
         {"travel_class": "second"}),
        ("my company doesn't pay for [first class](travel_class=first)",
         {"travel_class": "first"}, {"travel_class": "second"}),
        ("I never asked for [second class](travel_class=second)", {"travel_class": "second"},
         {"travel_class": "first"}),
        ("not [first](travel_class)", {}, {"travel_class": "second"}),
        ("the [9:15](time) train, and there by [noon](time)", {},
         {"time": "09:15", "latest": "12:00"}),
    ],
)  # fmt: skip
def test_what_is_said_in_english(text: str, journey: Dict[str, Any], values: Any) -> None:
    assert said(text, journey=journey).values == values


@pytest.mark.parametrize(
    ("text", "journey", "values"),
    [
        ("不是去[日内瓦](city destination)，是去[米兰](city destination)", REISE,
         {"destination": "米兰"}),
        ("不是[日内瓦](city)，是[米兰](city)", REISE, {"destination": "米兰"}),
        ("去[米兰](city destination)，不去[日内瓦](city destination)", REISE,
         {"destination": "米兰"}),
        ("不从[里昂](city departure)出发，从[尼斯](city departure)出发", REISE,
         {"departure": "尼斯"}),
        ("不经过[都灵](city via)", {**REISE, "via": "都灵"},
         {"via": None, "avoid": "都灵"}),
        ("[下午三点](time)之前要到", {}, {"latest": "15:00"}),
        ("不要[一等座](travel_class)，要[二等座](travel_class)", {"travel_class": "一等座"},
         {"travel_class": "二等座"}),
        ("不是[周五](date)，是[周六](date)", {"date": "2026-12-04"}, {"date": "2026-12-05"}),
        ("[明早](date)[八点半](time)", {}, {"date": "2026-11-29", "time": "08:30"}),
        ("[九点以前](time)到", {}, {"latest": "09:00"}),
        ("不用经过[都灵](city via)", {**REISE, "via": "都灵"}, {"via": None, "avoid": "都灵"}),
        ("[二等舱](travel_class)", {}, {"travel_class": "二等座"}),
        ("[九点](time)之前不行", {}, {"time": "09:00"}),
        ("还是一样的座位", {"travel_class": "一等座"}, {"travel_class": "一等座"}),
        ("当天晚上", {"date": "2026-12-04"}, {"date": "2026-12-04", "time": "18:00"}),
        ("往后推一天", {"date": "2026-12-04"}, {"date": "2026-12-05"}),
        ("只有我自己", {}, {"passengers": {"traveller": 1}}),
        ("[三点](time)左右", {}, {"time": "~15:00"}),
        ("[凌晨三点](time)", {}, {"time": "03:00"}),
        ("[七点](time)到就行", {}, {"latest": "19:00"}),
        ("别太早", {}, {"time": "09:00"}),
        ("不想在[巴黎](city via)换车", REISE, {"avoid": "巴黎"}),
        ("能便宜一点吗", {}, {}),
        ("[早上八点](time)以后[九点](time)以前的", {}, {"time": "~08:30"}),
        ("[小孩](passenger_type=儿童)不占座吧", {"passengers": {"adult": 1, "infant": 1}}, {}),
        ("[小孩](passenger_type=儿童)不占座吧", {"passengers": {"traveller": 1}}, {}),
        ("晚两天", {"date": "2026-12-04"}, {"date": "2026-12-06"}),
        ("提前一周", {"date": "2026-12-14"}, {"date": "2026-12-07"}),
        ("在[柏林](city via)住[两晚](time)", REISE, {"via": "柏林"}),
        ("他是[学生](passenger_type=学生)", {"passengers": {"adult": 2}},
         {"passengers": {"adult": 1, "student": 1}}),
        ("不要太晚", {}, {"latest": "21:00"}),
        ("要不去[维罗纳](city destination)吧", REISE, {"destination": "维罗纳"}),
        ("[巴黎](city departure)—[里昂](city)—[尼斯](city destination)", {},
         {"departure": "巴黎", "via": "里昂", "destination": "尼斯"}),
        ("太贵了，换便宜的", {"travel_class": "一等座"}, {"travel_class": "二等座"}),
        ("去年去过[里昂](city destination)，很漂亮", {}, {}),
        ("我想坐[下午](time)的，[3点](time)到[5点](time)之间", {}, {"time": "~16:00"}),
        ("是[下午3点](time)到[5点](time)出发的", {}, {"time": "15:00"}),
        ("我妈住在[米兰](city departure)，我想去那里", {}, {"destination": "米兰"}),
        ("[圣诞节](date)前一个星期，大概[周六](date)", {}, {"date": "2026-12-19"}),
        ("我[女儿](passenger_type=儿童)在[比萨](city departure)上学，我想去看看她", {},
         {"destination": "比萨"}),
        ("去[罗马](city destination)看我[妈](passenger_type=成人)", {}, {"destination": "罗马"}),
        ("[中午](time)能到吗", REISE, {"latest": "12:00"}),
        ("中午能到吗", REISE, {"latest": "12:00"}),
        ("能不能[早上](time)到", REISE, {"latest": "12:00"}),
        ("[下午三点](time)能到[尼斯](city destination)吗", {},
         {"destination": "尼斯", "latest": "15:00"}),
        ("[晚上](time)到可以吗", REISE, {"latest": "21:00"}),
        ("[九点](time)到[尼斯](city destination)的车", {},
         {"destination": "尼斯", "time": "09:00"}),
        ("[早](time)，我去[尼斯](city destination)", {}, {"destination": "尼斯"}),
        ("[六点](time)以后的", {}, {"time": "18:00"}),
        ("差不多[五点](time)", {}, {"time": "~17:00"}),
        ("[下午三四点](time)的", {}, {"time": "15:00"}),
        ("[八点](time)会有车吗", {}, {"time": "08:00"}),
        ("[早上七点](time)前就得走", {}, {}),
        ("[上午](time)的车，别太早", {}, {"time": "09:00"}),
        ("我[七点](time)下班，[六点二十](time)太早了", {"time": "18:00"}, {"time": "19:00"}),
        ("我是说我[十一点](time)之前要到。还是刚才[六点多](time)那趟", {},
         {"time": "06:00", "latest": "11:00"}),
        ("我[十一点](time)要开会", {}, {"latest": "11:00"}),
        ("我[九点](time)要上班", {}, {"latest": "09:00"}),
        ("公司不给报[一等](travel_class=一等座)", {"travel_class": "一等座"},
         {"travel_class": "二等座"}),
        ("改成[二等座](travel_class)吧，公司不给报[一等](travel_class=一等座)",
         {"travel_class": "一等座"}, {"travel_class": "二等座"}),
        ("我没说[一等座](travel_class)", {"travel_class": "一等座"}, {"travel_class": "二等座"}),
        ("[七点](time)以后最早的一班", {}, {"time": "07:00"}),
        ("最好当天能到，不用提前一天", {"date": "2026-12-05"}, {"date": "2026-12-05"}),
        ("[九点](time)前后出发", {}, {"time": "~09:00"}),
        ("[下下周](date)吧，[周三](date)左右", {}, {"date": "2026-12-09"}),
        ("别晚于[四点](time)", {}, {"latest": "16:00"}),
        ("还是那个点", {"time": "08:50"}, {"time": "08:50"}),
        ("在[12月10号](date)前一天[晚上](time)走", {}, {"date": "2026-12-09", "time": "18:00"}),
        ("他[中午](time)的飞机落地，[两点](time)以前的都不行", {}, {"time": "14:00"}),
        ("[周五](date)走，越晚越好", {}, {"date": "2026-12-04", "latest": "last"}),
        ("一月第一个[周日](date)", {}, {"date": "2027-01-03"}),
        ("[学生证](discount_card)过期了", {"discount_card": "学生证"}, {"discount_card": None}),
        ("座位随便", {}, {"travel_class": "二等座"}),
        ("我说的是[十二](count)月", {}, {}),
        ("[星期4](date)", {}, {"date": "2026-12-03"}),
        ("算了，不停了", {**REISE, "via": "都灵"}, {"via": None}),
        ("不想经过[都灵](city via)", REISE, {"avoid": "都灵"}),
        ("避开[都灵](city)", REISE, {"avoid": "都灵"}),
        ("[中午](time)前后吧", {}, {"time": "~12:00"}),
        ("[十点十一](time)点的样子", {}, {"time": "10:00"}),
        ("还是[十点](time)或者[十一点](time)吧", {}, {"time": "10:00"}),
        ("放学后走，晚饭前到", {}, {"time": "15:00", "latest": "19:00"}),
        ("[八点](time)走，[十点](time)前到", {}, {"time": "08:00", "latest": "10:00"}),
        ("[三点](time)以后走，[八点](time)以前到", {}, {"time": "15:00", "latest": "20:00"}),
        ("[三点](time)开会，要提前一小时到", {}, {"latest": "14:00"}),
        ("要提前半小时到", {"latest": "15:00"}, {"latest": "14:30"}),
        ("[九点](time)的面试", {}, {"latest": "09:00"}),
        ("[晚上](time)走，最后一班就行", {}, {"time": "18:00", "latest": "last"}),
        ("下个星期吧，[周二](date)", {}, {"date": "2026-12-01"}),
        ("[四点多](time)那趟", {}, {"time": "16:00"}),
        ("坐末班车", {}, {"latest": "last"}),
    ],
)  # fmt: skip
def test_what_is_said_in_chinese(text: str, journey: Dict[str, Any], values: Any) -> None:
    assert said(text, "zh", journey=journey).values == values


FAMILY = {"adult": 2, "child": 1}
KIDS = "[3](count 1) [kids](passenger_type 1=child)"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("[2](count 1) [adults](passenger_type 1=adult) and [a](count 2) "
         "[kid](passenger_type 2=child)", {}, FAMILY),
        (f"actually {KIDS}", FAMILY, {"adult": 2, "child": 3}),
        (f"just {KIDS}", FAMILY, {"adult": 2, "child": 3}),
        ("only [2](count 1) [adults](passenger_type 1=adult)", FAMILY, {"adult": 2}),
        ("we are both [pensioners](passenger_type=senior)", FAMILY, {"child": 1, "senior": 2}),
        ("all [three](count) of us are [students](passenger_type=student)", FAMILY, {"student": 3}),
        ("one more [kid](passenger_type=child)", FAMILY, {"adult": 2, "child": 2}),
        ("no [kids](passenger_type=child)", FAMILY, {"adult": 2}),
        ("without the [kid](passenger_type=child)", FAMILY, {"adult": 2}),
        ("my [grandmother](passenger_type=senior) comes along", FAMILY, {**FAMILY, "senior": 1}),
        ("[4](count) people", FAMILY, {**FAMILY, "traveller": 1}),
        ("[2](count) people", FAMILY, {"traveller": 2}),
        ("[two](count 1) [adults](passenger_type 1=adult)", {"traveller": 4},
         {"adult": 2, "traveller": 2}),
        ("they are all [adults](passenger_type=adult)", {"traveller": 4}, {"adult": 4}),
        ("[me](count=1) and my [wife](passenger_type=adult)", {},
         {"adult": 2}),
        ("me and my [wife](passenger_type=adult)", {}, {"adult": 2}),
        ("[me](count=1) and [three](count) friends", {}, {"adult": 4}),
        ("me and [three](count) friends", {}, {"adult": 4}),
        ("[me](count=1) and three [friends](passenger_type=adult)", {}, {"adult": 4}),
        ("it's my [wife](passenger_type=adult) and [me](count=1) and our [two](count 1) "
         "[kids](passenger_type 1=child)", {}, {"adult": 2, "child": 2}),
        ("[one](count) of them can't come anymore", {"traveller": 4}, {"traveller": 3}),
        ("[one](count) of us has dropped out", FAMILY, {"adult": 1, "child": 1}),
        ("my [wife](passenger_type=adult) isn't coming", FAMILY, {"adult": 1, "child": 1}),
        ("the [kid](passenger_type=child) stays home", FAMILY, {"adult": 2}),
        ("my [wife](passenger_type=adult) is coming too", {"traveller": 1},
         {"traveller": 1, "adult": 1}),
        ("[2](count) people, [students](passenger_type=student)", {}, {"student": 2}),
        ("[only her](count)", {"senior": 1}, {"senior": 1}),
        ("[me](count=1) and my [son](passenger_type=child), he's [4](count)", {},
         {"infant": 1, "adult": 1}),
        ("she is 84 years old", {"senior": 1}, {"senior": 1}),
        ("he's not coming after all", {"adult": 2}, {"adult": 1}),
        ("me", {}, {"traveller": 1}),
        ("[two](count) of us", {}, {"traveller": 2}),
        ("[one](count) person can't come", {"traveller": 4}, {"traveller": 3}),
        ("make it [five](count) people, [grandma](passenger_type=senior) is coming too",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 2, "senior": 1}),
        ("I, my [husband](passenger_type=adult) and [2](count 1) [kids](passenger_type 1=child)",
         {}, {"adult": 2, "child": 2}),
        ("one of us is a [baby](passenger_type=infant), that makes [2](count 1) "
         "[adults](passenger_type 1=adult) and a [baby](passenger_type 2=infant)",
         {"traveller": 3}, {"infant": 1, "adult": 2}),
        ("[3](count) tickets, and one of us is a [student](passenger_type=student)", {},
         {"traveller": 2, "student": 1}),
        ("[only me](count)", {}, {"traveller": 1}),
        ("just [one](count), I am [retired](passenger_type=senior)", {}, {"senior": 1}),
        ("[three](count) of us, all [students](passenger_type=student)", {}, {"student": 3}),
        ("[me](count=1) and [3](count 2) [friends](passenger_type 2)", {}, {"traveller": 4}),
        ("my daughter would rather stay with her [grandma](passenger_type)",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 1}),
        ("my sister stays behind", {"adult": 4}, {"adult": 3}),
        ("only my [granny](passenger_type)", {"traveller": 4}, {"senior": 1}),
        ("my [friend](passenger_type=adult) is sick, so [three](count) people", {"adult": 4},
         {"adult": 3}),
        ("[me](count=1) and my [wife](passenger_type=adult), [two](count) of us", {},
         {"adult": 2}),
        ("we are both over 70", {"adult": 2}, {"senior": 2}),
        ("we are both over 65 years old", {"traveller": 2}, {"senior": 2}),
        ("[just me](count=1), I am [retired](passenger_type=senior)", {}, {"senior": 1}),
        ("the [kid](passenger_type=child) is [5](count) years old", FAMILY,
         {"adult": 2, "infant": 1}),
        ("my mother is 70", {"traveller": 2}, {"traveller": 1, "senior": 1}),
        ("[only me](count)", {"student": 1}, {"student": 1}),
        ("all [three](count) of us", FAMILY, FAMILY),
        ("[a](count 1) flexible ticket for [one](count 2) [adult](passenger_type 2=adult)", {},
         {"adult": 1}),
        ("[4](count) of us, [2](count 1) [men](passenger_type 1=adult) and [2](count 2) "
         "[kids](passenger_type 2=child)", {}, {"adult": 2, "child": 2}),
        ("I travel alone", {}, {"traveller": 1}),
        ("[thre](count) of us", {}, {"traveller": 3}),
        ("[two](count 1) [kids](passenger_type 2=child)", {}, {"child": 2}),
        ("my [wife](passenger_type=adult) and I travel together, we are both "
         "[pensioners](passenger_type=senior)", {}, {"senior": 2}),
        ("[two](count 1) [adults](passenger_type 1=adult) and our [kids](passenger_type 2=child), "
         "they'[re 4](train_number) and [9](time)", {},
         {"adult": 2, "child": 1, "infant": 1}),
        ("[one](count 1) [adult](passenger_type 1=adult) and [three](count 2) "
         "[childs](passenger_type 2=child), [3](date), [7](date), 13 years", {},
         {"adult": 1, "child": 2, "infant": 1}),
        ("[two](count 1) [girls](passenger_type 1=child) of 11 and 15", {}, {"child": 2}),
        ("[a](count 1) [kid](passenger_type 1=child), the [kid](passenger_type=child) "
         "is [six](count)", {"adult": 1}, {"adult": 1, "child": 1}),
        ("[one](count 1) [adult](passenger_type 1=adult), [one](count 2) "
         "[child](passenger_type 2=child), the [child](passenger_type=child) is 4", {},
         {"adult": 1, "infant": 1}),
        ("my [parents](passenger_type=adult)", {}, {"adult": 2}),
        ("my [parents](passenger_type=adult), they are both over 70", {}, {"senior": 2}),
        ("[adults](passenger_type=adult): [2](count), [kids](passenger_type=child): [1](count)",
         {}, {"adult": 2, "child": 1}),
        ("the [kids](passenger_type=child) are only [two](count)", FAMILY,
         {"adult": 2, "child": 2}),
        ("[6](count 1) [players](passenger_type 1=adult) plus [2](count 2) "
         "[coaches](passenger_type 2=adult), so [8](count 3) [adults](passenger_type 3=adult)", {},
         {"adult": 8}),
        ("[2](count 1) [adults](passenger_type 1=adult), [1](count 2) "
         "[kid](passenger_type 2=child) "
         "and [3](count 3) [seniors](passenger_type 3=senior)", {},
         {"adult": 2, "child": 1, "senior": 3}),
        ("we are a team of 7", {}, {"traveller": 7}),
        ("5 of us only", {"traveller": 6}, {"traveller": 5}),
        ("make it two, my [colleague](passenger_type=adult) joins us too", {"adult": 1},
         {"adult": 2}),
        ("oh, we're three", {"traveller": 2}, {"traveller": 3}),
        ("2 tix", {}, {"traveller": 2}),
        ("[one](count 1) [adult](passenger_type 1=adult) and [a](count 2) "
         "[dog](passenger_type 2)", {}, {"adult": 1}),
        ("[one](count 1) [adult](passenger_type 1=adult) and [2](count) bikes", {}, {"adult": 1}),
        ("what if [two](count) of them are under 6", {"traveller": 4},
         {"traveller": 2, "infant": 2}),
        ("they are [3](count) and [5](count)", {"traveller": 4}, {"traveller": 2, "infant": 2}),
        ("can you add a fifth person", {"traveller": 4}, {"traveller": 5}),
        ("we're [two](count 1) [couples](passenger_type 1)", {}, {"traveller": 4}),
        ("[two](count 1) [adults](passenger_type 1=adult) and [our](count 2) "
         "[kids](passenger_type 2=child), they'[re 4](train_number) and [9](time)", {},
         {"adult": 2, "child": 1, "infant": 1}),
        ("me + [2](count 1) [kids](passenger_type 1=child)", {}, {"adult": 1, "child": 2}),
        ("[four](count) of us, [two](count 1) [men](passenger_type 1) and [two](count 2) "
         "[women](passenger_type 2)", {}, {"traveller": 4}),
        ("[three](count) of us are [students](passenger_type=student)", {"adult": 5},
         {"adult": 2, "student": 3}),
        ("[three](count) of us in all", {"senior": 2}, {"senior": 2, "traveller": 1}),
        ("they are [3](count) and [5](count)", {"traveller": 2, "infant": 2},
         {"traveller": 2, "infant": 2}),
        ("my mother is 70", {"traveller": 1, "senior": 1}, {"traveller": 1, "senior": 1}),
        ("two train tickets pls", {}, {"traveller": 2}),
        ("a [teenager](passenger_type=child) of [15](count)", {}, {"child": 1}),
        ("add 2 more tickets", {"adult": 1}, {"adult": 1, "traveller": 2}),
        ("both of us", {"traveller": 3}, {"traveller": 2}),
        ("we are four, [two](count 1) [kids](passenger_type 1=child) aged 3 and 11", {},
         {"traveller": 2, "child": 1, "infant": 1}),
        ("we're five, [three](count 1) of us are [kids](passenger_type 1=child)", {},
         {"traveller": 2, "child": 3}),
        ("[6](count 1) [adults](passenger_type 1=adult), [2](count) of them "
         "[seniors](passenger_type 2=senior), and [2](count 3) [children](passenger_type 3=child)",
         {}, {"adult": 4, "senior": 2, "child": 2}),
        ("[2](count 1) [adults](passenger_type 1=adult) and a [4](count) year old", {},
         {"adult": 2, "infant": 1}),
        ("[2](count 1) [adults](passenger_type 1=adult) and my 70-year-old", {},
         {"adult": 2, "senior": 1}),
        ("she is fifteen", {"traveller": 2}, {"traveller": 1, "child": 1}),
        ("he's seventy-one", {"adult": 2}, {"adult": 1, "senior": 1}),
        ("a friend might join me, she's not a [student](passenger_type=student)", {"student": 1},
         {"student": 1, "adult": 1}),
        ("my [granddaughter](passenger_type) can't come after all, so [one](count) person",
         {"adult": 1, "child": 1}, {"adult": 1}),
        ("me and my [granddaughter](passenger_type)", {}, {"adult": 1, "child": 1}),
        ("my [parents](passenger_type=adult) and the [kids](passenger_type=child)",
         {"traveller": 6}, {"adult": 2, "child": 4}),
        ("actually [two](count) of the [adults](passenger_type=adult) are over 65",
         {"adult": 4, "child": 2}, {"adult": 2, "child": 2, "senior": 2}),
        ("[two](count) of us are over 65", {"traveller": 4}, {"traveller": 2, "senior": 2}),
        ("and my [gf](passenger_type=adult) too, shes also a [student](passenger_type=student)",
         {"student": 1}, {"student": 2}),
        ("and my [wife](passenger_type=adult)", {"adult": 1}, {"adult": 2}),
        ("my [sister](passenger_type=adult) wants to come along, she is 68", {},
         {"traveller": 1, "senior": 1}),
        ("my [wife](passenger_type=adult) is 70", {"adult": 2}, {"adult": 1, "senior": 1}),
        ("she is not a [student](passenger_type=student)", {"adult": 1, "student": 1},
         {"adult": 1, "student": 1}),
        ("he isn't a [student](passenger_type=student)", {"student": 2},
         {"student": 1, "adult": 1}),
        ("[two](count) couples", {}, {"traveller": 4}),
        ("[me](count=1) n [2](count) [mates](passenger_type=adult)", {}, {"adult": 3}),
        ("I travel with my [sister](passenger_type=adult) and her two boys, [4](count) and "
         "[10](time)", {}, {"adult": 2, "child": 1, "infant": 1}),
        ("she turned 66 last month", {"traveller": 2}, {"traveller": 1, "senior": 1}),
        ("my [parents](passenger_type=adult) can't come", {"adult": 2, "senior": 2}, {"adult": 2}),
        ("[one](count) couple can't make it", {"traveller": 6}, {"traveller": 4}),
        ("[two](count) of us dropped out", {"traveller": 5}, {"traveller": 3}),
        ("two of us dropped out", {"traveller": 5}, {"traveller": 3}),
        ("[three](count) of the guests can't make it", {"traveller": 5}, {"traveller": 2}),
        ("I want to take my [parents](passenger_type=senior)", {}, {"adult": 1, "senior": 2}),
        ("[5](count) people, [2](count 2) [kids](passenger_type 2=child)", {},
         {"traveller": 3, "child": 2}),
        ("[5](count) people and [2](count 2) [kids](passenger_type 2=child)", {},
         {"traveller": 5, "child": 2}),
        ("the boys will stay with their [dad](passenger_type=adult)", {"adult": 2, "child": 2},
         {"adult": 2}),
        ("the [boys](passenger_type=child) will stay with their [dad](passenger_type=adult)",
         {"adult": 2, "child": 1}, {"adult": 2}),
        ("[eight](count) pupils and a [teacher](passenger_type)", {}, {"child": 8, "adult": 1}),
        ("[7](count 1) [students](passenger_type 1=student) and [2](count 2) coaches", {},
         {"student": 7, "adult": 2}),
        ("a family of [4](count) with [2](count 2) [kids](passenger_type 2=child)", {},
         {"traveller": 2, "child": 2}),
        ("[one](count) more person", {"traveller": 4}, {"traveller": 5}),
        ("we're [four](count) now, my [son](passenger_type=child) joins", FAMILY,
         {"adult": 2, "child": 2}),
        ("[one](count) of them can't come, so [three](count) people", {"adult": 4}, {"adult": 3}),
        ("my [friends](passenger_type=adult) can't come", {"adult": 4}, {"adult": 1}),
        ("me and my [wife](passenger_type=adult)", {"student": 1}, {"student": 1, "adult": 1}),
        ("my [wife](passenger_type=adult) is a [student](passenger_type=student)", FAMILY,
         {"adult": 1, "child": 1, "student": 1}),
        ("my [mother](passenger_type=adult) is 70", {"senior": 2}, {"senior": 2}),
        ("my [parents](passenger_type=adult), they are both over 70", {"adult": 4},
         {"adult": 2, "senior": 2}),
        ("[three](count 1) [kids](passenger_type 1=child) under 6", {"adult": 1},
         {"adult": 1, "infant": 3}),
        ("[5](count) people, and [2](count 2) [kids](passenger_type 2=child)", {},
         {"traveller": 5, "child": 2}),
        ("cancel [one](count) ticket, my [wife](passenger_type=adult) is ill", {"adult": 3},
         {"adult": 2}),
        ("we are both over 70", {"adult": 4}, {"adult": 2, "senior": 2}),
        ("[two](count) of us are [adults](passenger_type=adult)", {"traveller": 4},
         {"traveller": 2, "adult": 2}),
        ("[three](count 1) [students](passenger_type 1=student) and a professor", {},
         {"student": 3, "adult": 1}),
        ("[two](count 1) [kids](passenger_type 1=child) with [their](count 2) "
         "[grandma](passenger_type 2)", {}, {"child": 2, "senior": 1}),
        ("my parents, all [retired](passenger_type=senior)", {}, {"senior": 2}),
        ("remove [one](count 1) [kid](passenger_type 1=child)", {"adult": 2, "child": 3},
         {"adult": 2, "child": 2}),
        ("take [two](count) people off", {"adult": 2, "child": 3}, {"adult": 2, "child": 1}),
        ("take [one](count) person out please", {"traveller": 3}, {"traveller": 2}),
        ("[two](count 1) fewer [kids](passenger_type 1=child)", {"adult": 2, "child": 3},
         {"adult": 2, "child": 1}),
        ("[one](count 1) [kid](passenger_type 1=child) less", FAMILY, {"adult": 2}),
        ("we are one less", {"traveller": 3}, {"traveller": 2}),
        ("leave out the [kids](passenger_type=child)", {"adult": 2, "child": 3}, {"adult": 2}),
        ("leave my [son](passenger_type=child) out", {"adult": 2, "child": 2},
         {"adult": 2, "child": 1}),
        ("take my wife off the booking", FAMILY, {"adult": 1, "child": 1}),
        ("without my [wife](passenger_type=adult)", {"adult": 3}, {"adult": 2}),
        ("please remove a [student](passenger_type) and add an [adult](passenger_type)",
         {"student": 2}, {"student": 1, "adult": 1}),
        ("remove [one](count) of the [kids](passenger_type=child)", {"adult": 2, "child": 3},
         {"adult": 2, "child": 2}),
        ("[1](count 1) [adult](passenger_type 1) [1](count 2) [student](passenger_type 2)",
         {"child": 1}, {"adult": 1, "student": 1}),
        ("[2](count 1) [adults](passenger_type 1=adult), [1](count 2) [senior](passenger_type 2)",
         FAMILY, {"adult": 2, "senior": 1}),
        ("and [1](count 1) [student](passenger_type 1) and [1](count 2) [senior](passenger_type 2)",
         FAMILY, {**FAMILY, "student": 1, "senior": 1}),
        ("a ticket please, for one", {}, {"traveller": 1}),
        ("for one please", {}, {"traveller": 1}),
        ("[two](count) of them are my nephews, 7 and [12](count)", {"traveller": 4},
         {"traveller": 2, "child": 2}),
        ("a single ticket for two to Nice", {}, {"traveller": 2}),
        ("[one](count 1) [colleague](passenger_type 1=adult) bailed", {"traveller": 3},
         {"traveller": 2}),
        ("actually make us 6", {"adult": 5}, {"adult": 5, "traveller": 1}),
        ("he wants to take his assistant along", {"traveller": 1}, {"traveller": 2}),
        ("[two](count), no [baby](passenger_type=infant)", {"adult": 2}, {"adult": 2}),
        ("[1](count 1) [adult](passenger_type 1) + [1](count 2) [child](passenger_type 2) "
         "(age [5](count 3))", {}, {"adult": 1, "infant": 1}),
        ("mum, dad, [gran](passenger_type 2) and [three](count 2) "
         "[kids](passenger_type 2=child), [3](count 3), [8](passenger_type 3) and [15](count 3)",
         {}, {"adult": 2, "senior": 1, "child": 2, "infant": 1}),
        ("[gran](passenger_type) goes by herself", {"adult": 2, "senior": 1}, {"senior": 1}),
        ("[2](count 1) [adults](passenger_type 1=adult), [one](count 2)'s 67", {},
         {"adult": 1, "senior": 1}),
        ("[three](count 1) [adults](passenger_type 1=adult); [one](count 2) has a cold", {},
         {"adult": 3}),
        ("a single traveller", {}, {"traveller": 1}),
        ("me and my mum want to see the sea", {}, {"adult": 2}),
        ("cancel one of the tickets", {"adult": 3}, {"adult": 2}),
        ("remove my [daughter](passenger_type=child)", {"adult": 3}, {"adult": 2}),
        ("my wife can't come, so we're one less", {"adult": 4}, {"adult": 3}),
        ("and me", {"senior": 2}, {"senior": 2, "traveller": 1}),
        ("one person please", {}, {"traveller": 1}),
        ("a ticket for me", {}, {"traveller": 1}),
        ("[two](count=2) people, [71](count) and [74](count)", {}, {"senior": 2}),
        ("my [mum](passenger_type) comes, too, she's 66, so [one](count=1) more person",
         {"adult": 2, "infant": 1}, {"adult": 2, "infant": 1, "senior": 1}),
        ("my wife is [71](count)", {"senior": 2}, {"senior": 2}),
        ("[one](count 1=1) [adult](passenger_type 1=adult), "
         "[one](count 2=1) [baby](passenger_type 2=infant) and a 4 year old", {},
         {"adult": 1, "infant": 2}),
        ("my [friend](passenger_type) wants to come with me, 22 years old, also "
         "[student](passenger_type)", {"student": 1}, {"student": 2}),
        ("[two](count 1=2) [adults](passenger_type 1=adult), he is 37 and I'm 33", {},
         {"adult": 2}),
        ("me, 34, plus the [two](count 1=2) [kids](passenger_type 1=child)", {},
         {"adult": 1, "child": 2}),
        ("no [2](count) much", {"traveller": 2}, None),
    ],
)  # fmt: skip
def test_passengers_are_set_kind_by_kind(text: str, before: Any, after: Any) -> None:
    expected = {"passengers": after} if after else {}
    assert said(text, journey={"passengers": before}).values == expected


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("改成[三](count 1)个[小孩](passenger_type 1=儿童)", FAMILY, {"adult": 2, "child": 3}),
        ("我女儿想留在奶奶家", {"adult": 2, "child": 2}, {"adult": 2, "child": 1}),
        ("我妹妹不跟我们去了", {"adult": 4}, {"adult": 3}),
        ("[两](count 1)[大](passenger_type 1=成人)[一](count 2)[小](passenger_type 2=儿童)，"
         "[孩子](passenger_type=儿童)六岁", {}, {"adult": 2, "child": 1}),
        ("[两](count 1)[大](passenger_type 1=成人)[一](count 2)[小](passenger_type 2=儿童)，"
         "[孩子](passenger_type=儿童)四岁", {}, {"adult": 2, "infant": 1}),
        ("[孩子](passenger_type=儿童)只有[一](count)个", {"adult": 2, "child": 2},
         {"adult": 2, "child": 1}),
        ("[大人](passenger_type=成人)[三](count)个，[小孩](passenger_type=儿童)[一](count)个", {},
         {"adult": 3, "child": 1}),
        ("我和[老婆](passenger_type=成人)[两](count)个人", {}, {"adult": 2}),
        ("[爸妈](passenger_type=成人)都七十多了", {}, {"senior": 2}),
        ("[爸妈](passenger_type=老人)都七十多岁了", {}, {"senior": 2}),
        ("我和[老伴](passenger_type=成人)，都六十五了", {"traveller": 2}, {"senior": 2}),
        ("[父母](passenger_type=成人)", {}, {"adult": 2}),
        ("[两](count 1)个[孩子](passenger_type 1=儿童)，4、9岁", {}, {"infant": 1, "child": 1}),
        ("我带[孩子](passenger_type=儿童)，一个三岁一个七岁", {},
         {"adult": 1, "child": 1, "infant": 1}),
        ("我们一共六个人", {}, {"traveller": 6}),
        ("两张票", {}, {"traveller": 2}),
        ("我们俩", {"traveller": 3}, {"traveller": 2}),
        ("两个[大人](passenger_type=成人)和一个四岁的", {}, {"adult": 2, "infant": 1}),
        ("小的一个两岁一个八岁", {"adult": 3, "child": 2}, {"adult": 3, "child": 1, "infant": 1}),
        ("[大人](passenger_type=成人)[两](count 1)个，[小孩](passenger_type=儿童)[三](count 2)个",
         {"adult": 3, "child": 1, "infant": 1}, {"adult": 2, "child": 2, "infant": 1}),
        ("我妈六十八", {"traveller": 2}, {"traveller": 1, "senior": 1}),
        ("[两](count)个人，[一](count 2)个是[老人](passenger_type=老人)", {},
         {"traveller": 1, "senior": 1}),
        ("[三](count)个人一起", {"senior": 2}, {"senior": 2, "traveller": 1}),
        ("[两](count)个人，[一](count 2)个[学生](passenger_type 2=学生)", {},
         {"traveller": 1, "student": 1}),
        ("她不是[学生](passenger_type=学生)", {"adult": 1, "student": 1},
         {"adult": 1, "student": 1}),
        ("想带[爸妈](passenger_type=老人)去玩", {},
         {"senior": 2, "adult": 1}),
        ("我[老公](passenger_type=成人)不去了", {"adult": 2, "senior": 1},
         {"adult": 1, "senior": 1}),
        ("[孩子](passenger_type=儿童)[奶奶](passenger_type=老人)也想一起去", FAMILY,
         {**FAMILY, "senior": 1}),
        ("我妈也想来，她68岁", {"adult": 2}, {"adult": 2, "senior": 1}),
        ("我妈66，我爸70", {"adult": 3}, {"adult": 1, "senior": 2}),
        ("我们有两个人来不了", {"traveller": 5}, {"traveller": 3}),
        ("我[妈妈](passenger_type=成人)不舒服，去不了", {"adult": 3}, {"adult": 2}),
        ("是[四](count)个人", {"student": 1}, {"student": 1, "traveller": 3}),
        ("[八](count 1)个[小学生](passenger_type 1)和[一](count 2)个[老师](passenger_type 2)", {},
         {"child": 8, "adult": 1}),
        ("[孩子](passenger_type=儿童)们不去了", {"adult": 2, "child": 2}, {"adult": 2}),
        ("我和我[老公](passenger_type=成人)还有[孩子](passenger_type=儿童)", {"traveller": 4},
         {"traveller": 1, "adult": 2, "child": 1}),
        ("[三](count 1)个[学生](passenger_type 1)和[一](count 3)个教授", {},
         {"student": 3, "adult": 1}),
        ("[三](count 1)个[学生](passenger_type 1)和他们的老师", {}, {"student": 3, "adult": 1}),
        ("少[一](count)个人", {"adult": 2, "child": 3}, {"adult": 2, "child": 2}),
        ("去掉[一](count 1)个[小孩](passenger_type 1=儿童)", {"adult": 2, "child": 3},
         {"adult": 2, "child": 2}),
        ("[小孩](passenger_type=儿童)少[一](count)个", {"adult": 2, "child": 3},
         {"adult": 2, "child": 2}),
        ("[小孩](passenger_type=儿童)多[一](count)个", FAMILY, {"adult": 2, "child": 2}),
        ("把我老婆去掉", FAMILY, {"adult": 1, "child": 1}),
        ("把[孩子](passenger_type=儿童)去掉", FAMILY, {"adult": 2}),
        ("不要算那个[孩子](passenger_type 1=儿童)了", {"adult": 2, "child": 2},
         {"adult": 2, "child": 1}),
        ("多[一](count)个[小孩](passenger_type 1=儿童)，"
         "少[一](count 1)个[大人](passenger_type 1=成人)", {"adult": 3}, {"adult": 2, "child": 1}),
        ("我、我[爱人](passenger_type=成人)和刚出生的[宝宝](passenger_type=婴儿)", {},
         {"adult": 2, "infant": 1}),
        ("[爸爸](passenger_type 1=成人)[妈](count 1)妈、[外婆](passenger_type 2)", {},
         {"adult": 2, "senior": 1}),
        ("[两](count 1)个[大人](passenger_type 1=成人)，[一](count 2)个六十七了", {},
         {"adult": 1, "senior": 1}),
        ("给我[两](count 1)个[女儿](passenger_type 1=儿童)买，[一](count 2)个12[一](count 2)个14，"
         "[大人](passenger_type 2=成人)不跟着", {}, {"child": 2}),
        ("单人", {}, {"traveller": 1}),
        ("想带外婆去看海", {}, {"adult": 1, "senior": 1}),
        ("[孩子](passenger_type=儿童)一个七岁一个十二", {"traveller": 4},
         {"traveller": 2, "child": 2}),
        ("我[朋友](passenger_type=成人)也要[一](count)张，坐一起", {"student": 1},
         {"student": 1, "adult": 1}),
        ("少一张票", {"traveller": 3}, {"traveller": 2}),
        ("退[一](count)张票", {"traveller": 3}, {"traveller": 2}),
        ("把我[女儿](passenger_type=儿童)的票退了", FAMILY, {"adult": 2}),
        ("[老师](passenger_type=成人)也去掉吧", FAMILY, {"adult": 1, "child": 1}),
        ("不带我爸了", {"adult": 1, "senior": 2}, {"adult": 1, "senior": 1}),
        ("还有我", {"senior": 2}, {"senior": 2, "traveller": 1}),
        ("[夫妻](passenger_type 1)俩带[一](count 2)个[孩子](passenger_type 2=儿童)", {},
         {"adult": 2, "child": 1}),
        ("至少[三](count)个人", {"traveller": 2}, {"traveller": 3}),
        ("[一](count 1)个[大人](passenger_type 1=成人)[一](count 2)个[学生](passenger_type 2)",
         {"child": 1}, {"adult": 1, "student": 1}),
        ("还有[一](count 1)个[学生](passenger_type 1)和[一](count 2)个[老人](passenger_type 2)",
         FAMILY, {**FAMILY, "student": 1, "senior": 1}),
        ("我爸妈，都是[老人](passenger_type)", {}, {"senior": 2}),
        ("[爸妈](passenger_type=老人)和我，[爸妈](passenger_type=老人)都是"
         "[老人](passenger_type)", {},
         {"adult": 1, "senior": 2}),
        ("[爸妈](passenger_type=老人)和我，他俩都是[老人](passenger_type)", {},
         {"adult": 1, "senior": 2}),
        ("[爸妈](passenger_type=老人)[两](count)个人去，他们都是[老人](passenger_type)", {},
         {"senior": 2}),
        ("我和[爸妈](passenger_type=老人)，[他们](passenger_type)都七十了", {},
         {"adult": 1, "senior": 2}),
        ("[两](count=2)个人，[68](count)和[70](count)", {}, {"senior": 2}),
        ("我妈也想一起去，66岁，加[一](count=1)个人", {"adult": 2, "infant": 1},
         {"adult": 2, "infant": 1, "senior": 1}),
    ],
)  # fmt: skip
def test_passengers_are_set_kind_by_kind_in_chinese(text: str, before: Any, after: Any) -> None:
    assert said(text, "zh", journey={"passengers": before}).values == {"passengers": after}


@pytest.mark.parametrize(
    ("text", "language", "among"),
    [
        ("I'm a [senior](passenger_type)", "en", {"senior": 1}),
        ("I'm [retired](passenger_type=senior)", "en", {"senior": 1}),
        ("I'm 72 by the way", "en", {"senior": 1}),
        ("I am a senior, what trains are there?", "en", {"senior": 1}),
        ("my mother is 70", "en", {"senior": 1}),
        ("she is [74](date)", "en", {"senior": 1}),
        ("[one](count) of us is over 65", "en", {"senior": 1}),
        ("[two](count) of us are [students](passenger_type=student)", "en", {"student": 2}),
        ("one of us is a [student](passenger_type=student)", "en", {"student": 1}),
        ("我是[老人](passenger_type=老人)", "zh", {"senior": 1}),
        ("我今年七十岁", "zh", {"senior": 1}),
        ("其中一个是[学生](passenger_type=学生)", "zh", {"student": 1}),
    ],
)
def test_who_is_told_of_before_all_are_counted_is_one_of_them(
    text: str, language: str, among: Dict[str, int]
) -> None:
    assert said(text, language, asked="date").values == {"among": among}
    both = said("[2](count 1) [adults](passenger_type 1=adult)", among={"senior": 1})
    assert both.values == {"passengers": {"adult": 1, "senior": 1}}


@pytest.mark.parametrize(
    ("text", "among", "passengers"),
    [
        ("[3](count) people", {"senior": 1, "student": 1},
         {"traveller": 1, "senior": 1, "student": 1}),
        ("[2](count 1) [kids](passenger_type 1=child)", {"senior": 1}, {"child": 2, "senior": 1}),
        ("[two](count 1) [seniors](passenger_type 1=senior)", {"senior": 1}, {"senior": 2}),
        ("me and my [wife](passenger_type=adult)", {"senior": 1}, {"adult": 1, "senior": 1}),
        ("just me", {"senior": 1}, {"senior": 1}),
        ("my [sister](passenger_type=adult) wants to come along, she is 68", {"senior": 1},
         {"senior": 2}),
        ("[one](count 1) [adult](passenger_type 1=adult)", {"infant": 2},
         {"adult": 1, "infant": 2}),
    ],
)  # fmt: skip
def test_the_passengers_have_those_among_them_who_were_told_before(
    text: str, among: Dict[str, int], passengers: Dict[str, int]
) -> None:
    assert said(text, among=among, asked="passengers").values == {"passengers": passengers}


@pytest.mark.parametrize(
    ("text", "language", "before"),
    [
        ("[two](count 1) [babies](passenger_type 1=infant)", "en", {}),
        ("a [child](passenger_type=child) of [4](count)", "en", {}),
        ("[one](count 1) [4](count 2) year old [kid](passenger_type 2=child)", "en", {}),
        ("[两](count 1)个[婴儿](passenger_type 1=婴儿)", "zh", {}),
        ("my [wife](passenger_type=adult) isn't coming", "en", {"adult": 1, "infant": 1}),
    ],
)
def test_infants_travel_with_somebody(text: str, language: str, before: Dict[str, int]) -> None:
    update = said(text, language, journey={"passengers": before}, asked="passengers")
    assert [name for name, _ in update.problems] == ["infants"]
    assert update.values.keys() == ({"among"} if not before else set())


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("the boys will stay with their [dad](passenger_type=adult)", {"adult": 2}),
        ("my [husband](passenger_type=adult) and the [kids](passenger_type=child) sit together",
         {"adult": 2, "child": 2}),
        ("my [boss](passenger_type) sits beside me", {"adult": 2}),
    ],
)  # fmt: skip
def test_who_is_named_is_not_counted_again(text: str, before: Dict[str, int]) -> None:
    assert said(text, journey={"passengers": before}).values == {}


def test_who_is_no_student_does_not_tell_who_travels() -> None:
    assert not said("she's not a [student](passenger_type=student)", asked="passengers")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("多少钱[一](count)个人？", "zh"),
        ("is that per person?", "en"),
        ("how much do [two](count) people pay each", "en"),
    ],
)
def test_who_asks_for_the_price_of_each_counts_nobody(text: str, language: str) -> None:
    known = {"journey": {"passengers": {"senior": 2, "adult": 1}}}
    assert "passengers" not in said(text, language, **known).values


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[yesterday](date)", "past_date"),
        ("[31 February](date)", "unknown_date"),
        ("[5 June 2099](date)", "far_date"),
        ("at [dawn-ish](time)", "unknown_time"),
        ("[zero](count) people", "no_passengers"),
        ("[500](count) people", "many_passengers"),
        ("[umpteen](count) people", "unknown_count"),
    ],
)
def test_what_cannot_be_changes_nothing(text: str, problem: str) -> None:
    update = said(text, journey=TRIP)
    assert update.values == {}
    assert [name for name, _ in update.problems] == [problem]


def test_a_bare_city_answers_what_was_asked_for() -> None:
    trip = {"departure": "Lyon"}
    assert said("[Nice](city)", journey=trip, asked="destination").values == {"destination": "Nice"}
    assert said("[Nice](city)", asked="departure").values == {"departure": "Nice"}


def test_a_bare_city_behind_a_no_corrects_the_city_told_last() -> None:
    update = said("no, [Nice](city)", journey=TRIP, asked="date", last_city="departure")
    assert update.values == {"departure": "Nice"}


def test_who_comes_from_elsewhere_goes_to_the_city_that_was_told_before() -> None:
    text, where = "from [Milan](city departure)", {"asked": "destination", "last_city": "departure"}
    told = {"departure": "Milan", "destination": "Rome"}
    assert said(text, journey={"departure": "Rome"}, **where).values == told
    corrected = said(f"no, {text}", journey={"departure": "Rome"}, **where)
    assert corrected.values == {"departure": "Milan"}


@pytest.mark.parametrize(
    ("text", "language"),
    [("no, back to [Lyon](city destination)", "en"), ("算了，还是[里昂](city)", "zh")],
)
def test_a_city_takes_its_place_again(text: str, language: str) -> None:
    journey = {"departure": "Brussels", "destination": "Paris"}
    found = said(text, language, journey=journey, last_city="departure")
    assert set(found.values) == {"departure"}


def test_a_city_without_a_word_of_leaving_answers_where_to() -> None:
    where = {"journey": {"departure": "Lucerne"}, "asked": "destination", "last_city": "departure"}
    assert said("my son is in [Milan](city departure)", **where).values == {"destination": "Milan"}


def test_the_other_one_is_no_traveller() -> None:
    both = said(
        "[两](count=2)张票能都换成[一等座](travel_class)吗", "zh", journey={"passengers": FAMILY}
    )
    assert both.values == {"travel_class": "一等座"}
    assert said("另[一](count)张改到[明天](date)", "zh").values == {"date": "2026-11-29"}


def test_a_number_answers_the_question_for_the_class() -> None:
    assert said("[2](count)", asked="travel_class").values == {"travel_class": "second"}
    assert said("one person", asked="travel_class").values == {"passengers": {"traveller": 1}}
    assert said("me", asked="travel_class").values == {"passengers": {"traveller": 1}}
    assert said("2 persons", asked="travel_class").values == {"passengers": {"traveller": 2}}
    assert said("[一](count)", "zh", asked="travel_class").values == {"travel_class": "一等座"}


@pytest.mark.parametrize(
    ("text", "language", "travel_class"),
    [
        ("the cheap one", "en", "second"),
        ("便宜的座位", "zh", "二等座"),
        ("business", "en", "first"),
        ("that's too expensive", "en", "second"),
        ("太贵了", "zh", "二等座"),
    ],
)
def test_other_words_answer_the_question_for_the_class(
    text: str, language: str, travel_class: str
) -> None:
    found = said(text, language, asked="travel_class")
    assert found.values == {"travel_class": travel_class}


@pytest.mark.parametrize(
    ("text", "language", "passengers"),
    [
        ("me and my mum", "en", {"adult": 2}),
        ("It's for my husband, our twins and me", "en", {"adult": 2, "child": 2}),
        ("我和我妈", "zh", {"adult": 2}),
        ("我跟朋友", "zh", {"adult": 2}),
        ("我和奶奶", "zh", {"adult": 1, "senior": 1}),
        ("eight pupils and a teacher", "en", {"child": 8, "adult": 1}),
    ],
)
def test_an_answer_tells_who_travels_without_an_entity(
    text: str, language: str, passengers: Any
) -> None:
    found = said(text, language, asked="passengers")
    assert found.values == {"passengers": passengers}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[first class](travel_class=first) for grandma, [second](travel_class) for the rest",
         "en"),
        ("I want [first](travel_class) and the kids [second](travel_class)", "en"),
        ("[first class](travel_class=first) for grandma, second for the rest", "en"),
        ("奶奶坐[一等座](travel_class)，其他人[二等座](travel_class)", "zh"),
    ],
)  # fmt: skip
def test_one_booking_has_one_class(text: str, language: str) -> None:
    update = said(text, language, journey={"passengers": {"traveller": 2}}, asked="travel_class")
    assert "travel_class" not in update.values
    assert [name for name, _ in update.problems] == ["one_class"]


@pytest.mark.parametrize(
    ("text", "language", "others"),
    [
        ("my mum wants [first class](travel_class=first)", "en", 1),
        ("my mum and I want [first class](travel_class=first)", "en", 0),
        ("he'd rather sit in [first](travel_class), can he?", "en", 1),
        ("她想坐[一等座](travel_class)", "zh", 1),
        ("我妈说想坐[一等座](travel_class)", "zh", 1),
        ("都换[一等座](travel_class)吧", "zh", 0),
        ("change my booking to [first class](travel_class=first)", "en", 0),
    ],
)
def test_one_of_several_has_no_class_of_their_own(text: str, language: str, others: int) -> None:
    known = {"passengers": {"traveller": 3}, "travel_class": LANGUAGES[language].classes.second}
    update = said(text, language, journey=known)
    assert len(update.problems) == others
    assert ("travel_class" in update.values) == (not others)


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("[first](travel_class), no, [second class](travel_class=second)", "en", "second"),
        ("rather [second](travel_class) than [first](travel_class)", "en", "first"),
        ("[一等座](travel_class)太贵，[二等座](travel_class)", "zh", "二等座"),
    ],
)
def test_of_two_classes_the_last_one_may_be_meant(text: str, language: str, named: str) -> None:
    assert said(text, language).values == {"travel_class": named}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[two](count) tickets, one from [Paris](city departure) to [Rome](city destination) and "
         "another one from [Rome](city departure) to [Bari](city destination)", "en"),
        ("从[Paris](city departure)到[Rome](city destination)，再从[Rome](city departure)到"
         "[Bari](city destination)", "zh"),
    ],
)  # fmt: skip
def test_of_two_journeys_the_first_is_taken(text: str, language: str) -> None:
    update = said(text, language)
    assert update.values == {"departure": "Paris", "destination": "Rome"}
    assert [name for name, _ in update.problems] == ["one_journey"]
    assert update.back == {"departure": "Rome", "destination": "Bari"}


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("[Paris](city departure) to [Rome](city destination) on [Monday](date) and back from "
         "[Rome](city departure) to [Nice](city destination) on [Friday](date)", "en",
         {"departure": "Rome", "destination": "Nice"}),
        ("from [Paris](city departure) to [Rome](city destination) on [Monday](date), then on to "
         "[Nice](city destination) on [Friday](date)", "en", {"destination": "Nice"}),
        ("[周一](date)从[巴黎](city departure)到[罗马](city destination)，[周五](date)再到"
         "[尼斯](city destination)", "zh", {"destination": "尼斯"}),
    ],
)  # fmt: skip
def test_of_two_journeys_the_second_is_kept(text: str, language: str, back: Any) -> None:
    update = said(text, language)
    assert update.values["date"] == "2026-11-30" and "destination" in update.values
    assert update.values["destination"] in ("Rome", "罗马")
    assert update.back == {**back, "date": "2026-12-04"}


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("from [Paris](city departure) to [Rome](city destination) and from there to "
         "[Nice](city destination)", "en", {"destination": "Nice"}),
        ("从[巴黎](city departure)去[罗马](city destination)，再从那儿去"
         "[尼斯](city destination)，同一天", "zh", {"destination": "尼斯"}),
    ],
)  # fmt: skip
def test_a_journey_from_there_is_the_second(text: str, language: str, back: Any) -> None:
    update = said(text, language)
    assert update.values["destination"] in ("Rome", "罗马") and update.back == back


def test_of_three_journeys_all_are_kept() -> None:
    update = said(
        "[Milan](city departure) to [Pisa](city destination) on the [14th](date), then "
        "[Pisa](city departure) to [Rome](city destination) on the [16th](date), and "
        "[Rome](city departure) to [Bari](city destination) on the [18th](date), "
        "[second](travel_class) class"
    )
    assert update.values == {
        "departure": "Milan", "destination": "Pisa", "date": "2026-12-14", "travel_class": "second",
    }  # fmt: skip
    last = {"departure": "Rome", "destination": "Bari", "date": "2026-12-18"}
    second = {"departure": "Pisa", "destination": "Rome", "date": "2026-12-16", "then": last}
    assert update.back == second and len(update.problems) == 1


def test_a_city_put_right_starts_no_second_journey() -> None:
    update = said(
        "from [Paris](city departure) to [Rome](city destination) on [Monday](date), no, to "
        "[Nice](city destination) on [Friday](date)"
    )
    assert update.values["destination"] == "Nice" and update.back is None


@pytest.mark.parametrize(
    ("text", "language", "travel_class"),
    [
        ("doesn't matter which class", "en", "second"),
        ("whatever", "en", "second"),
        ("一个人，随便什么座", "zh", "二等座"),
        ("any time", "en", None),
        ("都行", "zh", "二等座"),
        ("时间都行", "zh", None),
    ],
)
def test_who_does_not_mind_the_class_pays_less(text: str, language: str, travel_class: Any) -> None:
    found = said(text, language, asked="travel_class")
    assert found.values.get("travel_class") == travel_class


@pytest.mark.parametrize(
    ("text", "language"),
    [("[Lyon](city) or [Nice](city destination)", "en"), ("[里昂](city)还是[尼斯](city)", "zh")],
)
def test_of_two_cities_none_is_chosen(text: str, language: str) -> None:
    update = said(text, language)
    assert not update.values and [name for name, _ in update.problems] == ["which_city"]
    assert update.suggested == ("destination", "")


def test_a_bare_city_is_the_one_of_the_country_that_was_told() -> None:
    where = {"asked": "departure", "country": "destination"}
    assert said("[Bologna](city)", **where).values == {"destination": "Bologna"}


@pytest.mark.parametrize("told", ["I changed my mind about [Geneva](city)", "not [Geneva](city)"])
def test_a_city_that_is_taken_back_is_asked_for_again(told: str) -> None:
    assert said(told, journey=TRIP).values == {"destination": None}


def test_a_city_told_once_more_is_no_other_end() -> None:
    known = {"journey": {"destination": "Pisa"}, "asked": "departure", "last_city": "destination"}
    assert said("ok [Pisa](city)", **known).values == {}


def test_a_city_that_is_proposed_is_where_to_go() -> None:
    known = {"journey": TRIP, "asked": "confirmed", "last_city": "departure"}
    assert said("what about [Nice](city)?", **known).values == {"destination": "Nice"}
    assert said("[Nice](city)", **known).values == {"departure": "Nice"}


@pytest.mark.parametrize(("text", "language"), [("the other way", "en"), ("反过来", "zh")])
def test_a_journey_is_turned_round(text: str, language: str) -> None:
    trip = TRIP if language == "en" else REISE
    update = said(text, language, journey=trip, asked="date")
    assert update.values == {
        "departure": trip["destination"],
        "destination": trip["departure"],
    }


@pytest.mark.parametrize(
    ("text", "language", "city"),
    [
        ("she lives in [Dijon](city destination)", "en", "Dijon"),
        ("她住在[第戎](city via)", "zh", "第戎"),
    ],
)
def test_a_city_that_somebody_is_in_answers_where_to_start(
    text: str, language: str, city: str
) -> None:
    where = {"destination": TRIP["destination"] if language == "en" else REISE["destination"]}
    update = said(text, language, journey=where, asked="departure")
    assert update.values == {"departure": city}


def test_there_is_a_city_that_was_taken_for_the_start() -> None:
    known = {"journey": {"departure": "Pisa"}, "asked": "destination", "last_city": "departure"}
    assert said("I want to go there", **known).values == {"departure": None, "destination": "Pisa"}


@pytest.mark.parametrize(
    ("text", "language", "yes"),
    [
        ("k book", "en", True),
        ("kk", "en", True),
        ("sure, go ahead and book it", "en", True),
        ("yes please, thanks", "en", True),
        ("perfect, let's take that one", "en", True),
        ("ok, take the first one you said", "en", True),
        ("ok, keep the early one", "en", True),
        ("第一个就行", "zh", True),
        ("订去的", "zh", True),
        ("好，两张都订了", "zh", True),
        ("ok, book the way there", "en", True),
        ("那算了，还是这个吧，买", "zh", True),
        ("还是算了", "zh", False),
        ("算了，就这样吧", "zh", False),
        ("nah, take this one", "en", True),
        ("nah, ok", "en", False),
        ("就刚才那个吧", "zh", True),
        ("ok thanks", "en", False),
        ("thanks", "en", False),
        ("book a hotel", "en", False),
        ("no", "en", False),
        ("ok, but on Friday", "en", False),
        ("please", "en", False),
        ("好，订吧", "zh", True),
        ("行", "zh", True),
        ("就这个吧", "zh", True),
        ("那", "zh", False),
        ("不要", "zh", False),
        ("好，换一等座", "zh", False),
    ],
)
def test_a_yes_is_known_by_its_words(text: str, language: str, yes: bool) -> None:
    assert bool(LANGUAGES[language].bookings.agreeing.fullmatch(text)) == yes


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("is there a cancellation fee", "en", True),
        ("what does it cost to change it", "en", True),
        ("how much do I get back", "en", True),
        ("can I get a ticket back", "en", False),
        ("can I cancel for free", "en", True),
        ("what does it cost if I have to change trains", "en", False),
        ("when do I get back to Paris", "en", False),
        ("cancel my booking", "en", False),
        ("退票手续费", "zh", True),
        ("改签要钱吗", "zh", True),
        ("退票", "zh", False),
    ],
)
def test_who_asks_for_a_fee_orders_nothing(text: str, language: str, asks: bool) -> None:
    assert bool(LANGUAGES[language].bookings.fee.search(text)) == asks


@pytest.mark.parametrize(
    ("text", "language", "asks"),
    [
        ("can I get the difference back", "en", True),
        ("is the price difference refunded?", "en", True),
        ("what is the difference between a return and a single", "en", False),
        ("what's the difference to the train back at six", "en", False),
        ("差价能退吗", "zh", True),
        ("差价多少", "zh", False),
    ],
)
def test_who_asks_for_the_difference_back(text: str, language: str, asks: bool) -> None:
    assert bool(LANGUAGES[language].bookings.difference.search(text)) == asks


@pytest.mark.parametrize(
    ("text", "language", "takes_back"),
    [
        ("no, leave them in", "en", True),
        ("put the kids back in", "en", True),
        ("keep the window seat", "en", False),
        ("leave on Friday", "en", False),
        ("还是带上吧", "zh", True),
        ("带上孩子", "zh", False),
    ],
)
def test_who_takes_back_what_was_just_changed(text: str, language: str, takes_back: bool) -> None:
    assert bool(LANGUAGES[language].bookings.undoing.search(text)) == takes_back


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("she's 71 does she get a discount", "en", "she's 71"),
        ("we are two students, is it cheaper?", "en", "we are two students,"),
        ("do you have student discounts", "en", ""),
        ("student discount", "en", ""),
        ("三个人都是学生，有优惠吧", "zh", "三个人都是学生，"),
        ("学生有优惠吗", "zh", ""),
        ("Two seniors with a pass, do you accept it?", "en", "Two seniors with a pass,"),
    ],
)
def test_a_question_may_tell_something_besides(text: str, language: str, told: str) -> None:
    # Where the first word is a number, it is one of people.
    assert statements(text, LANGUAGES[language], [0]).strip() == told


@pytest.mark.parametrize(
    ("text", "language", "told", "asked"),
    [
        (
            "Second class will do. Is there a reduction?",
            "en",
            "Second class will do.",
            "Is there a reduction?",
        ),
        ("on Friday, can I bring skis", "en", "on Friday,", "can I bring skis"),
        ("is it less for kids, students?", "en", "", "is it less for kids, students?"),
        ("and whats the total", "en", "", "and whats the total"),
        ("two adults", "en", "two adults", ""),
        ("学生有优惠吗？我是学生，想下周末去", "zh", "我是学生，想下周末去", "学生有优惠吗？"),
        ("二等座。车上方便吗", "zh", "二等座。", "车上方便吗"),
        ("二等座吧", "zh", "二等座吧", ""),
    ],
)
def test_what_a_message_tells_stands_beside_what_it_asks(
    text: str, language: str, told: str, asked: str
) -> None:
    sides = sides_of(text, LANGUAGES[language])
    assert tuple(side.strip() for side in sides) == (told, asked)


@pytest.mark.parametrize(
    ("text", "language", "rest"),
    [
        ("yes. and whats total for both", "en", "and whats total for both"),
        (
            "Go ahead. How many seats do I have in all now?",
            "en",
            "How many seats do I have in all now?",
        ),
        ("Good. Book it, and show me the code", "en", "and show me the code"),
        ("You haven't booked it. Please book it now.", "en", "You haven't booked it."),
        ("yes please", "en", ""),
        ("yes, but is there Wi-Fi?", "en", None),
        ("yes, if there is Wi-Fi", "en", None),
        (
            "Yes. I might cancel one, what would that cost?",
            "en",
            "I might cancel one, what would that cost?",
        ),
        ("yes and cancel it", "en", None),
        ("Great. Can I bring skis?", "en", None),
        ("is there Wi-Fi?", "en", None),
        ("订吧，谢谢", "zh", ""),
        ("对，改吧。能退多少钱", "zh", "能退多少钱"),
        ("好的，不过有餐车吗", "zh", None),
        ("行，有餐车吗", "zh", None),
        ("We are three. Then book it.", "en", "We are three."),
        (
            "yes but you have not booked it. Please book that",
            "en",
            "yes but you have not booked it.",
        ),
        (
            "She agrees, so book this one and then the way back",
            "en",
            "She agrees, then the way back",
        ),
        ("please book the return now", "en", ""),
        ("Exactly. Does it have Wi-Fi?", "en", None),
        ("If it is direct, book it", "en", None),
        ("book it only if it is direct", "en", None),
        ("should I book it now?", "en", None),
        ("不是，两点那趟，订吧", "zh", "不是，两点那趟，"),
        ("嗯 改 总共多少钱", "zh", "总共多少钱"),
        ("嗯对了。有没有靠窗的位子？", "zh", None),
        ("先帮我们订下来，回程周日", "zh", "回程周日"),
        ("如果直达就订吧", "zh", None),
        ("要不要先订？", "zh", None),
    ],
)
def test_a_yes_stands_beside_what_a_message_asks(text: str, language: str, rest: Any) -> None:
    found = beside_yes(text, LANGUAGES[language])
    assert (found if found is None else " ".join(found.split())) == rest


@pytest.mark.parametrize(
    ("text", "language", "place", "later"),
    [
        ("Fine. We'd be coming home on Thursday", "en", "", "We'd be coming home on Thursday"),
        (
            "The way back is on Sunday. The way there is on Friday",
            "en",
            "",
            "The way back is on Sunday.",
        ),
        ("First class. The Nice one at noon", "en", "Nice", "The Nice one at noon"),
        (
            "the second leg on Monday, not before ten",
            "en",
            "",
            "the second leg on Monday, not before ten",
        ),
        ("on Friday at ten", "en", "", ""),
        ("make it Friday, and then on to Basel", "en", "", "then on to Basel"),
        ("We move on to Sunday", "en", "", ""),
        ("周日接着去科隆", "zh", "", "周日接着去科隆"),
        ("三点之后到的", "zh", "", ""),
        ("二等座。威尼斯那段下午走", "zh", "威尼斯", "威尼斯那段下午走"),
        ("周五去，周日晚上回来", "zh", "", "周日晚上回来"),
    ],
)
def test_what_is_told_of_the_next_journey(text: str, language: str, place: str, later: str) -> None:
    now, after = later_in(text, LANGUAGES[language], place)
    assert after.strip() == later
    both = "".join(one if one != " " else other for one, other in zip(now, after))
    assert both == text


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        (
            "is there somewhere for a pushchair? can we sit together?",
            "en",
            ["utter_luggage", "utter_on_board"],
        ),
        ("what's the weather like", "en", []),
        ("有餐车吗？自行车能带吗", "zh", ["utter_luggage", "utter_on_board"]),
    ],
)
def test_a_message_may_be_about_several_topics(text: str, language: str, names: Any) -> None:
    topics = LANGUAGES[language].talk.topics
    assert [name for name, words in topics.items() if words.search(text)] == names


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("how are you doing today?", "en", "well"),
        ("how early should we be at the station", "en", "boarding"),
        ("who do I call if there is a problem", "en", "contact"),
        ("can my 14 year old travel alone?", "en", "minors"),
        ("any night trains?", "en", "sleeper"),
        ("whose name is on the ticket?", "en", "names"),
        ("can I have an invoice", "en", "receipt"),
        ("send it to my phone", "en", None),
        ("how are the seats", "en", None),
        ("is the train on time", "en", None),
        ("最近怎么样", "zh", "well"),
        ("要提前多久到车站", "zh", "boarding"),
        ("票上写谁的名字", "zh", "names"),
        ("能开发票吗", "zh", "receipt"),
        ("明天怎么样", "zh", None),
    ],
)
def test_what_has_always_the_same_answer(text: str, language: str, name: Any) -> None:
    asides = LANGUAGES[language].talk.asides
    assert next((n for n, words in asides.items() if words.search(text)), None) == name


def test_a_number_answers_the_question_for_passengers_without_an_entity() -> None:
    assert said("one person", asked="passengers").values == {"passengers": {"traveller": 1}}
    assert said("三个人", "zh", asked="passengers").values == {"passengers": {"traveller": 3}}


def test_a_day_answers_the_question_for_it_without_an_entity() -> None:
    assert said("tomorrow", asked="date").values == {"date": "2026-11-29"}
    assert [name for name, _ in said("昨天", "zh", asked="date").problems] == ["past_date"]
    assert not said("yes", asked="date")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("and come back on [Sunday](date)", "en"),
        ("[周日](date)返程", "zh"),
        ("[周日](date)回都行", "zh"),
    ],
)
def test_the_way_back_does_not_change_the_way_there(text: str, language: str) -> None:
    update = said(text, language, journey={"date": "2026-12-04"}, asked="confirmed")
    assert update.values == {}
    assert [name for name, _ in update.problems] == ["one_way"]
    assert update.back == {"date": "2026-12-06"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("on [Friday](date) [morning](time) and back on [Sunday](date) [evening](time)", "en"),
        ("[周五](date)[早上](time)去，[周日](date)[晚上](time)回来", "zh"),
        ("[周五](date)[早上](time)去，[周日](date)[晚上](time)回", "zh"),
    ],
)
@pytest.mark.parametrize("asked", [None, "date", "confirmed"])
def test_two_days_are_those_of_both_ways(text: str, language: str, asked: Any) -> None:
    update = said(text, language, asked=asked)
    assert update.values == {"date": "2026-12-04", "time": "06:00"}
    assert update.back == {"date": "2026-12-06", "time": "18:00"}


@pytest.mark.parametrize(
    ("text", "language", "back"),
    [
        ("on [3 December](date) at [7:30](time), returning the same [evening](time) around "
         "[6 pm](time)", "en", {"date": "2026-12-03", "time": "~18:00"}),
        ("[12月3号](date)[早上七点半](time)去，当天[下午六点](time)返回", "zh", {}),
    ],
)  # fmt: skip
def test_two_hours_are_those_of_both_ways(text: str, language: str, back: Any) -> None:
    update = said(text, language)
    assert update.values == {"date": "2026-12-03", "time": "07:30"}
    assert not back or update.back == back


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("leave around [10](time), return around [6](time)", "en"),
        ("[十点](time)左右走，[六点](time)左右回", "zh"),
    ],
)
def test_who_comes_back_at_six_comes_in_the_evening(text: str, language: str) -> None:
    trip = TRIP if language == "en" else REISE
    update = said(text, language, journey={**trip, "date": "2026-12-04"}, asked="confirmed")
    assert update.values == {"time": "~10:00"} and update.back == {"time": "~18:00"}


def test_home_on_the_second_is_a_day() -> None:
    text = "go on the [30th](date), come home on the [2nd](travel_class=second)"
    update = said(text, journey=TRIP, asked="date")
    assert update.values == {"date": "2026-11-30"} and update.back == {"date": "2026-12-02"}


def test_the_way_there_has_its_day_beside_that_of_the_way_back() -> None:
    update = said("so I should leave on the 6th and return on the [10th](date)")
    assert update.values == {"date": "2026-12-06"} and update.back == {"date": "2026-12-10"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("stay until [Tuesday](date), then home again", "en"),
        ("we're staying in [Geneva](city) till [Tuesday](date)", "en"),
        ("home again on [Tuesday](date)", "en"),
        ("coming back on [Tuesday](date)", "en"),
        ("待到[周二](date)就回家", "zh"),
        ("[周二](date)回来", "zh"),
    ],
)
@pytest.mark.parametrize("asked", ["date", "travel_class", "confirmed"])
def test_the_day_until_when_one_stays_is_that_of_the_way_back(
    text: str, language: str, asked: str
) -> None:
    journey = TRIP if language == "en" else REISE
    update = said(text, language, journey=journey, asked=asked)
    assert "date" not in update.values and update.back == {"date": "2026-12-01"}
    update = said(text, language, journey={**journey, "date": "2026-12-04"}, asked=asked)
    assert "date" not in update.values and update.back == {"date": "2026-12-08"}


def test_a_time_to_have_left_by_is_no_deadline() -> None:
    update = said("can we leave before [11](time)")
    assert [name for name, _ in update.problems] == ["leave_by"] and not update.values
    update = said("下午走，别晚于[四点](time)", "zh")
    assert [name for name, _ in update.problems] == ["leave_by"] and not update.values


def test_who_cannot_leave_until_a_day_goes_then() -> None:
    assert said("we can't leave until [Tuesday](date)").values == {"date": "2026-12-01"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[Lyon](city departure) to [Nice](city destination) on [Friday](date), out at "
         "[8ish](time) and back with the last one", "en"),
        ("[周五](date)从[里昂](city departure)到[尼斯](city destination)，[八点](time)左右出发，"
         "回来坐末班车", "zh"),
    ],
)  # fmt: skip
def test_the_last_train_back_is_not_the_one_there(text: str, language: str) -> None:
    update = said(text, language)
    assert update.values["time"] == "~08:00" and "latest" not in update.values
    assert update.back == {"latest": "last"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[周一](date)[早上](time)回，要在[十点](time)前到[里昂](city destination)", "zh"),
        ("back on [Monday](date) [morning](time), I must be in [Lyon](city destination) by "
         "[10](time)", "en"),
    ],
)  # fmt: skip
def test_the_way_back_may_name_where_the_journey_starts(text: str, language: str) -> None:
    journey = {**(TRIP if language == "en" else REISE), "date": "2026-12-04"}
    update = said(text, language, journey=journey, asked="confirmed")
    assert not update.values and update.back == {"date": "2026-12-07", "latest": "10:00"}


def test_one_day_behind_the_cities_is_that_of_the_way_back() -> None:
    cities = "from [Lyon](city departure) to [Nice](city destination)"
    update = said(f"{cities} and back on [Sunday](date)")
    assert "date" not in update.values and update.back == {"date": "2026-11-29"}
    update = said("from [Lyon](city departure), going home on [Sunday](date)")
    assert update.values == {"departure": "Lyon", "date": "2026-11-29"}
    update = said(f"{cities}, a return ticket for [Sunday](date)")
    assert update.values["date"] == "2026-11-29" and not update.back


def test_the_same_day_is_that_of_the_last_booking() -> None:
    travelled = {"date": "2026-12-03"}
    assert said("same day at [6 pm](time)", travelled=travelled).values == {
        "date": "2026-12-03", "time": "18:00",
    }  # fmt: skip


def test_a_message_on_both_ways_tells_of_the_way_there() -> None:
    text = (
        "[Munich](city departure) to [Salzburg](city destination) on [11 December](date), there "
        "and back the same day"
    )
    update = said(text, asked="departure")
    told = {"departure": "Munich", "destination": "Salzburg", "date": "2026-12-11"}
    assert update.values == told and update.back == {"date": "2026-12-11"}
    update = said("leaving [Friday](date), returning [Sunday](date)")
    assert update.values == {"date": "2026-12-04"} and update.back == {"date": "2026-12-06"}


def test_of_a_message_on_the_way_back_who_travels_is_kept() -> None:
    text = "we come back from [Nice](city departure) in the evening, [two](count) of us"
    update = said(text, journey={**TRIP, "date": "2026-12-04"}, asked="passengers")
    assert update.values == {"passengers": {"traveller": 2}}
    assert update.back == {"time": "18:00"}


def test_a_return_ticket_leaves_the_day_for_the_way_there() -> None:
    update = said("a return ticket for [Friday](date)", asked="date")
    assert update.values == {"date": "2026-12-04"} and update.back == {}
    assert said("to [Nice](city destination)").back is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[Friday](date) or [Saturday](date)", "en"),
        ("[Friday](date), or maybe [Saturday](date)", "en"),
        ("[周五](date)还是[周六](date)", "zh"),
    ],
)
def test_of_two_days_none_is_chosen(text: str, language: str) -> None:
    update = said(text, language, asked="date")
    assert not update.values and [name for name, _ in update.problems] == ["which_date"]


@pytest.mark.parametrize(
    ("text", "known", "at"),
    [
        ("at [3](time)", "12:00", "15:00"),
        ("at [seven](time)", "18:00", "19:00"),
        ("at [9 am](time)", "18:00", "09:00"),
        ("at [9:30](time)", "18:00", "09:30"),
        ("in the [morning](time)", "18:00", "06:00"),
        ("at [9](time)", "12:00", "09:00"),
        ("at [9](time)", "16:10", "09:00"),
        ("at [9](time)", "06:00", "09:00"),
    ],
)
def test_a_bare_hour_is_in_the_part_of_the_day_that_was_told(
    text: str, known: str, at: str
) -> None:
    assert said(text, journey={"time": known}).values == {"time": at}


@pytest.mark.parametrize(
    ("offered", "at"), [("18:10", "20:00"), ("08:10", "08:00"), (None, "08:00")]
)
def test_a_bare_hour_is_near_the_train_that_was_offered(offered: Any, at: str) -> None:
    assert said("at [8](time)", offered=offered).values == {"time": at}
    assert said("[Friday](date) at [8](time)", offered=offered).values["time"] == "08:00"


@pytest.mark.parametrize(
    ("text", "language", "asked", "count"),
    [
        ("tow people", "en", "departure", 2),
        ("three of us", "en", "date", 3),
        ("三个人", "zh", "departure", 3),
        ("i told you, two", "en", "passengers", 2),
        ("我说了三位啊", "zh", "passengers", 3),
        ("that one", "en", "passengers", None),
        ("two", "en", "departure", None),
    ],
)
def test_a_number_of_people_is_understood_without_an_entity(
    text: str, language: str, asked: str, count: Any
) -> None:
    passengers = {"passengers": {"traveller": count}} if count else {}
    assert said(text, language, asked=asked).values == passengers


def test_a_second_ticket_is_none_in_second_class() -> None:
    assert said("a [second](travel_class) ticket for my brother").values == {}
    assert said("a [second](travel_class) class ticket").values == {"travel_class": "second"}


@pytest.mark.parametrize(
    ("text", "language", "passengers", "card"),
    [
        ("[2](count 1) [adults](passenger_type 1=adult) with an [interrail](passenger_type)", "en",
         {"adult": 2}, "interrail"),
        ("[1](count 1) [adult](passenger_type 1) [interrail](travel_class=Interrail pass)", "en",
         {"adult": 1}, "Interrail pass"),
        ("[2](count 1) [adults](passenger_type 1=adult), [one](count 2) "
         "[railcard](discount_card=Railcard)", "en", {"adult": 2}, "Railcard"),
        ("[one](count 1) [senior](passenger_type 1) with [a](count 2) [bahncard](passenger_type)",
         "en", {"senior": 1}, "bahncard"),
        ("[两](count 1)个[大人](passenger_type 1=成人)，[一](count 2)张德铁卡", "zh", {"adult": 2},
         "德铁卡"),
    ],
)  # fmt: skip
def test_a_discount_card_is_no_passenger(
    text: str, language: str, passengers: Any, card: str
) -> None:
    update = said(text, language, asked="passengers")
    assert update.values == {"passengers": passengers, "discount_card": card}


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("[friday](date) [11](time) december", "en", "2026-12-11"),
        ("no no, [friday](date) [11](time) december, not [4](count)", "en", "2026-12-11"),
        ("on [Friday](date), [11](time) December", "en", "2026-12-11"),
        ("[friday](date) december [11](time)", "en", "2026-12-11"),
        ("fri [11 dec](date)", "en", "2026-12-11"),
        ("[11 December](date), a [Friday](date)", "en", "2026-12-11"),
        ("[11 December](date) ([Friday](date))", "en", "2026-12-11"),
        ("[Friday](date) the [11th](date)", "en", "2026-12-11"),
        # The number counts.
        ("[friday](date) [12](time) december", "en", "2026-12-12"),
        ("[12月11号](date)[星期五](date)", "zh", "2026-12-11"),
        ("[星期五](date)，12月11号", "zh", "2026-12-11"),
        ("[周五](date)[11](count)号", "zh", "2026-12-11"),
        ("星期五12月11号", "zh", "2026-12-11"),
        ("[11号](date)，[周日](date)", "zh", "2026-12-11"),
        ("the [11th](date), a [Friday](date)", "en", "2026-12-11"),
        ("her birthday is on the [12th](date), so I want to be there the day before", "en",
         "2026-12-11"),
        ("[12号](date)是我姐姐生日，我想前一天到", "zh", "2026-12-11"),
        ("the wedding is on the [10th](date), so I'd leave the day after", "en", "2026-12-11"),
        ("on a [Saturday](date) in [two](count) weeks", "en", "2026-12-12"),
        ("[Monday](date) in [a week](date)", "en", "2026-12-07"),
        ("[two weeks](date) from now, on a [Monday](date)", "en", "2026-12-14"),
        ("[两](count)周后的[周六](date)", "zh", "2026-12-12"),
    ],
)  # fmt: skip
def test_a_day_is_told_in_many_ways(text: str, language: str, day: str) -> None:
    before = {"date": "2026-12-04", "passengers": {"traveller": 2}}
    for journey in ({}, before):
        update = said(text, language, journey=journey, asked="date")
        assert update.values == {"date": day} and not update.problems


@pytest.mark.parametrize(
    ("week", "language", "day"),
    [("sometime [next week](date)", "en", "[Thursday](date) would be best"),
     ("the week after next", "en", "[Thursday](date)"),
     ("any day [next week](date)", "en", "Thu or Fri"),
     ("[下周](date)吧", "zh", "[周四](date)最好")],
)  # fmt: skip
def test_a_week_is_kept_until_its_day_is_told(week: str, language: str, day: str) -> None:
    update = said(week, language, asked="date")
    (monday,) = update.values.values()
    assert update.values == {"week": monday} and not update.problems
    kept = date.fromisoformat(monday)
    assert kept.weekday() == 0 and kept > TODAY
    update = said(day, language, asked="date", week=kept)
    assert update.values == {"date": (kept + timedelta(days=3)).isoformat()}


FOUR = {"adult": 1, "child": 2, "infant": 1}


@pytest.mark.parametrize(
    ("text", "language", "before", "after"),
    [
        ("Tom just confirmed, he's coming. We're both [24](count 1), "
         "[students](passenger_type 1=student)", "en", {"adult": 1}, {"student": 2}),
        ("we're both [24](count 1), [students](passenger_type 1=student)", "en", {"adult": 1},
         {"student": 2}),
        ("NO. [1](count 1) [adult](passenger_type 1), [2](count 2) "
         "[children](passenger_type 2=child) aged 6 and [9](count 3) and [one](count 3=1) "
         "[baby](passenger_type 2=infant)", "en", {"adult": 1, "child": 3}, FOUR),
        ("My youngest is only [4](count) months old though", "en", {"adult": 1, "child": 3}, FOUR),
        ("And the [baby](passenger_type=infant)? She's [4](count) months, she'd sit on my lap. "
         "The others are 6 and [9](time)", "en", {"adult": 1, "child": 3}, FOUR),
        ("There are [four](count=4) of us: me, the 6-year-old, the 9-year-old and the "
         "[baby](passenger_type=infant). That's all!", "en", FOUR, FOUR),
        ("There are [four](count=4) of us: me, the 6-year-old, the 9-year-old and the "
         "[baby](passenger_type=infant). That's all!", "en", {}, FOUR),
        ("my [friend](passenger_type=adult) have 66 year", "en", {"traveller": 2},
         {"traveller": 1, "senior": 1}),
        ("my [sister](passenger_type=adult) will come with me, she is 79. So we'll be "
         "[two](count=2).", "en", {"senior": 1}, {"senior": 2}),
        ("She is 79, so she is a [senior](passenger_type) too, isn't she?", "en",
         {"senior": 1, "adult": 1}, {"senior": 2}),
        ("[Only me](count=1). My [husband](passenger_type=adult) passed away, you know.", "en",
         {"senior": 1}, {"senior": 1}),
        ("[Two](count=2) travellers? It's [only me](count=1).", "en", {"traveller": 2},
         {"traveller": 1}),
        ("[5 pupils](date) and [3](count) teachers", "en", {}, {"child": 5, "adult": 3}),
        ("[the 5](date) pupils are all 12 years old, so [children](passenger_type=child)", "en",
         {}, {"child": 5}),
        ("how much for two person", "en", {}, {"traveller": 2}),
        ("we are 70 and [72](count)", "en", {"traveller": 2}, {"senior": 2}),
        ("So [two](count 1=2) [seniors](passenger_type 1=senior), no [adult](passenger_type 2)",
         "en", {"senior": 2}, {"senior": 2}),
        ("就[两](count 1=2)位[老人](passenger_type 1)，没有[成人](passenger_type)", "zh",
         {"senior": 2}, {"senior": 2}),
        ("actually the 3-year-old stays at home", "en", FOUR, {"adult": 1, "child": 2}),
        ("the [kids](passenger_type=child) are 10 and [11](time)", "en", {"adult": 1, "child": 6},
         {"adult": 1, "child": 6}),
        ("a [baby](passenger_type=infant) of [8](count) months, my [husband](passenger_type=adult) "
         "(36) and me", "en", {}, {"adult": 2, "infant": 1}),
        ("[孩子](passenger_type=儿童)们都是十岁", "zh", {"adult": 1, "child": 6},
         {"adult": 1, "child": 6}),
        ("还有我[女儿](passenger_type=儿童)，才[八个月](date)[大](passenger_type=成人)", "zh",
         {"adult": 1}, {"adult": 1, "infant": 1}),
        ("我和[老公](passenger_type=成人)还有[一](count 1=1)个[六个月](date)的"
         "[宝宝](passenger_type 2=婴儿)", "zh", {}, {"adult": 2, "infant": 1}),
        ("我们都是24岁，[学生](passenger_type)", "zh", {"traveller": 2}, {"student": 2}),
        ("我们两个都[24](count)岁，[学生](passenger_type)", "zh", {"adult": 1}, {"student": 2}),
        ("[一](count 1=1)个[大人](passenger_type 1=成人)，[两](count 1=2)个"
         "[孩子](passenger_type 1=儿童)，[一](count 2=1)个六岁一个九岁，"
         "还有[一](count 1=1)个[婴儿](passenger_type 1)", "zh", {}, FOUR),
        ("我今年六十六", "zh", {"traveller": 1}, {"senior": 1}),
        ("我最小的才[四](count=4)个月", "zh", {"adult": 1, "child": 3}, FOUR),
        ("[妹妹](passenger_type=成人)也去，她七十九了", "zh", {"senior": 1}, {"senior": 2}),
        ("就我[一](count)个人，我[老公](passenger_type=成人)去世了", "zh", {"senior": 1},
         {"senior": 1}),
        ("[两](count=2)位？就我[一](count)个人", "zh", {"traveller": 2}, {"traveller": 1}),
        ("[5](count 1)个[小学生](passenger_type 1)和[3](count 2)个[老师](passenger_type 2)", "zh",
         {}, {"child": 5, "adult": 3}),
    ],
)  # fmt: skip
def test_ages_count_nobody_and_tell_kinds(
    text: str, language: str, before: Dict[str, int], after: Dict[str, int]
) -> None:
    update = said(text, language, journey={"passengers": before}, asked="confirmed")
    assert update.values.get("passengers", before) == after and not update.problems
    assert update.values.keys() <= {"passengers"}


@pytest.mark.parametrize(("text", "language"), [("我和三个[朋友](passenger_type=成人)", "zh")])
def test_a_number_counts_that_the_nlu_has_not_found(text: str, language: str) -> None:
    assert said(text, language).values == {"passengers": {"adult": 4}}


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [("[now](date)", "en", "2026-11-28"), ("as soon as possible", "en", "2026-11-28"),
     ("[马上](date)", "zh", "2026-11-28"), ("I know", "en", None)],
)  # fmt: skip
def test_who_is_in_a_hurry_goes_today(text: str, language: str, day: Any) -> None:
    assert said(text, language, asked="date").values.get("date") == day


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("the way back on [Sunday](date)", "en", "2026-12-06"),
        ("back on the [8th](date)", "en", "2026-12-08"),
        ("and back the same evening", "en", "2026-12-04"),
        ("[下周一](date)回来", "zh", "2026-12-07"),
    ],
)
def test_the_way_back_lies_behind_the_way_there(text: str, language: str, day: str) -> None:
    update = said(text, language, there=date(2026, 12, 4))
    assert update.values["date"] == day and not update.problems


def test_nobody_comes_back_before_the_way_there() -> None:
    update = said("back on [2 December](date)", there=date(2026, 12, 4))
    assert not update.values and [name for name, _ in update.problems] == ["before_there"]


def test_a_value_and_what_is_wrong_with_another_are_both_told() -> None:
    update = said("to [Nice](city destination) [yesterday](date)", journey=TRIP)
    assert update.values == {"destination": "Nice"}
    assert [name for name, _ in update.problems] == ["past_date"]


FAMILY = {"adult": 2, "child": 1}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("same people", "en"),
        ("the same passengers as before", "en"),
        ("as many as last time", "en"),
        ("the same [three](count) people", "en"),
        ("还是同样的人", "zh"),
        ("人数不变", "zh"),
        ("还是我们[三](count)个人", "zh"),
    ],
)
def test_the_same_people_are_those_of_the_last_booking(text: str, language: str) -> None:
    asked = {"asked": "passengers"}
    assert said(text, language, travelled={"passengers": FAMILY}, **asked).values == {
        "passengers": FAMILY
    }
    here = {"passengers": {"senior": 3}}
    assert (
        said(text, language, travelled={"passengers": FAMILY}, journey=here, **asked).values == here
    )


@pytest.mark.parametrize(("text", "language"), [("same as before", "en"), ("跟刚才一样", "zh")])
def test_the_same_as_before_is_the_class_too(text: str, language: str) -> None:
    travelled = {"passengers": FAMILY, "travel_class": "second"}
    assert said(text, language, travelled=travelled, asked="travel_class").values == travelled


def test_so_many_tickets_are_for_the_same_people() -> None:
    known = {"journey": {"passengers": {"traveller": 3}}, "travelled": {"passengers": FAMILY}}
    assert said("same people", **known).values == {"passengers": FAMILY}


def test_the_same_people_but_as_many_as_the_message_says() -> None:
    found = said("the same people, but [4](count) of us", travelled={"passengers": FAMILY})
    assert found.values == {"passengers": {"traveller": 4}}


def test_without_a_booking_before_nobody_is_the_same() -> None:
    assert said("same people", asked="passengers").problems == [("same_as_whom", {})]
    assert not said("the same day", asked="passengers")


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("the second one", "en", 1),
        ("I take the last train", "en", -1),
        ("1st option please", "en", 0),
        ("second class", "en", None),
        ("第二趟", "zh", 1),
        ("最后一班", "zh", -1),
        ("第1个吧", "zh", 0),
        ("二等座", "zh", None),
    ],
)
def test_one_of_several_is_meant_by_its_place(text: str, language: str, place: Any) -> None:
    assert place_in(text, LANGUAGES[language]) == place


CARD = {**TRIP, "discount_card": "BahnCard 25"}


@pytest.mark.parametrize(
    ("text", "language", "journey", "values"),
    [
        ("cancel the discount card", "en", CARD, {"discount_card": None}),
        ("my friend comes, she has no [railcard](discount_card)", "en", CARD, {}),
        ("她没有[打折卡](discount_card)", "zh", {**REISE, "discount_card": "BahnCard 25"}, {}),
        ("[10](time) in the [morning](time), not 10 at [night](time)!", "en", {"time": "22:00"},
         {"time": "10:00"}),
        ("we don't want to leave at [9](time), [11](time) would be better", "en", {},
         {"time": "11:00"}),
        ("[Monday](date) suits us, [Saturday](date) doesn't", "en", {}, {"date": "2026-11-30"}),
        ("[Saturday](date) is no good, what about [Sunday](date)", "en", {},
         {"date": "2026-11-29"}),
        ("anything but [first class](travel_class=first)", "en", {}, {"travel_class": "second"}),
        ("[Munich](city) was a mistake, it's [Milan](city)", "en", TRIP, {"destination": "Milan"}),
        ("not on [Christmas](date) [Eve](time), around the [18th](date)", "en", {},
         {"date": "2026-12-18"}),
        ("leave the [BahnCard](discount_card) out", "en", CARD, {"discount_card": None}),
        ("I mean the [half fare card](discount_card). Calculate without the "
         "[half fare card](discount_card)", "en", {"discount_card": "half fare cards"},
         {"discount_card": None}),
        ("what is the price without that card?", "en", CARD, {"discount_card": None}),
        ("no cards at all", "en", CARD, {"discount_card": None}),
        ("can I pay by card", "en", CARD, {}),
        ("[九点](time)不行，[十一点](time)可以", "zh", {}, {"time": "11:00"}),
        ("[周六](date)去不了，[周日](date)吧", "zh", {}, {"date": "2026-11-29"}),
        ("[女儿](passenger_type=儿童)问能不能换成[二等座](travel_class)，[一等](travel_class)太贵了",
         "zh", {"travel_class": "一等座", "passengers": {"adult": 2, "child": 1}},
         {"travel_class": "二等座"}),
        ("我没说要[一等座](travel_class)，是[二等座](travel_class)", "zh", {},
         {"travel_class": "二等座"}),
        ("没有[优惠卡](discount_card)", "zh", {**REISE, "discount_card": "BahnCard 25"},
         {"discount_card": None}),
        ("把卡去掉吧", "zh", {**REISE, "discount_card": "BahnCard 25"}, {"discount_card": None}),
    ],
)  # fmt: skip
def test_what_is_rejected_is_not_meant_whatever_it_is(
    text: str, language: str, journey: Dict[str, Any], values: Any
) -> None:
    assert said(text, language, journey=journey).values == values


@pytest.mark.parametrize(
    ("text", "language", "situation", "at"),
    [
        ("the [10](time) o'clock one", "en", {"journey": {"time": "20:00"}, "shown": ["10:00"]},
         "10:00"),
        ("the [3](time) o'clock one", "en", {"shown": ["15:10"]}, "15:00"),
        ("[Friday](date), the [10](time) o'clock one", "en", {"journey": {"time": "20:00"}},
         "10:00"),
        ("One at [night](time). I asked for the morning. ICE 45 at [10:00](time)", "en", {},
         "10:00"),
        ("[两点十分](time)那趟", "zh", {"shown": ["14:10"]}, "14:10"),
        ("[三点二十](time)出发", "zh", {}, "15:20"),
        ("要[九点半](time)那趟", "zh", {"shown": ["07:28", "09:28"]}, "09:28"),
        ("quarter to [six](count) in the [evening](time)", "en", {}, "17:45"),
        ("between [half past 8](time) and [half past 9](time)", "en", {}, "~09:00"),
        ("I finish work at [5](time), so a train at [6](time)", "en", {}, "18:00"),
        ("我[五点](time)下班，[六点](time)的车可以", "zh", {"journey": {"time": "17:00"}}, "18:00"),
        ("between [2](count) and [4](count) in the [afternoon](time)", "en", {}, "~15:00"),
        ("[下午两点](time)到[四点](time)之间", "zh", {}, "~15:00"),
    ],
)  # fmt: skip
def test_of_several_times_the_one_to_leave_at_counts(
    text: str, language: str, situation: Any, at: str
) -> None:
    values = said(text, language, **situation).values
    assert values.pop("time") == at and not values.keys() - {"date"}


@pytest.mark.parametrize(
    "text",
    [
        "departure [9:10](time), arrival [11:36](time)",
        "the train at [9:10](time) with the arrival at [11:36](time)",
        "the one that leaves at [9:10](time) and gets there at [11:36](time)",
    ],
)
def test_a_departure_stands_beside_an_arrival(text: str) -> None:
    assert said(text).values == {"time": "09:10", "latest": "11:36"}


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("on the [9th of December](date), my daughter's birthday is the [10th](date)", "en", 9),
        ("on the [14th](date), as the fair opens on the [15th](date)", "en", 14),
        ("the wedding is on the [12th](date), we go on the [11th](date)", "en", 11),
        ("她生日是[10号](date)，我们[9号](date)走", "zh", 9),
        ("[11号](date)晚上才下班，改到[12号](date)", "zh", 12),
    ],
)
def test_of_several_days_the_one_of_the_journey_counts(text: str, language: str, day: int) -> None:
    assert said(text, language).values["date"] == f"2026-12-{day:02d}"


@pytest.mark.parametrize(
    ("text", "language", "said_so"),
    [
        ("a few days before [Christmas](date)", "en", "a few days before Christmas"),
        ("a couple of days before [New Year](date)", "en", "a couple of days before New Year"),
        ("on a [Friday](date) in [March](city)", "en", "Friday in March"),
        ("sometime in [March](city)", "en", "March"),
        ("[圣诞](date)前几天", "zh", "圣诞前几天"),
        ("[三月份](date)的一个[周五](date)", "zh", "三月份的一个周五"),
    ],
)
def test_several_days_are_none(text: str, language: str, said_so: str) -> None:
    update = said(text, language)
    assert update.problems == [("which_date", {"said": said_so})] and not update.values
    assert not said("the card ran out in October", journey={"date": "2026-12-05"})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("as the [kids](passenger_type=child) come from all over", "en"),
        ("because of the [grandparents](passenger_type)", "en"),
        ("my [daughter](passenger_type=child) is getting married", "en"),
        ("it's my [son](passenger_type=child)'s birthday", "en"),
        ("I must ask my [husband](passenger_type=adult)", "en"),
        ("因为[孩子](passenger_type=儿童)要上学", "zh"),
        ("我[儿子](passenger_type=儿童)结婚", "zh"),
        ("我得问问我[老公](passenger_type=成人)", "zh"),
    ],
)
def test_who_is_only_talked_about_does_not_travel(text: str, language: str) -> None:
    assert not said(text, language, journey={"passengers": {"adult": 2}})


@pytest.mark.parametrize(
    ("text", "language", "before", "after"),
    [
        ("only [8](count), [seven](time) [students](passenger_type=student) and [me](count)",
         "en", {"adult": 1}, {"adult": 1, "student": 7}),
        ("no [child](passenger_type), just the [seven](count) [students](passenger_type=student)"
         " and me. They're between [15](count) and 17 years old", "en",
         {"adult": 1, "student": 7, "child": 1}, {"adult": 1, "student": 7}),
        ("for us [five](count). The [grandparents](passenger_type) aren't travelling", "en",
         {"adult": 2, "child": 3, "senior": 2}, {"adult": 2, "child": 3}),
        ("[7](time) in total, [5](count) [kids](passenger_type=child) and us [two](count)", "en",
         {"adult": 2}, {"adult": 2, "child": 5}),
        ("the [grandparents](passenger_type=senior) aren't travelling", "en",
         {"adult": 2, "child": 3}, {"adult": 2, "child": 3}),
        ("[老人](passenger_type)家起不来", "zh", {"senior": 1, "child": 1},
         {"senior": 1, "child": 1}),
        ("both of us! I'm the [senior](passenger_type), he's the [adult](passenger_type)", "en",
         {"adult": 1}, {"adult": 1, "senior": 1}),
        ("my [husband](passenger_type=adult) just reminded me", "en",
         {"adult": 1, "senior": 1}, {"adult": 1, "senior": 1}),
        ("[one](count) of the [kids](passenger_type=child) is [4](count)", "en",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 1, "infant": 1}),
        ("the [children](passenger_type=child) are 4, [9](time) and 16, does the little one need a"
         " ticket?", "en", {"adult": 2, "child": 3}, {"adult": 2, "child": 2, "infant": 1}),
        ("my [daughter](passenger_type=child) comes too, she is 34", "en", {"adult": 1},
         {"adult": 2}),
        ("I want to take my granddaughter, she is eight. Do [children](passenger_type=child) pay"
         " less?", "en", {}, {"adult": 1, "child": 1}),
        ("[女儿](passenger_type=儿童)也去，她30岁了", "zh", {"adult": 1}, {"adult": 2}),
        ("[一](count)个4岁一个9岁", "zh", {"adult": 2, "child": 2},
         {"adult": 2, "child": 1, "infant": 1}),
        ("[奶奶](passenger_type=老人)不跟我们走，就我们[俩](count)", "zh",
         {"adult": 2, "senior": 1}, {"adult": 2}),
        ("我[女儿](passenger_type=儿童)三十多岁，是[大人](passenger_type=成人)，不是"
         "[小孩](passenger_type=儿童)", "zh", {"senior": 1, "child": 1, "adult": 1},
         {"senior": 1, "child": 1, "adult": 1}),
        ("我想带孙子去", "zh", {}, {"adult": 1, "child": 1}),
    ],
)  # fmt: skip
def test_passengers_are_counted_once(text: str, language: str, before: Any, after: Any) -> None:
    update = said(text, language, journey={"passengers": before} if before else {})
    assert not update.problems and update.values.get("passengers", before) == after


@pytest.mark.parametrize(
    ("text", "language", "before", "after"),
    [
        ("I want to go from Lyon to Nice with my [husband](passenger_type=adult)", "en",
         {}, {"adult": 2}),
        ("I'm bringing along [two](count) [friends](passenger_type=adult)", "en", {}, {"adult": 3}),
        ("[two](count), me and my flatmate", "en", {}, {"adult": 2}),
        ("both my [kids](passenger_type=child) and their "
         "[grandmother](passenger_type=senior)", "en", {}, {"child": 2, "senior": 1}),
        ("we will be joined by my mother", "en", {"adult": 2}, {"adult": 3}),
        ("my [brother](passenger_type=adult) can't make it after all", "en",
         {"adult": 3}, {"adult": 2}),
        ("Anna isn't coming", "en", {"adult": 4}, {"adult": 3}),
        ("Tom and Mary can't come", "en", {"adult": 3}, {"adult": 1}),
        ("our eldest won't be joining us", "en",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 1}),
        ("[grandma](passenger_type) doesn't feel well, so she's staying home", "en",
         {"adult": 2, "senior": 1}, {"adult": 2}),
        ("[one](count) [adult](passenger_type). my [kids](passenger_type=child) stay at home", "en",
         {}, {"adult": 1}),
        ("the [students](passenger_type=student) will take the bus instead", "en",
         {"adult": 2, "student": 2}, {"adult": 2}),
        ("we decided to leave the [kids](passenger_type=child) with their "
         "[grandparents](passenger_type)", "en", {"adult": 2, "child": 2}, {"adult": 2}),
        ("[two](count) of my [friends](passenger_type=adult) cancelled", "en",
         {"traveller": 4}, {"traveller": 2}),
        ("minus one", "en", {"traveller": 5}, {"traveller": 4}),
        ("can my cousin come with me?", "en", {"adult": 1}, {"adult": 2}),
        ("[two](count) [colleagues](passenger_type=adult) have decided to come with us", "en",
         {"adult": 2}, {"adult": 4}),
        ("the little one is only [two](count)", "en",
         {"adult": 2, "child": 1}, {"adult": 2, "infant": 1}),
        ("actually she's eighteen already", "en", {"adult": 1, "child": 1}, {"adult": 2}),
        ("[one](count) of the [kids](passenger_type=child) is already grown up, 19", "en",
         {"adult": 2, "child": 2}, {"adult": 3, "child": 1}),
        ("the older one is 16, the younger one 5", "en",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 1, "infant": 1}),
        ("[2](count) of the [4](count) are [seniors](passenger_type=senior)", "en",
         {"adult": 4}, {"adult": 2, "senior": 2}),
        ("a party of 6 including [2](count) [children](passenger_type=child)", "en",
         {}, {"traveller": 4, "child": 2}),
        ("[two](count) of us, plus our [toddler](passenger_type=infant)", "en",
         {}, {"traveller": 2, "infant": 1}),
        ("I am [19](count) and a [student](passenger_type)", "en",
         {"adult": 2}, {"adult": 1, "student": 1}),
        ("my [father](passenger_type=senior) used to work for the railways", "en",
         {"adult": 2}, {"adult": 2}),
        ("my [sister](passenger_type=adult) is having a [baby](passenger_type=infant)",
         "en", {}, {}),
        ("I'm visiting a friend in Rome", "en", {"adult": 1}, {"adult": 1}),
        ("我和[老公](passenger_type=成人)带[两](count)个[娃](passenger_type=儿童)", "zh",
         {}, {"adult": 2, "child": 2}),
        ("陪[奶奶](passenger_type=老人)去", "zh", {}, {"adult": 1, "senior": 1}),
        ("[爸爸](passenger_type=成人)妈妈和我[三](count)个人", "zh", {}, {"adult": 3}),
        ("老婆[孩子](passenger_type=儿童)和我", "zh", {}, {"adult": 2, "child": 1}),
        ("我们[哥仨](passenger_type)", "zh", {}, {"traveller": 3}),
        ("我和她", "zh", {}, {"adult": 2}),
        ("给我外公外婆买，我不去", "zh", {}, {"senior": 2}),
        ("大儿子要上课，不跟我们走了", "zh", {"adult": 2, "child": 2}, {"adult": 2, "child": 1}),
        ("[宝宝](passenger_type=婴儿)让姥姥带，不去", "zh",
         {"adult": 2, "infant": 1}, {"adult": 2}),
        ("那个[学生](passenger_type)取消了", "zh", {"adult": 3, "student": 1}, {"adult": 3}),
        ("Anna and I", "en", {}, {"adult": 2}),
        ("I'm going with my two best [friends](passenger_type=adult)", "en", {}, {"adult": 3}),
        ("[one](count) more [adult](passenger_type) and [one](count) [child](passenger_type)", "en",
         {"traveller": 2}, {"traveller": 2, "adult": 1, "child": 1}),
        ("add my 3-year-old daughter", "en", {"adult": 2}, {"adult": 2, "infant": 1}),
        ("[one](count) [kid](passenger_type=child) is 3, the other 7", "en",
         {"adult": 2, "child": 2}, {"adult": 2, "child": 1, "infant": 1}),
        ("make that [four](count)", "en", {"traveller": 3}, {"traveller": 4}),
        ("has my train been cancelled?", "en", {"adult": 2}, {"adult": 2}),
        ("两对[夫妻](passenger_type)和[一](count)个[小孩](passenger_type=儿童)", "zh", {},
         {"adult": 4, "child": 1}),
        ("变成[四](count)个人了，我[表姐](passenger_type)也去", "zh", {"traveller": 3},
         {"traveller": 4}),
        ("没别的事了，再见", "zh", {"adult": 2}, {"adult": 2}),
        ("我们不带女儿了", "zh", {"adult": 2, "child": 1}, {"adult": 2}),
        ("[孩子](passenger_type=儿童)都不去", "zh", {"adult": 2, "child": 2}, {"adult": 2}),
        ("再加[一](count)个[孩子](passenger_type=儿童)", "zh",
         {"adult": 2}, {"adult": 2, "child": 1}),
        ("[孩子](passenger_type=儿童)已经满十八了", "zh", {"adult": 2, "child": 1}, {"adult": 3}),
        ("我六十六岁，她七十", "zh", {"traveller": 2}, {"senior": 2}),
        ("小家伙还不到三岁", "zh", {"adult": 2, "child": 1}, {"adult": 2, "infant": 1}),
        ("那个不是[孩子](passenger_type=儿童)，是[大人](passenger_type=成人)", "zh",
         {"adult": 2, "child": 1}, {"adult": 3}),
        ("一共[四](count)个，包括[一](count)个[婴儿](passenger_type)", "zh",
         {"traveller": 4}, {"traveller": 3, "infant": 1}),
        ("去日内瓦，跟我姐一块儿", "zh", {}, {"adult": 2}),
        ("我妈到车站接我", "zh", {}, {}),
        ("[老人](passenger_type)票多少钱", "zh", {"adult": 2}, {"adult": 2}),
        ("等[孩子](passenger_type=儿童)放假", "zh", {}, {}),
    ],
)  # fmt: skip
def test_who_travels_is_read_from_words(text: str, language: str, before: Any, after: Any) -> None:
    """Whether they come with somebody, join, leave, are of an age, or are only talked about."""
    asked = "confirmed" if before else "passengers"
    update = said(text, language, asked=asked, journey={"passengers": before} if before else {})
    assert not update.problems and update.values.get("passengers", before) == after


THREE = {"adult": 3, "child": 1}
PARENTS = {"adult": 1, "senior": 2, "child": 1}
MANY = {**PARENTS, "senior": 4}
TO_AMSTERDAM = "from [Paris](city departure) to [Amsterdam](city destination)"


@pytest.mark.parametrize(
    ("text", "language", "before", "after"),
    [
        ("我爸六十八，我妈六十六", "zh", THREE, PARENTS),
        ("我爸六十八，我妈六十六，有[老人](passenger_type)票吗", "zh", THREE, PARENTS),
        ("我[爸](passenger_type=老人)六十八，我[妈](passenger_type=老人)六十六", "zh", THREE,
         PARENTS),
        ("my [dad](passenger_type=adult) is 68, my [mum](passenger_type=adult) 66", "en", THREE,
         PARENTS),
        ("my [dad](passenger_type=adult) is 68 and my [mum](passenger_type=adult) is 66", "en",
         {"adult": 1}, {"adult": 1, "senior": 2}),
        ("我们总共就[四](count)个人啊，我[一](count 1)个[大人](passenger_type 1=成人)，"
         "[爸妈](passenger_type 1=老人)[两](count 2)个[老人](passenger_type 2)，"
         "再加[一](count 3)个[孩子](passenger_type 1=儿童)", "zh", MANY, PARENTS),
        ("我和[爸妈](passenger_type=成人)，[一](count)个[大人](passenger_type=成人)[两](count)个"
         "[老人](passenger_type)", "zh", {}, {"adult": 1, "senior": 2}),
        ("我和我[老公](passenger_type=成人)[两](count)个[大人](passenger_type=成人)，[一](count)个"
         "[孩子](passenger_type=儿童)", "zh", {}, FAMILY),
        ("we are just [four](count) in all, me, [one](count) [adult](passenger_type), my "
         "[parents](passenger_type=adult), [two](count) [seniors](passenger_type=senior), and "
         "[one](count) [kid](passenger_type=child)", "en", {}, PARENTS),
        ("me and my [wife](passenger_type=adult), [two](count) [kids](passenger_type=child)", "en",
         {}, {"adult": 2, "child": 2}),
        ("my [son](passenger_type=child), my [wife](passenger_type=adult), [two](count) "
         "[kids](passenger_type=child)", "en", {}, {"adult": 1, "child": 3}),
        ("[老人](passenger_type)就[两](count)个呀！", "zh", MANY, PARENTS),
        ("只有[两](count)个[老人](passenger_type)啊", "zh", MANY, PARENTS),
        ("only [two](count) [seniors](passenger_type=senior)!", "en", MANY, PARENTS),
        ("总共[四](count)个人，[老人](passenger_type)就[两](count)个", "zh", MANY, PARENTS),
        ("[four](count) people in total, only [two](count) [seniors](passenger_type=senior)", "en",
         MANY, PARENTS),
        ("总共[四](count)个人", "zh", PARENTS, PARENTS),
        ("[两](count)个订单都改成[三](count)个人就行：我、我爸和[孩子](passenger_type=儿童)", "zh",
         PARENTS, {"adult": 1, "senior": 1, "child": 1}),
        ("[两](count)个订单都改成[三](count)个人就行：我、我爸和[孩子](passenger_type=儿童)", "zh",
         THREE, FAMILY),
        ("change the [two](count) bookings to [three](count) people: me, my "
         "[dad](passenger_type=adult) and the [kid](passenger_type=child)", "en",
         PARENTS, {"adult": 1, "senior": 1, "child": 1}),
        ("[两](count)张都改到周五", "zh", PARENTS, PARENTS),
        ("my [grandson](passenger_type=child) can't come", "en", {"senior": 2, "child": 1},
         {"senior": 2}),
        ("我想带[孩子](passenger_type=儿童)和我爸妈从[巴黎](city departure)去"
         "[阿姆斯特丹](city destination)，大概多少钱啊？", "zh", {}, THREE),
        (f"I want to take my [kid](passenger_type=child) and my [parents](passenger_type=adult) "
         f"{TO_AMSTERDAM}, how much is it roughly?", "en", {}, THREE),
        ("my husband and I want to go to [Vienna](city destination), what trains are there?", "en",
         {}, {"adult": 2}),
        ("我和我先生想去[维也纳](city destination)玩，有什么车？", "zh", {}, {"adult": 2}),
        ("我们都是[25](count)", "zh", {"traveller": 2}, {"adult": 2}),
        ("we're [25](date), both of us", "en", {"traveller": 2}, {"adult": 2}),
    ],
)  # fmt: skip
def test_nobody_is_counted_anew_who_is_told_of_again(
    text: str, language: str, before: Any, after: Any
) -> None:
    """Whose age, or kind, is told, or who is one of a list, and who goes beside a question."""
    update = said(text, language, journey={"passengers": before} if before else {})
    assert not update.problems and update.values.get("passengers", before) == after


@pytest.mark.parametrize("kind", ["date", "time", "count", "discount_card"])
@pytest.mark.parametrize(
    ("text", "language"),
    [("都是[25岁]({})", "zh"), ("we are both [25]({})", "en"), ("都[二十五]({})", "zh")],
)
def test_an_age_is_nothing_else(text: str, language: str, kind: str) -> None:
    journey = {"passengers": {"adult": 2}, "date": "2026-12-04"}
    update = said(text.format(kind), language, journey=journey)
    assert not update.problems and update.values.keys() <= {"passengers"}


def test_the_two_of_us_are_those_of_the_last_booking() -> None:
    party = {"senior": 1, "child": 1}
    found = said("the [two](count) of us", travelled={"passengers": party})
    assert found.values == {"passengers": party}


def test_a_word_that_matters_may_be_one_letter_off() -> None:
    text, entities = marked(
        "[2](count) [chidren](passenger_type), a studnt, secnd, to [Fist](city)"
    )
    right, found = put_right(text, entities, CLOSED.split(" "))
    assert right == "2 children, a student, second, to Fist"
    assert [right[e["start"] : e["end"]] for e in found] == ["2", "children", "Fist"]
    assert found[1]["value"] == "children"
    assert put_right("the later water is a kind mummy's", [], CLOSED.split(" "))[0].endswith("y's")


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [("the first one is too early, the second one", "en", 1), ("第一个太早了", "zh", None)],
)
def test_one_of_several_may_be_rejected(text: str, language: str, place: Any) -> None:
    assert place_in(text, LANGUAGES[language]) == place


def test_a_class_beside_the_way_back_is_that_of_both_ways() -> None:
    update = said("[二等](travel_class=二等座) [晚上](time)还要回来", "zh", journey=REISE)
    assert update.values == {"travel_class": "二等座"} and update.back == {"time": "18:00"}


@pytest.mark.parametrize(
    ("text", "language", "situation", "day"),
    [
        ("sorry, [the 22nd](date) I mean", "en", {"journey": {"date": "2027-07-15"}}, "2027-07-22"),
        (
            "[the 3rd](date) would be better",
            "en",
            {"journey": {"date": "2027-01-28"}},
            "2027-01-03",
        ),
        ("in July, maybe [the 15th](date)", "en", {}, "2027-07-15"),
        ("[Tuesday the 13th](date)", "en", {"travelled": {"date": "2027-04-12"}}, "2027-04-13"),
        ("[the 9th](date)", "en", {"journey": {"date": "2026-11-30"}}, "2026-12-09"),
        ("on [the 9th](date)", "en", {"there": date(2026, 12, 4), "journey": TRIP}, "2026-12-09"),
        ("改到[18号](date)吧", "zh", {"journey": {"date": "2027-04-12"}}, "2027-04-18"),
        ("七月走，[15号](date)吧", "zh", {}, "2027-07-15"),
    ],
)
def test_a_day_without_a_month_is_of_the_month_that_is_talked_of(
    text: str, language: str, situation: Dict[str, Any], day: str
) -> None:
    assert said(text, language, **situation).values["date"] == day


@pytest.mark.parametrize("year", ["[2027](date)", "[2027](time)", "2027"])
def test_the_year_behind_a_day_is_part_of_it(year: str) -> None:
    update = said(f"[13 April](date) {year}!", journey={"date": "2026-12-13"})
    assert update.values == {"date": "2027-04-13"} and not update.problems


@pytest.mark.parametrize(
    ("text", "language", "day", "back"),
    [
        ("from the [20th](date) to the [27th](date)", "en", "2026-12-20", "2026-12-27"),
        ("[20 December](date) - [27 December](date)", "en", "2026-12-20", "2026-12-27"),
        ("[20号](date)到[27号](date)", "zh", "2026-12-20", "2026-12-27"),
        ("on [Friday](date), we stay for a week and then go home", "en", "2026-12-04",
         "2026-12-11"),
        ("[周五](date)去，住四天再回来", "zh", "2026-12-04", "2026-12-08"),
    ],
)  # fmt: skip
def test_the_day_of_the_way_back_may_be_told_by_a_stay(
    text: str, language: str, day: str, back: str
) -> None:
    update = said(text, language, journey=TRIP if language == "en" else REISE)
    assert (update.values.get("date"), (update.back or {}).get("date")) == (day, back)


def test_ages_beside_a_question_are_read() -> None:
    party = {**REISE, "passengers": {"adult": 1, "child": 2}}
    update = said("[孩子](passenger_type=儿童)一个5岁一个11岁，要买票吗", "zh", journey=party)
    assert update.values["passengers"] == {"adult": 1, "child": 1, "infant": 1}
