#!/usr/bin/env bash
# One would guess: packages that turn dates of the Chinese calendar into days agree, at least on days that have been:
# a birthday, or the Mid-Autumn festival of a year.
# What happens: they have tables of different origin. To lunardate the eighth month of 1978 begins a day earlier than to
# zhdate, cnlunar and LunarCalendar, so that year's Mid-Autumn festival is the 16th of September to it, and the 17th to
# the others; so it is with a month of 1933, and one of 1954 begins a day later. In a month of 2057, 2089 and 2097
# LunarCalendar is a day behind the others. From 1901 to 2099 these are all, 180 days of 72,000, so no test
# with a few dates shows it, and each is right by itself: there and back is the same. Who stores a birthday stores what
# was said beside the day.
# Versions: lunardate 0.3.0, LunarCalendar 0.0.9, zhdate 0.1, cnlunar 0.2.5: the newest of each.
# Exits non-zero if they agree, or differ otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check lunardate==0.3.0 LunarCalendar==0.0.9 zhdate==0.1 cnlunar==0.2.5
cat > days.py <<'PY'
from datetime import datetime, timedelta
from importlib.metadata import version

from cnlunar import Lunar as Almanac
from lunarcalendar import Converter, Lunar, Solar
from lunardate import LunarDate
from zhdate import ZhDate

print(*(f"{name} {version(name)}" for name in ("lunardate", "LunarCalendar", "zhdate", "cnlunar")))
for year, month, day in ((2026, 8, 15), (1978, 8, 15), (1954, 11, 1), (1933, 6, 1), (2057, 9, 9), (2089, 8, 15)):
    zh = ZhDate(year, month, day).to_datetime()
    almanac = Almanac(zh.replace(hour=12))
    print(
        f"{year}-{month}-{day}: zhdate {zh.date()}, lunardate {LunarDate(year, month, day).to_solar_date()},",
        f"LunarCalendar {Converter.Lunar2Solar(Lunar(year, month, day)).to_date()};",
        f"cnlunar has {almanac.lunarYear}-{almanac.lunarMonth}-{almanac.lunarDay} for the first",
    )
begin, months, days = datetime(1901, 3, 1), {"lunardate": set(), "LunarCalendar": set()}, 0
for number in range((datetime(2099, 12, 1) - begin).days):
    date = begin + timedelta(number)
    zh = ZhDate.from_datetime(date)
    found = {"lunardate": LunarDate.from_solar_date(date.year, date.month, date.day)}
    found["LunarCalendar"] = Converter.Solar2Lunar(Solar(date.year, date.month, date.day))
    wrong = [n for n, d in found.items() if (d.year, d.month, d.day) != (zh.lunar_year, zh.lunar_month, zh.lunar_day)]
    days += bool(wrong)
    for name in wrong:
        months[name].add(zh.lunar_year)
print("days on which one differs from zhdate:", days, {name: sorted(years) for name, years in months.items()})
PY
venv/bin/python -W ignore days.py | tee days.log
grep -q "^2026-8-15: zhdate 2026-09-25, lunardate 2026-09-25, LunarCalendar 2026-09-25; .* 2026-8-15 " days.log
grep -q "^1978-8-15: zhdate 1978-09-17, lunardate 1978-09-16, LunarCalendar 1978-09-17; .* 1978-8-15 " days.log
grep -q "^1954-11-1: zhdate 1954-11-25, lunardate 1954-11-26, LunarCalendar 1954-11-25; .* 1954-11-1 " days.log
grep -q "^1933-6-1: zhdate 1933-07-23, lunardate 1933-07-22, LunarCalendar 1933-07-23; .* 1933-6-1 " days.log
grep -q "^2057-9-9: zhdate 2057-10-06, lunardate 2057-10-06, LunarCalendar 2057-10-07; .* 2057-9-9 " days.log
grep -q "^2089-8-15: zhdate 2089-09-18, lunardate 2089-09-18, LunarCalendar 2089-09-19; .* 2089-8-15 " days.log
grep -qF "{'lunardate': [1933, 1954, 1978], 'LunarCalendar': [2057, 2089, 2097]}" days.log
echo "As found: a festival of 1978 was on two days."
