#!/usr/bin/env bash
# One would guess: the report of `rasa test nlu` on entities counts all that is found and was not annotated as wrong, so
# that an extractor that finds too much has a low precision.
# What happens: it counts types that are annotated somewhere in the test data, and no others. An extractor that finds a
# date in "I want that" and in "my name is May" has a precision and an F1 of 1.0, in each row and on average, where the
# test file has cities only. With one annotated date in the file, dates have a precision of 0.33. So a test of one
# feature of a bot alone, or of a new type before its examples are annotated, never tells of it; "accuracy", which
# counts all tokens, and the file of errors do. A city with a role where one without is annotated is such another type:
# it is missed, but no false alarm.
# Version: rasa-pro 3.21.0 (rasa/model_testing.py, get_evaluation_metrics: labels are those of the targets); rasa 3.6.21
# has the same lines.
# Exits non-zero if the found dates lower the precision without an annotated one, or not with one.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_test_ignores_unannotated_types.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rasa-pro==3.21.0
# Else importing it waits for a table of prices of language models.
export LITELLM_LOCAL_MODEL_COST_MAP=True RASA_TELEMETRY_ENABLED=false
cat > test.py <<'PY'
import rasa.engine.recipes.default_recipe  # first: the modules import each other in a circle
import rasa.nlu.test
from rasa.nlu.test import EntityEvaluationResult, evaluate_entities
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message

# It would import TensorFlow to say this of any extractor but DIETClassifier and CRFEntityExtractor.
rasa.nlu.test.do_any_extractors_not_support_overlap = lambda extractors: False
tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())


def result(text, annotated, found):
    def entities(kinds):
        return [
            {"start": text.index(word), "end": text.index(word) + len(word), "value": word, "extractor": "it", **kind}
            for word, kind in kinds.items()
        ]

    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    return EntityEvaluationResult(entities(annotated), entities(found), tokens, text)


CITY, DATE, TO = {"entity": "city"}, {"entity": "date"}, {"entity": "city", "role": "to"}
cities = [
    result("fly to Oslo", {"Oslo": CITY}, {"Oslo": CITY}),
    result("I want that", {}, {"that": DATE}),
    result("my name is May", {}, {"May": DATE}),
]
for name, results in (
    ("cities only", cities),
    ("with a date", [*cities, result("fly on Monday", {"Monday": DATE}, {"Monday": DATE})]),
    ("a role too many", [*cities, result("go to Rome", {"Rome": CITY}, {"Rome": TO})]),
):
    scores = evaluate_entities(results, {"it"}, None, False, False, True, report_as_dict=True)["it"]
    rows = {kind: row for kind, row in scores["report"].items() if kind in ("city", "date", "macro avg")}
    print(f"{name}:", *(f"precision of {kind} {row['precision']:.2f}," for kind, row in sorted(rows.items())), end=" ")
    print(f"accuracy {scores['accuracy']:.2f}, {len(scores['errors'])} errors")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore test.py 2> test.err | tee test.log
grep -qFx "cities only: precision of city 1.00, precision of macro avg 1.00, accuracy 0.80, 2 errors" test.log
grep -qE "^with a date: precision of city 1.00, precision of date 0.33, .* 2 errors" test.log
grep -qE "^a role too many: precision of city 1.00, .* 3 errors" test.log
echo "As found: types that the test data do not have may be found anywhere."
