"""What day and what time words name, in English and in Chinese.

Days without a year, and days of the week, lie ahead: "Friday" is the next one to come, "next
Friday" the one of the next calendar week, as 下周五 is.
"""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Iterable, List, Match, Optional, Sequence, Tuple

SHORT = {
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tmw": "tomorrow",
    "2moro": "tomorrow",
    "2morrow": "tomorrow",
    "tonite": "tonight",
    "2nite": "tonight",
    "2day": "today",
    "nite": "night",
    "xmas": "christmas",
    "wknd": "weekend",
    "midweek": "wednesday",
}
"""How days and hours are written in a hurry."""
SIMPLIFIED = str.maketrans("號週禮這後個點兩聖誕節晚會", "号周礼这后个点两圣诞节晚会")
DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
DIGITS.update({"两": 2, "〇": 0, "俩": 2, "仨": 3})
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
ENGLISH_NUMBERS = {word: value for value, word in enumerate(NUMBER_WORDS.split(" "))}
ENGLISH_NUMBERS.update(
    {"a": 1, "an": 1, "another": 1, "no": 0, "none": 0, "couple": 2, "a couple": 2, "both": 2}
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH_NUMBERS.update({word: 10 * value for value, word in enumerate(TENS, start=2)})
ENGLISH_NUMBERS.update({"me": 1, "just me": 1, "dozen": 12, "hundred": 100, "tow": 2})
MONTHS = [month.lower() for month in month_abbr if month]
MONTH = timedelta(days=31)
WEEKDAYS = [day.lower() for day in day_abbr]
WEEKDAY = r"(?P<day>mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?s?"
RELATIVE = {
    "day before yesterday": -2,
    "yesterday": -1,
    "day after tomorrow": 2,
    "tomorrow": 1,
    "today": 0,
    "tonight": 0,
    "this evening": 0,
    "this morning": 0,
    "this afternoon": 0,
    "right now": 0,
    "right away": 0,
    "immediately": 0,
    "as soon as possible": 0,
    "asap": 0,
    "现在": 0,
    "马上": 0,
    "立刻": 0,
    "大后天": 3,
    "前天": -2,
    "昨": -1,
    "后天": 2,
    "明": 1,
    "今": 0,
}
FEASTS = {
    "christmas eve": (12, 24),
    "平安夜": (12, 24),
    "圣诞夜": (12, 24),
    "boxing day": (12, 26),
    "christmas": (12, 25),
    "圣诞": (12, 25),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "跨年": (12, 31),
    "new year": (1, 1),
    "元旦": (1, 1),
}
FEAST = "|".join(map(re.escape, FEASTS))
ANY_WEEKDAY = "weekend|" + WEEKDAY.replace("?P<day>", "")
EVE = "evening|night|morning|afternoon"
NEAR_DAY = (
    re.compile(
        r"(?:(?P<n>(?:a )?(?:couple of|few)|\w+) )?"
        rf"\b(?P<unit>day|week|{EVE}|{ANY_WEEKDAY})(?P<many>s)? (?:or so )?(?P<how>before|after) "
        rf"(?P<anchor>(?:the )?\w.*)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<anchor>{FEAST}|[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+)[节号日]*的?"
        r"(?P<how>前|后)的?[那这]?(?P<n>[\d一二三四五六七八九十两])?(?P<many>几)?个?"
        r"(?P<unit>天|晚|周|星期)"
    ),
)
"""So many days or weeks before or after another day, or a day of the week before or after it."""
OF_MONTH = (
    re.compile(
        rf"\b(?P<place>first|second|third|fourth|last|[1-4](?:st|nd|rd|th)) (?:{ANY_WEEKDAY}) "
        rf"(?:in|of) (?:the )?(?P<month>next month|month|this month|(?:{'|'.join(MONTHS)})[a-z]*)"
    ),
    re.compile(
        r"(?P<month>下个?月|这个?月|[\d一二三四五六七八九十]{1,3}月)份?的?"
        r"(?P<place>第[一二三四1-4]|最后)一?个?(?:周|星期)"
    ),
)
"""A month's first day of a week's, or another of them."""
PLACES = {"last": -1, "最后": -1}
for place, words in enumerate(["first 1st 第一 第1", "second 2nd 第二 第2", "third 3rd 第三 第3"]):
    PLACES.update(dict.fromkeys(words.split(" "), place))
# Parts of the day that hold a clock's hours of the afternoon, and when they all start.
PARTS = {
    "凌晨": "00:00",
    "early morning": "05:00",
    "清晨": "05:00",
    "一早": "05:00",
    "breakfast": "08:00",
    "早饭": "08:00",
    "早餐": "08:00",
    "mid-morning": "09:00",
    "late morning": "10:00",
    "early afternoon": "13:00",
    "mid-afternoon": "14:00",
    "late afternoon": "16:00",
    "early evening": "17:00",
    "late evening": "20:00",
    "morning": "06:00",
    "早": "06:00",
    "上午": "06:00",
    # Before the noon that is in it.
    "afternoon": "12:00",
    "noon": "12:00",
    "midday": "12:00",
    "lunchtime": "12:00",
    "中午": "12:00",
    "lunch": "13:00",
    "午饭": "13:00",
    "午餐": "13:00",
    "after work": "17:00",
    "下班": "17:00",
    "after school": "14:00",
    "放学": "15:00",
    "下午": "12:00",
    "傍晚": "17:00",
    "dinner": "19:00",
    "supper": "19:00",
    "晚饭": "19:00",
    "晚餐": "19:00",
    "evening": "18:00",
    "tonight": "18:00",
    "晚": "18:00",
    "midnight": "23:59",
    "night": "20:00",
    "半夜": "23:00",
    "午夜": "23:59",
    "夜": "20:00",
}
SPELT = [name.lower() for name in (*day_name, *month_name) if name]
SPELT += ["today", "tomorrow", "tonight", "yesterday", "weekend", "christmas"]
SPELT += ["morning", "afternoon", "evening", "midday", "midnight", "night", "lunch"]
"""Words that are known with a letter missing, too."""
HOUR = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
CLOCK = re.compile(
    r"\b\d{1,2}(?::\d{2})? ?(?:am|pm|a\.m\.|p\.m\.|o[' ]?clock)(?![a-z])|\b\d{1,2}:\d{2}\b|"
    rf"\b{HOUR}[ -]?ish\b|"
    rf"(?:(?<=\bby )|(?<=\bat )|(?<=\bbefore )|(?<=\bafter )|(?<=\baround )|"
    rf"(?<=\babout )|(?<=\blike )|(?<=\bearlier than )|(?<=\blater than )){HOUR}"
    rf"(?=\W*$|,| or so| so\b| but\b|(?: | or |-){HOUR}\W*$)|"
    # "便宜一点" is a bit cheaper.
    r"(?<![宜早晚快慢好贵多少近远短长])[\d一二三四五六七八九十两]{1,3}点(?:半|一刻|三刻|[\d一二三四五六七八九十]{1,3}分)?(?!儿|的|吧|吗)",
    re.IGNORECASE,
)
"""A time of a clock, wherever it stands."""
DAY = re.compile(
    rf"\b(?:next )?(?:{'|'.join(day_name)})\b|\btomorrow\b|\basap\b|"
    r"^\W*(?:right )?now\W*$|^\W*(?:现在|马上)\W*$|\bas soon as possible\b|"
    rf"\bthe \d{{1,2}}(?:st|nd|rd|th)(?=\W*$)|"
    r"(?:[这下本]个?)?(?:周|星期)[一二三四五六日天1-6]|[明后]天|元旦|圣诞夜|圣诞节?|平安夜",
    re.IGNORECASE,
)
"""A day, wherever it stands."""
_MONTH = f"(?:{'|'.join(filter(None, (*month_name, *month_abbr)))}|sept)"
_WEEKDAY = ANY_WEEKDAY.partition("|")[2]
_NUMBER, _SIGNS = r"[\d一二三四五六七八九十]{1,3}", r"(?:周|星期|礼拜)[一二三四五六日天1-6]"
DATED = re.compile(
    rf"(?:\b{_WEEKDAY},? )?(?:the )?"
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b\.?(?! (?:be|come|go|join)\b)|"
    # "May 2 of us" asks for leave.
    rf"\b(?!may \d+\b){_MONTH}\.? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.]\d))"
    rf"(?:,? (?:(?:which|that|it)(?:'s| is) )?(?:an? |\()?{_WEEKDAY}\b\)?(?=\W*$|[,.;!?]))?|"
    # "Monday, 2nd class" names no day by its number.
    rf"\b{_WEEKDAY},? (?:the |(?![12](?:st|nd)))\d{{1,2}}(?:st|nd|rd|th)|"
    rf"(?:{_SIGNS}[，, ]?)?{_NUMBER}月{_NUMBER}[号日](?:[，,（( ]?{_SIGNS}[）)]?)?|"
    rf"\b(?:the )?\d{{1,2}}(?:st|nd|rd|th),? (?:an? |\()?{_WEEKDAY}\b\)?(?=\W*$|[,.;!?])|"
    rf"{_SIGNS}[，, ]?{_NUMBER}[号日]|{_NUMBER}[号日][，,（( ]?{_SIGNS}[）)]?",
    re.IGNORECASE,
)
"""A day by its number, with the month or the day of the week, wherever it stands."""
NEAR_HOURS = 2
"""How far an hour is off the train that is known at most, if it is in the same half of the day."""
DAY_OF_MONTH = re.compile(
    rf"(?:{_WEEKDAY},? )?(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?:,? (?:a )?{_WEEKDAY})?|"
    r"(?:(?:周|星期|礼拜)[一-龥])?[一二三四五六七八九十\d]{1,3}[号日]"
)
"""A day by its number alone."""
BARE_MONTH = re.compile(
    rf"\b(?:in|during|early|mid|late|next|this) (?P<name>{_MONTH})\b|"
    rf"\b(?!may\b|march (?!is|would|if))(?P<first>{'|'.join(filter(None, month_name))})\b|"
    rf"(?<!\d)(?P<month>{_NUMBER}月)(?:份|初|中旬?|底|末)?(?!{_NUMBER}|[号日份]|第|最后)",
    re.IGNORECASE,
)
"""A month without a day, wherever it stands."""
PAST_HOUR = re.compile(
    rf"\b(?:half|quarter|five|ten|twenty) (?:past|to) {HOUR}\b(?! (?:people|of us))", re.IGNORECASE
)
"""A time by its hour and what is past of it."""
HOURS_BETWEEN = re.compile(
    # "More like 10 11".
    rf"\b(?:around|about|like) (?P<around>{HOUR})(?: or | |-)(?P<or>{HOUR})(?=\W*$)|"
    rf"\bbetween (?P<one>{HOUR}(?::\d\d)?(?: ?[ap]m)?) and (?P<two>{HOUR}(?::\d\d)?(?: ?[ap]m)?)"
    r"(?! (?:[a-z]+ ){0,2}(?:years?|people|of us|changes?|stops?|days?|nights?|euros?))\b",
    re.IGNORECASE,
)
"""Two hours between which, or about which, to leave."""
PRICE = re.compile(r"\d+[.,]\d\d")
"""What is a sum of money, and no hour or day, as 79.97 is."""
ON_DAY = re.compile(r"(?<=\bon the )\d{1,2}(?:st|nd|rd|th)\b", re.IGNORECASE)
"""A day of a month that can be nothing else."""
ROUGHLY = re.compile(
    r"^((before|by|until|till|after|around|about|roughly|at|from) (the )?)+|^(大概|大约|差不多)+|"
    r"[ -]?ish$| or so$|(多|左右|前后|[之以]?[前后])$",
    re.IGNORECASE,
)
"""What stands around an hour that is not quite exact, or is a bound."""
PART = re.compile(
    r"\b(after work|after school|tonight|tonite|2nite|"
    r"((mid-|late |early )?(morning|afternoon|evening)s?)|noon|midday|"
    r"midnight|night|nite|lunch|breakfast|dinner|supper)\b|早饭|早餐|晚饭|晚餐|早上|上午|下班|放学|中午|午饭|午餐|下午|傍晚|晚上|半夜|午夜|[今明后]早|[今明后]晚",
    re.IGNORECASE,
)
"""A part of the day, wherever it stands."""
ENDS = {
    "early morning": "09:00",
    "mid-morning": "12:00",
    "late morning": "12:00",
    "early afternoon": "15:00",
    "mid-afternoon": "16:00",
    "late afternoon": "18:00",
    "early evening": "19:00",
    "late evening": "23:00",
    "morning": "12:00",
    "早": "12:00",
    "上午": "12:00",
    "afternoon": "18:00",
    "下午": "18:00",
    "evening": "21:00",
    "tonight": "23:59",
    "晚": "21:00",
    "night": "23:59",
}
"""When to be there at the latest, of who arrives in a part of the day."""
LATE = ("afternoon", "evening", "night", "下午", "傍晚", "晚", "pm", "p.m")


AM = r"[ap]\.?m\b|[早晚夜晨午]"
"""In a time that tells its half of the day."""


def read_number(text: str) -> Optional[int]:
    """A number written in digits, or in words of English or Chinese; None where there is none."""
    text = text.strip().lower().translate(SIMPLIFIED)
    if re.fullmatch(r"\d+", text):
        return int(text)
    if text in ENGLISH_NUMBERS:
        return ENGLISH_NUMBERS[text]
    words = re.split(r"[\s-]+", text)
    if len(words) > 1 and words[-1] == "hundred" and words[0] in ENGLISH_NUMBERS:
        return 100 * ENGLISH_NUMBERS[words[0]]
    if len(words) > 1 and words[0] in TENS and words[1] in ENGLISH_NUMBERS:
        return ENGLISH_NUMBERS[words[0]] + ENGLISH_NUMBERS[words[1]]
    return _chinese_number(text)


def read_span(count: str, unit: int = 60) -> int:
    """So many minutes, or hours: "half an", "two"."""
    return unit // 2 if count.startswith(("half", "半")) else unit * (read_number(count) or 1)


def read_count(text: str) -> Optional[int]:
    """A number of people, which may miss a letter."""
    number = read_number(text)
    return read_number(spelt(text.lower(), list(ENGLISH_NUMBERS))) if number is None else number


def _chinese_number(text: str) -> Optional[int]:
    if not re.fullmatch(r"[零〇一二三四五六七八九两俩仨十百\d]+", text):
        return None
    total = digit = 0
    for sign in text:
        unit = {"十": 10, "百": 100}.get(sign)
        if unit:
            total += (digit or 1) * unit
            digit = 0
        else:
            digit = int(sign) if sign.isdecimal() else DIGITS[sign]
    return total + digit


def _plain(text: str) -> str:
    """In lower case and simplified signs, with words written out."""
    text = text.lower().translate(SIMPLIFIED)
    text = re.sub(r"(?<=[周期拜])[1-6]", lambda one: "一二三四五六"[int(one.group()) - 1], text)
    return re.sub(r"[a-z0-9]+", lambda word: SHORT.get(word.group(), word.group()), text)


def read_date(text: str, today: date) -> Optional[date]:
    """The day that words name, which may be past; None where they name none there is."""
    text = _plain(text).strip()
    for words in (text, spelt(text)):
        for reader in (_near, _of_month, _relative, _feast, _by_number, _weekday):
            found, day = reader(words, today)
            if found:
                return day
    return None


def spelt(text: str, words: Sequence[str] = SPELT) -> str:
    """A text whose words are put right that are almost one of some others."""

    def put_right(found: Match[str]) -> str:
        near = get_close_matches(found.group(), words, n=1, cutoff=0.82)
        return near[0] if near else found.group()

    return re.sub(r"[a-z]{4,}", put_right, text)


Found = Tuple[bool, Optional[date]]
NOTHING: Found = (False, None)


def _relative(text: str, today: date) -> Found:
    found = re.search(r"\bin (an? |\w+ )?(day|week)s?( time)?\b", text) or re.search(
        r"(\w+?)(天|周|个?星期)(之后|后|以后)", text
    )
    if found:
        count = read_number((found.group(1) or "1").strip())
        unit = 1 if found.group(2) in ("day", "天") else 7
        if count is not None and count < 1000:
            return True, today + timedelta(days=unit * count)
    for words, days in RELATIVE.items():
        if words in text and not re.search(r"明年|今年", text):
            return True, today + timedelta(days=days)
    return (True, today) if re.search(r"\bnow\b", text) else NOTHING


def near_day(text: str) -> Optional[Match[str]]:
    """Where a text names a day, or a week, by how near it is to another: "the week before ..."."""
    found = next(filter(None, (words.search(text) for words in NEAR_DAY)), None)
    return found if found and _anchor(found) else None


def _anchor(found: Match[str], today: date = date.min) -> Optional[date]:
    said = _plain(found["anchor"])
    return _feast(said, today)[1] or _by_number(said, today)[1]


def _near(text: str, today: date) -> Found:
    found = near_day(text)
    anchor = _anchor(found, today) if found else None
    if found is None or anchor is None:
        return NOTHING
    step = timedelta(days=-1 if found["how"] in ("before", "前") else 1)
    one_day = re.fullmatch(f"day|{EVE}|天|晚", found["unit"])
    weekday, days = _day_of_week(text), 1 if one_day else 7
    if weekday is not None:
        week = (anchor + step * days for days in range(1, 8))
        return True, next(day for day in week if day.weekday() == weekday)
    count = read_number(found["n"] or "")
    if count is None and (days > 1 or found["many"]):
        # Which day of these is not told.
        return True, None
    return True, anchor + step * days * (count or 1)


def bare_months(text: str) -> List[Tuple[int, int, int]]:
    """Months that a text names without a day: where each starts and ends, and its number."""
    days = [day.span() for day in DATED.finditer(text)]
    found = []
    for one in BARE_MONTH.finditer(text):
        start, end = one.span(str(one.lastgroup))
        name = one[str(one.lastgroup)].lower()
        number = MONTHS.index(name[:3]) + 1 if one["month"] is None else read_number(name[:-1])
        if number and not any(first < end and start < last for first, last in days):
            found.append((start, end, number))
    return found


def of_month(text: str) -> Optional[Match[str]]:
    """Where a text names a day of the week, or begins to, by its place in a month."""
    return next(filter(None, (words.search(text) for words in OF_MONTH)), None)


def _of_month(text: str, today: date) -> Found:
    found, weekday = of_month(text), _day_of_week(text)
    if found is None or weekday is None:
        return NOTHING
    name, this = found["month"], today.replace(day=1)
    month = MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else read_number(name.rstrip("月"))
    if month:
        firsts = [date(year, month, 1) for year in (today.year, today.year + 1) if month <= 12]
    else:
        firsts = [this if name[:1] in "mt这" else (this + MONTH).replace(day=1)]
    for first in firsts:
        days = [first + timedelta(days=number) for number in range(MONTH.days)]
        fit = [day for day in days if day.month == first.month and day.weekday() == weekday]
        day = fit[PLACES[found["place"]]]
        if day >= today:
            return True, day
    return True, None


def _day_of_week(text: str) -> Optional[int]:
    """The day of the week that a text names, from 0; the weekend starts with 5."""
    found = re.search(r"(?:周|星期|礼拜)([一二三四五六日天末])", text)
    if found:
        return {"日": 6, "天": 6, "末": 5}.get(found.group(1), "一二三四五六".find(found.group(1)))
    found = re.search(rf"\bweekend|\b{WEEKDAY}\b", text)
    if not found:
        return None
    return WEEKDAYS.index(found.group("day")[:3]) if found.group("day") else 5


def is_weekday(text: str) -> bool:
    """Whether a text names a day of the week, and nothing tells of which week."""
    words = _plain(text)
    named = re.search(rf"\b{WEEKDAY}\b|(?:周|星期|礼拜)[一二三四五六日天]", words)
    told = re.search(r"\b(this|next|last)\b|[这本下上]个?(周|星期|礼拜)", words)
    others = (_near, _of_month, _relative, _feast, _by_number)
    return bool(named and not told) and not any(reader(words, date.min)[0] for reader in others)


def is_day_of_month(text: str) -> bool:
    """Whether a text names a day by its number in a month that it does not name: "the 15th"."""
    return bool(DAY_OF_MONTH.fullmatch(_plain(text).strip()))


def _feast(text: str, today: date) -> Found:
    for words, (month, day) in FEASTS.items():
        if words in text:
            return True, _ahead(None, month, day, today)
    return NOTHING


def _by_number(text: str, today: date) -> Found:
    named = "(" + "|".join(MONTHS) + r")[a-z]*\.?"
    patterns = (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})",
        r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})(?:[./](?P<y>\d{4}|\d{2})?)?(?!\d)",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<n>{named})(?:,? (?P<y>\d{{4}}))?",
        rf"\b(?P<n>{named}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>\d{{4}}))?",
        r"(?:(?P<y>\d{4})年|(?P<ny>明年))?(?<![周期拜])(?P<m>[一二三四五六七八九十\d]{1,3})月"
        r"(?P<d>[一二三四五六七八九十\d]{1,3})[号日]?",
        r"(?P<nm>下个?月)(?P<d>[一二三四五六七八九十\d]{1,3})[号日]",
        r"(?:the )?\b(?P<d>\d{1,2})(?:st|nd|rd|th)(?P<nm> of next month)?\b",
        r"(?<![周期拜])(?P<d>[一二三四五六七八九十\d]{1,3})[号日]",
    )
    for pattern in patterns:
        found = re.search(pattern, text)
        if found:
            return True, _named(found.groupdict(), today)
    return NOTHING


