#!/usr/bin/env bash
# One would guess: price-parser, which finds the amount and the currency in a text, gives the amount that stands with
# the currency, as "$20" does in "10 tickets for $20", and none where a message has no price.
# What happens: the amount is the first number of the text, and the currency wherever it is: 10 and "$". Numbers with
# blanks between are one, so a table "for 2 80 euro each" has 280. "$1.5 million" is 1.5 dollars. And the four letters
# "free" anywhere in a text without a number are a price of 0: "is it sugar free?", "feel free to call" and "freezer".
# A comment in the code calls the first number a shortcoming; the README is about strings that are prices. So give it
# the entity that was found, never the message, and look for a digit before.
# Version: price-parser 0.5.1 (price_parser/parser.py, extract_price_text), the newest.
# Exits non-zero if one of these has another amount.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check price-parser==0.5.1
cat > prices.py <<'PY'
from importlib.metadata import version

from price_parser import Price

print("price-parser", version("price-parser"))
for text in (
    "10 tickets for $20",
    "for 2 80 euro each",
    "$1.5 million",
    "is it sugar free?",
    "feel free to call",
    "the freezer is broken",
):
    price = Price.fromstring(text)
    print(f"{text}: {price.amount} {price.currency}")
PY
venv/bin/python prices.py | tee prices.log
grep -qFx "10 tickets for \$20: 10 \$" prices.log
grep -qFx "for 2 80 euro each: 280 euro" prices.log
grep -qFx "\$1.5 million: 1.5 \$" prices.log
test "$(grep -cF ": 0 None" prices.log)" = 3
echo "As found: the first number is the price, and freezers are free."
