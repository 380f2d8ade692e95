"""Days and times as travellers name them."""

from __future__ import annotations

from datetime import date
from typing import List, Optional

import pytest

from example_bot.actions.dates import part_of_day, read_date, read_number, read_time

TODAY = date(2026, 11, 28)  # a Saturday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-28"),
        ("tonight", "2026-11-28"),
        ("tomorrow", "2026-11-29"),
        ("the day after tomorrow", "2026-11-30"),
        ("yesterday", "2026-11-27"),
        ("in three days", "2026-12-01"),
        ("in a week", "2026-12-05"),
        ("in 2 weeks", "2026-12-12"),
        ("Friday", "2026-12-04"),
        ("this Friday", "2026-12-04"),
        ("next Friday", "2026-12-04"),
        ("Saturday", "2026-12-05"),
        ("this Saturday", "2026-11-28"),
        ("next Saturday", "2026-12-05"),
        ("last Monday", "2026-11-16"),
        ("this weekend", "2026-11-28"),
        ("next weekend", "2026-12-05"),
        ("Sun", "2026-11-29"),
        ("15 May", "2027-05-15"),
        ("May 15", "2027-05-15"),
        ("the 3rd of March", "2027-03-03"),
        ("1st of August", "2027-08-01"),
        ("Dec 24", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("24.12.2026", "2026-12-24"),
        ("27/09/27", "2027-09-27"),
        ("2026-12-24", "2026-12-24"),
        ("5 June 2020", "2020-06-05"),
        ("the 30th", "2026-11-30"),
        ("the 5th", "2026-12-05"),
        ("New Year's Eve", "2026-12-31"),
        ("Christmas", "2026-12-25"),
        ("a week before Christmas", "2026-12-18"),
        ("the week before Christmas, say Monday", "2026-12-21"),
        ("the week before Christmas", None),
        ("two days before Christmas", "2026-12-23"),
        ("the day after New Year", "2027-01-02"),
        ("the Monday before Christmas", "2026-12-21"),
        ("the weekend before Christmas", "2026-12-19"),
        ("the Friday after the 3rd of March", "2027-03-05"),
        ("the first Saturday in January", "2027-01-02"),
        ("last Friday of January", "2027-01-29"),
        ("second Monday of next month", "2026-12-14"),
        ("the first Tuesday in November", "2027-11-02"),
        ("29 February", "2028-02-29"),
        ("31 February", None),
        ("the 31st of April", None),
        ("31.31.2026", None),
        ("the twelfth of never", None),
        ("", None),
        ("今天", "2026-11-28"),
        ("今晚", "2026-11-28"),
        ("明早", "2026-11-29"),
        ("后天", "2026-11-30"),
        ("後天", "2026-11-30"),
        ("大后天", "2026-12-01"),
        ("昨天", "2026-11-27"),
        ("三天后", "2026-12-01"),
        ("周五", "2026-12-04"),
        ("这周五", "2026-11-27"),
        ("下周五", "2026-12-04"),
        ("下下周五", "2026-12-11"),
        ("下个星期三", "2026-12-02"),
        ("禮拜五", "2026-12-04"),
        ("周末", "2026-12-05"),
        ("三月八号", "2027-03-08"),
        ("12月24日", "2026-12-24"),
        ("明年1月3号", "2027-01-03"),
        ("5号", "2026-12-05"),
        ("下个月1号", "2026-12-01"),
        ("十二月二十四號", "2026-12-24"),
        ("元旦", "2027-01-01"),
        ("二月三十号", None),
        ("圣诞节前一天", "2026-12-24"),
        ("圣诞节前一周", "2026-12-18"),
        ("圣诞节前一个星期，大概周六", "2026-12-19"),
        ("圣诞前的周一", "2026-12-21"),
        ("圣诞节前的那个周末", "2026-12-19"),
        ("元旦后两天", "2027-01-03"),
        ("一月第一个周六", "2027-01-02"),
        ("1月最后一个星期五", "2027-01-29"),
    ],
)
def test_the_day_that_words_name(text: str, day: Optional[str]) -> None:
    found = read_date(text, TODAY)
    assert (found and found.isoformat()) == day


@pytest.mark.parametrize(
    ("texts", "at"),
    [
        (["9 am"], "09:00"),
        (["7pm"], "19:00"),
        (["12 am"], "00:00"),
        (["12pm"], "12:00"),
        (["18:00"], "18:00"),
        (["18h30"], "18:30"),
        (["6:15 pm"], "18:15"),
        (["noon"], "12:00"),
        (["morning"], "06:00"),
        (["afternoon"], "12:00"),
        (["half past eight"], "08:30"),
        (["quarter past six", "evening"], "18:15"),
        (["quarter to nine"], "08:45"),
        (["twenty past four"], "04:20"),
        (["9 o'clock"], "09:00"),
        (["9"], "09:00"),
        (["eight"], "08:00"),
        (["25:00"], None),
        (["a while"], None),
        (["早上九点"], "09:00"),
        (["下午五点"], "17:00"),
        (["晚上七点一刻"], "19:15"),
        (["八点半"], "08:30"),
        (["十二点"], "12:00"),
        (["9点20分"], "09:20"),
        (["14:20"], "14:20"),
        (["中午"], "12:00"),
        (["上午"], "06:00"),
        (["下午"], "12:00"),
        (["5pm"], "17:00"),
        (["随便"], None),
    ],
)
def test_the_time_that_words_name(texts: List[str], at: Optional[str]) -> None:
    assert read_time(texts) == at


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("two", 2),
        ("twenty-one", 21),
        ("five hundred", 500),
        ("a", 1),
        ("zero", 0),
        ("两", 2),
        ("十二", 12),
        ("二十", 20),
        ("三百二十一", 321),
        ("５", 5),
        ("many", None),
    ],
)
def test_the_number_that_words_name(text: str, number: Optional[int]) -> None:
    assert read_number(text) == number


def test_a_day_may_name_a_part_of_itself() -> None:
    assert part_of_day("tonight") == "18:00"
    assert part_of_day("明早") == "06:00"
    assert part_of_day("next Friday") is None