def _named(parts: "dict[str, Optional[str]]", today: date) -> Optional[date]:
    day = read_number(parts["d"] or "")
    said_year = parts.get("y")
    year = int(said_year) if said_year else None
    if year is not None and year < 100:
        year += 2000
    if parts.get("ny"):
        year = today.year + 1
    if parts.get("n"):
        month: Optional[int] = MONTHS.index((parts["n"] or "")[:3]) + 1
    elif parts.get("m"):
        month = read_number(parts["m"] or "")
    else:
        month = None
    if day is None:
        return None
    if month is not None:
        return _ahead(year, month, day, today)
    first = today.replace(day=1)
    for _ in range(3):
        later = (first + timedelta(days=32)).replace(day=1)
        chosen = _day(first.year, first.month, day)
        if not parts.get("nm") and chosen and chosen >= today:
            return chosen
        if parts.get("nm"):
            return _day(later.year, later.month, day)
        first = later
    return None


def _ahead(year: Optional[int], month: int, day: int, today: date) -> Optional[date]:
    if year is not None:
        return _day(year, month, day)
    this_year = _day(today.year, month, day)
    if this_year is None or this_year >= today:
        # The 29th of February waits for its year.
        years = range(today.year, today.year + 9) if (month, day) == (2, 29) else [today.year]
        days = (_day(year, month, day) for year in years)
        return next((day_ for day_ in days if day_ and day_ >= today), this_year)
    return _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> Optional[date]:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(text: str, today: date) -> Found:
    index = _day_of_week(text)
    if index is None:
        return NOTHING
    found = re.search(r"(这个?|本|下下个?|下个?|上个?)(?:周|星期|礼拜)[一二三四五六日天末]", text)
    if found:
        weeks = {"这": 0, "本": 0, "下": 1, "下下": 2, "上": -1}
        week: Optional[int] = weeks[found.group(1).rstrip("个")]
    else:
        week = 1 if re.search(r"\bnext\b", text) else -1 if re.search(r"\blast\b", text) else None
    day = today + timedelta(days=index - today.weekday())
    if week is None:
        now = bool(re.search(r"\bthis\b", text)) and day == today
        return True, day if day > today or now else day + timedelta(days=7)
    return True, day + timedelta(days=7 * week)


