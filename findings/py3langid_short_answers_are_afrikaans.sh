#!/usr/bin/env bash
# One would guess: py3langid says of a text that it knows nothing of, if only by a low confidence, the likeliest
# language of all, or "und", which it has for what is undetermined; and that "no", "ok" and "hi" are not such texts.
# What happens: they are. None of the pieces that its model counts is in them, so all languages are equal, and the
# first in the alphabet wins: "no", "ok", "hi" and "5" are Afrikaans, and German if a bot knows German, English and
# French (set_languages). "und" comes only with min_confidence; its scores without norm_probs are negative for good
# sentences, too. A bot that chooses its language by each message changes it at "ok". Such messages are known by their
# score, the least number of float32, or with norm_probs=True by one over the number of languages: keep the language
# then.
# Version: py3langid 0.4.0 (py3langid/langid.py, _raw_score), the newest.
# Exits non-zero if one of them is another language, or the score of "no thanks" is the least, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check py3langid==0.4.0
cat > short.py <<'PY'
from importlib.metadata import version

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

print("py3langid", version("py3langid"))
for languages in (None, ["en", "fr", "de"]):
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    if languages:
        identifier.set_languages(languages)
    for text in ("no", "ok", "hi", "5", "no thanks"):
        language, score = identifier.classify(text)
        least = "the least score" if score == np.finfo(np.float32).min else "a score"
        print(f"{text!r} of {languages or 'all'}: {language} with {least}")
PY
venv/bin/python short.py | tee short.log
for text in no ok hi 5; do
    grep -qFx "'$text' of all: af with the least score" short.log
    grep -qFx "'$text' of ['en', 'fr', 'de']: de with the least score" short.log
done
grep -qFx "'no thanks' of ['en', 'fr', 'de']: en with a score" short.log
echo "As found: the shortest answers are Afrikaans."
