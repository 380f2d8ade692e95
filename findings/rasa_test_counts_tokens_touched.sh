#!/usr/bin/env bash
# One would guess: an extractor that finds Shanghai where Beijing is annotated is wrong to `rasa test nlu`, whose
# documentation says that it counts the tags of tokens, not whole entities.
# What happens: a token has the tag of whatever touches one of its characters. In a sentence without blanks, which
# WhitespaceTokenizer leaves as one token, and in "two@home" any entity of the same type is right, wherever it is: all
# scores are 1.0, and the file of errors is empty. In English such tokens are few; in Chinese, Japanese and Thai a
# tokenizer that cuts less gives a better score, and an entity with one character more than was annotated is as good as
# the right one. What a bot puts into a slot is never compared. Compare start, end and value.
# Version: rasa-pro 3.21.0 (rasa/nlu/test.py, find_intersecting_entities); rasa 3.6.21 has the same lines.
# Exits non-zero if the other city lowers a score, or does not with tokens that are words.
# Needs Python 3.11 to 3.14: PYTHON=python3.11 findings/rasa_test_counts_tokens_touched.sh
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


def entity(text, word, kind):
    return {"start": text.index(word), "end": text.index(word) + len(word), "entity": kind, "extractor": "it"}


tokenizer = WhitespaceTokenizer(WhitespaceTokenizer.get_default_config())
for text, annotated, found in (
    ("我想从北京去上海", "北京", "上海"),
    ("我想从 北京 去 上海", "北京", "上海"),
    ("a table for two@home", "two", "home"),
    ("a table for two @ home", "two", "home"),
):
    tokens = tokenizer.tokenize(Message({"text": text}), "text")
    result = EntityEvaluationResult([entity(text, annotated, "it")], [entity(text, found, "it")], tokens, text)
    scores = evaluate_entities([result], {"it"}, None, False, False, True, report_as_dict=True)["it"]
    print(f"{text!r}, {annotated} taken for {found}:", end=" ")
    print(f"F1 {scores['f1_score']}, accuracy {scores['accuracy']:.2f}, {len(scores['errors'])} errors")
PY
venv/bin/pip freeze | grep -E "^rasa-pro=="
venv/bin/python -W ignore test.py 2> test.err | grep -F " taken for " | tee test.log
grep -qFx "'我想从北京去上海', 北京 taken for 上海: F1 1.0, accuracy 1.00, 0 errors" test.log
grep -qFx "'我想从 北京 去 上海', 北京 taken for 上海: F1 0.0, accuracy 0.50, 1 errors" test.log
grep -qFx "'a table for two@home', two taken for home: F1 1.0, accuracy 1.00, 0 errors" test.log
grep -qFx "'a table for two @ home', two taken for home: F1 0.0, accuracy 0.67, 1 errors" test.log
echo "As found: an entity is right if it touches the token of the right one."