def read_time(texts: Iterable[str], end: bool = False) -> Optional[str]:
    """The time, "HH:MM", that words name together: "quarter past six", "evening".

    Of a part of the day it is the start, or the `end`.
    """
    words = [spelt(_plain(text).strip()) for text in texts]
    clocks = [clock for clock in (_clock(ROUGHLY.sub("", text)) for text in words) if clock]
    if clocks:
        hour, minute = clocks[-1]
        late = any(part in text for text in words for part in LATE) and not any(
            re.search(r"\bam\b|a\.m|midnight", text) for text in words
        )
        if late and hour < 12:
            hour += 12
        if hour == 12 and any(re.search(r"\d ?a\.?m\b|凌晨", text) for text in words):
            hour = 0
        return f"{hour % 24:02d}:{minute:02d}" if hour <= 24 and minute < 60 else None
    parts = {**PARTS, **ENDS} if end else PARTS
    return next((at for part, at in parts.items() if any(part in text for text in words)), None)


def in_half(
    at: str,
    said: str,
    part: Optional[str],
    known: Optional[str],
    bound: bool,
    shown: Sequence[str] = (),
) -> str:
    """A time in the half of the day that is likely, where nothing but a clock's hour is `said`.

    A `part` of the day that is told decides, and then a train that was `shown`. Else trains run by
    day: hours until five are in the afternoon, and those until seven that are but a `bound`, as in
    "after 6" and "there by 7"; so are those near a time that is `known`, or in the part of the day
    that it starts.
    """
    hour = re.sub(r"( o[' ]?clock|点钟?)$", "", ROUGHLY.sub("", said.lower()))
    exact = read_number(hour) is None and not re.search(r"\b(past|to)\b|点.", hour)
    if hour.startswith("0") or not "01:00" <= at < "12:00" or re.search(AM, hour):
        return at
    later = f"{int(at[:2]) + 12}{at[2:]}"
    if exact:
        # No train leaves at 2:10 at night.
        return later if at < "05:00" and re.fullmatch(r"\d:\d\d", hour) else at
    hours = {one[:2] for one in shown}
    if part:
        fits = _holds(part, later)
    elif (at[:2] in hours) != (later[:2] in hours):
        fits = later[:2] in hours
    else:
        near = known and abs(int(later[:2]) - int(known[:2])) <= NEAR_HOURS
        fits = int(at[:2]) <= (7 if bound else 5) or near or (known and _holds(known, later))
    return later if fits else at


