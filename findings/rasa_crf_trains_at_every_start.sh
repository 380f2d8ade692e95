#!/usr/bin/env bash
# One would guess: a trained model of Rasa has what CRFEntityExtractor learnt, and a server that starts
# loads it.
# What happens: since 3.6.21, a patch release that does away with pickles, the model has the examples in
# place of the weights (`crf_dataset.json`: every word of every message with or without entities, and its
# tags), and whoever loads it trains the CRF again: each start of `rasa run`, `rasa shell`, `rasa test` and each
# of its workers, for as long as the training took. So who gets the model gets the training data, and
# a new version of python-crfsuite makes another model of the same file. Rasa Pro 3.21 stores the CRF itself.
# Version: rasa 3.6.21 (rasa/nlu/extractors/crf_entity_extractor.py, persist and load), on Python 3.8 to 3.10.
# Exits non-zero if loading trains nothing, or the words are not in the model.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.10}" -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check rasa==3.6.21
export TF_CPP_MIN_LOG_LEVEL=3
cat > load.py <<'PY'
import pathlib
import time

import sklearn_crfsuite
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.nlu.featurizers.sparse_featurizer.regex_featurizer import RegexFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

MODEL = pathlib.Path("model")
trainings = []
fit = sklearn_crfsuite.CRF.fit
sklearn_crfsuite.CRF.fit = lambda *given: trainings.append(1) or fit(*given)


def example(number):
    text = f"wake room{number} up at seven"
    room = {"entity": "room", "start": 5, "end": text.index(" up"), "value": f"room{number}"}
    return Message({"text": text, "intent": "wake", "entities": [room]})


def parts(component):
    context = ExecutionContext(GraphSchema({}), node_name=component.__name__)
    return component.get_default_config(), LocalModelStorage(MODEL), Resource(component.__name__), context


def timed(name, make):
    trainings.clear()
    start = time.perf_counter()
    make()
    print(f"{name}: {len(trainings)} trainings of a CRF, {time.perf_counter() - start:.1f} s")


regexes = [{"name": "any", "pattern": "."}]  # without features, the extractor does not see a message
data = TrainingData([example(number) for number in range(2000)], regex_features=regexes)
WhitespaceTokenizer(WhitespaceTokenizer.get_default_config()).process_training_data(data)
featurizer = RegexFeaturizer.create(*parts(RegexFeaturizer))
featurizer.train(data)
featurizer.process_training_data(data)
timed("trained", lambda: CRFEntityExtractor.create(*parts(CRFEntityExtractor)).train(data))
timed("loaded", lambda: CRFEntityExtractor.load(*parts(CRFEntityExtractor)))
folder = MODEL / CRFEntityExtractor.__name__
print("files of the model:", *sorted(path.name for path in folder.iterdir()))
print("has 'room77':", '"room77"' in (folder / "crf_dataset.json").read_text())
PY
mkdir model
venv/bin/python --version
venv/bin/pip freeze | grep -E "^(rasa|python-crfsuite|sklearn-crfsuite)=="
venv/bin/python -W ignore load.py 2>/dev/null | tee load.log
grep -q "^trained: 1 trainings" load.log
grep -q "^loaded: 1 trainings" load.log
grep -qFx "files of the model: crf_dataset.json crf_order.json" load.log
grep -qFx "has 'room77': True" load.log
echo "As found: loading the model trains it."
