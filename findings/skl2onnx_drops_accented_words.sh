#!/usr/bin/env bash
# One would guess: the ONNX graph that skl2onnx makes of a TfidfVectorizer or CountVectorizer counts the words of its
# vocabulary, or the conversion says that it cannot, as it does for strip_accents and analyzer="char_wb".
# What happens: scikit-learn's default pattern for words becomes [a-zA-Z0-9_]+, so a word with any other letter is
# never counted: nothing is left of "café olé" and of "我 想要 咖啡", all of which is in the vocabulary. A pattern of
# one's own, \w{2,}, does the same, as ONNX Runtime's \w is ASCII only. And words of one letter, which scikit-learn
# leaves out, part a bigram: of "book me a cab" "me cab" is lost. A docstring of the converter has the pattern;
# no error and no warning says what it costs. The option `tokenexp` mends it:
# {id(vectorizer): {"tokenexp": r"[\pL\pM\pN_]{2,}"}}.
# Versions: skl2onnx 1.20.0 (operator_converters/text_vectoriser.py), onnxruntime 1.32.0, scikit-learn 1.9.1.
# Exits non-zero if the graph counts such words, or does not with the option.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3.11}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check skl2onnx==1.20.0 onnxruntime==1.32.0 scikit-learn==1.9.1
cat > words.py <<'PY'
from importlib.metadata import version

import numpy as np
from onnxruntime import InferenceSession
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.feature_extraction.text import CountVectorizer

TEXTS = ("book me a cab", "café olé", "Grüße an alle", "我 想要 咖啡")
print(*(f"{name} {version(name)}" for name in ("skl2onnx", "onnxruntime", "scikit-learn")))


def report(name, pattern=r"(?u)\b\w\w+\b", **options):
    # Lower case takes a locale that not every system has.
    vectorizer = CountVectorizer(lowercase=False, ngram_range=(1, 2), token_pattern=pattern).fit(TEXTS)
    graph = to_onnx(
        vectorizer,
        initial_types=[("text", StringTensorType([None, 1]))],
        target_opset=15,
        options={id(vectorizer): options},
    )
    session = InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    words = vectorizer.get_feature_names_out()
    for text in TEXTS:
        counts = session.run(None, {"text": np.array([[text]])})[0][0]
        lost = words[(vectorizer.transform([text]).toarray()[0] > 0) & (counts == 0)]
        print(f"{name}: of {text!r} lost", *(lost if len(lost) else ["nothing"]), sep=", ")


report("default")
report("pattern", pattern=r"\w{2,}")
report("tokenexp", tokenexp=r"[\pL\pM\pN_]{2,}")
PY
venv/bin/python words.py | tee words.log
grep -qFx "default: of 'book me a cab' lost, me cab" words.log
grep -qFx "default: of 'café olé' lost, café, café olé, olé" words.log
grep -qFx "default: of '我 想要 咖啡' lost, 咖啡, 想要, 想要 咖啡" words.log
grep -qFx "pattern: of 'café olé' lost, café, café olé, olé" words.log
test "$(grep -c "^tokenexp: .*, nothing$" words.log)" = 4
echo "As found: the graph counts words of ASCII letters only."
