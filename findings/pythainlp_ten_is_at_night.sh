#!/usr/bin/env bash
# One would guess: PyThaiNLP's thaiword_to_time reads the times of a day that Thais say, or raises its ValueError, and
# in any case what the same library writes with time_to_thaiword.
# What happens: an hour with โมง alone is put after noon. That is right for "four โมง", but seven to eleven with it
# are hours of the morning: "แปดโมง" (eight) is 20:00, "สิบโมง" (ten) 22:00, and "สิบเอ็ดโมง" (eleven) is 22:00 too.
# With it only the first word of a number counts, so eleven is ten with โมงเช้า as well. time_to_thaiword with
# fmt="m6h" writes 08:00 as "แปดโมง", which comes back twelve hours later. With นาฬิกา all are right. So a reminder or
# an appointment for the morning is set for the night, without an error: read โมง with a rule of one's own.
# Version: pythainlp 5.4.0 (pythainlp/util/time.py, _DICT_THAI_TIME and _hour_text), the newest.
# Exits non-zero if the mornings are mornings, or eleven is not ten.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pythainlp==5.4.0
export PYTHAINLP_DATA_DIR="$folder/data"
cat > hours.py <<'PY'
from importlib.metadata import version

from pythainlp.util import thaiword_to_time, time_to_thaiword

print("pythainlp", version("pythainlp"))
for time in ("08:00", "09:30", "10:00", "11:00", "16:00"):
    colloquial, formal = time_to_thaiword(time, fmt="m6h"), time_to_thaiword(time, fmt="24h")
    print(f"{time}: {colloquial} is read {thaiword_to_time(colloquial)}, {formal} {thaiword_to_time(formal)}")
print("สิบเอ็ดโมงเช้า is read", thaiword_to_time("สิบเอ็ดโมงเช้า"))
PY
venv/bin/python hours.py | tee hours.log
grep -qFx "08:00: แปดโมง is read 20:00, แปดนาฬิกา 08:00" hours.log
grep -qF "09:30: เก้าโมงครึ่ง is read 21:30" hours.log
grep -qFx "10:00: สิบโมง is read 22:00, สิบนาฬิกา 10:00" hours.log
grep -qFx "11:00: สิบเอ็ดโมง is read 22:00, สิบเอ็ดนาฬิกา 11:00" hours.log
grep -qFx "สิบเอ็ดโมงเช้า is read 10:00" hours.log
echo "As found: ten in the morning is ten at night, and so is eleven."