def _holds(part: str, at: str) -> bool:
    """Whether a part of the day, by its start, has a time of the afternoon."""
    return "12:00" <= part <= at and part in PARTS.values() and (part >= "17:00" or at < "18:00")


def parts_in(text: str) -> List[Match[str]]:
    """The words for parts of the day, also in those of a day: "tonight"."""
    return list(PART.finditer(text.translate(SIMPLIFIED)))


def part_of_day(text: str) -> Optional[str]:
    """When the part of the day starts that words name."""
    found = parts_in(text)
    return read_time([found[0].group()]) if found else None


def _clock(text: str) -> Optional[Tuple[int, int]]:
    # "三四点" is three at the earliest.
    text = re.sub(r"([一二两三四五六七八])[二三四五六七八九](?=点)", r"\1", text)
    found = re.search(r"(\d{1,2}) ?[:.h：] ?(\d{2})", text)
    if found:
        return int(found.group(1)), int(found.group(2))
    text = re.sub(r"\bhalf (?=\w+$)(?!past|an?\b)", "half past ", text)
    found = re.search(r"\b(half|quarter|\w+|\d+)(?: minutes?)? (past|to|after) (\w+)", text)
    if found:
        minutes = {"half": 30, "quarter": 15}.get(found.group(1), read_number(found.group(1)))
        hour = read_number(found.group(3))
        if minutes is not None and hour is not None:
            at = 60 * hour + (minutes if found.group(2) != "to" else -minutes)
            return at // 60 % 24, at % 60
    found = re.search(
        r"([零一二三四五六七八九两十\d]{1,3})点钟?(半|一刻|三刻|([零一二三四五六七八九十\d]{1,3})分?)?",
        text,
    )
    if found:
        fixed = {"半": 30, "一刻": 15, "三刻": 45, None: 0}
        tail = found.group(2)
        minute = fixed[tail] if tail in fixed else read_number(found.group(3) or "") or 0
        hour = read_number(found.group(1))
        return (hour, minute) if hour is not None else None
    text = re.sub(r" (in the|this|at|tomorrow|tonight)\b.*", "", text)
    found = re.fullmatch(r"(\w+)(?: ?(?:am|pm|a\.m\.|p\.m\.)| o[' ]?clock| hours|h)?", text)
    if found:
        number = re.sub(r"(am|pm|h)$", "", found.group(1))
        hour = read_number(number)
        return (hour, 0) if hour is not None and number != "a" else None
    return None
