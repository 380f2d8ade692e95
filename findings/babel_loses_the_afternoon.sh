#!/usr/bin/env bash
# One would guess: parse_time of Babel reads what format_time of Babel writes, in the same language and format, or
# ends in its ParseError.
# What happens: it looks for "am" and "pm" in Latin letters, whatever the language calls them, and reads the digits.
# In every language with twelve hours and other words for the halves of a day, half past three in the afternoon comes
# back as 03:30, without an error: Chinese (Taiwan, "下午3:30"), Korean, Arabic, Greek, Spanish (Mexico), 168 of 1147
# locales in the short format. Where a language has 24 hours, the words are not looked for: "3:30 pm" is 03:30 in
# British English and in German. "3:30 p.m." and "3:30 in the afternoon" are 03:30 in all. Babel has the words that a
# language uses, as get_period_names: look for them in the message.
# Version: babel 2.19.0 (babel/dates.py, parse_time), the newest.
# Exits non-zero if one of these keeps the afternoon.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check babel==2.19.0
cat > times.py <<'PY'
import datetime
from importlib.metadata import version

from babel.dates import format_time, parse_time
from babel.localedata import locale_identifiers

AFTERNOON = datetime.time(15, 30)
print("babel", version("babel"))


def read_back(locale):
    return parse_time(format_time(AFTERNOON, "short", locale=locale), locale=locale, format="short")


for locale in ("en_US", "de", "zh_TW", "ko", "ar", "el", "es_MX"):
    print(f"{locale} {format_time(AFTERNOON, 'short', locale=locale)} is {read_back(locale)}")
locales = locale_identifiers()
print(f"lost: {sum(read_back(locale) != AFTERNOON for locale in locales)} of {len(locales)}")
for locale, said in (("en_US", "3:30 pm"), ("en_GB", "3:30 pm"), ("de", "3:30 pm"), ("en_US", "3:30 p.m.")):
    print(f"{locale} said {said}: {parse_time(said, locale=locale)}")
PY
venv/bin/python times.py | tee times.log
for locale in en_US de; do grep -qE "^$locale .* is 15:30:00" times.log; done
for locale in zh_TW ko ar el es_MX; do grep -qE "^$locale .* is 03:30:00" times.log; done
grep -qFx "lost: 168 of 1147" times.log
grep -qFx "en_US said 3:30 pm: 15:30:00" times.log
grep -qFx "en_GB said 3:30 pm: 03:30:00" times.log
grep -qFx "de said 3:30 pm: 03:30:00" times.log
grep -qFx "en_US said 3:30 p.m.: 03:30:00" times.log
echo "As found: the afternoon of many languages is read as the night."
