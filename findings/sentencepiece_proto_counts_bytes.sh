#!/usr/bin/env bash
# One would guess: who follows the error of SentencePiece 0.2.3, "immutable_proto is deprecated and no longer supported.
# Use return_type='proto' instead", gets the same pieces at the same places of the text.
# What happens: the same pieces, with other places, under the same names, `begin` and `end`. Those of immutable_proto were
# characters, those of proto are bytes of UTF-8. In English they are equal, and so are tests; behind an "é" all are one
# too far, behind three Chinese characters six, where a slice of the text is empty. So entities that are cut out by them
# are wrong. The list of changes in its README tells of the new name, and not of the places. It needs protobuf, too,
# which comes with an extra only. return_type="offset_mapping" counts characters, and needs nothing.
# Versions: sentencepiece 0.2.3, the newest (sentencepiece/__init__.py, encode), and 0.2.1.
# Exits non-zero if the places of both are equal, or 0.2.3 still has immutable_proto.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
for release in 0.2.1 0.2.3; do
    rm -rf venv
    "${PYTHON:-python3}" -m venv venv
    venv/bin/pip install --quiet --disable-pip-version-check "sentencepiece==$release" protobuf==7.36.2
    cat > places.py <<'PY'
import io
from importlib.metadata import version

from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

release = version("sentencepiece")
print("sentencepiece", release)
model = io.BytesIO()
SentencePieceTrainer.train(
    sentence_iterator=iter(["book a table for two in Rome", "去北京的票两张", "a café for two"] * 20),
    model_writer=model,
    vocab_size=60,
    hard_vocab_limit=False,
    user_defined_symbols=["two"],
    minloglevel=2,
)
processor = SentencePieceProcessor(model_proto=model.getvalue())
for text in ("for two", "a café for two", "去北京 two"):
    for kind in ("immutable_proto", "proto", "offset_mapping"):
        try:
            found = processor.encode(text, out_type=kind)
        except (RuntimeError, ValueError) as error:
            print(release, kind, text, "->", error)
            continue
        if isinstance(found, bytes):  # what 0.2.1 calls proto
            continue
        places = found["offsets"] if kind == "offset_mapping" else [(piece.begin, piece.end) for piece in found.pieces]
        print(release, kind, text, "->", places[-1], repr(text[slice(*places[-1])]))
PY
    venv/bin/python places.py 2>/dev/null | tee -a places.log
done
for text in "for two" "a café for two" "去北京 two"; do
    grep -q "^0.2.1 immutable_proto $text -> .* 'two'$" places.log
    grep -q "^0.2.3 offset_mapping $text -> .* 'two'$" places.log
    grep -q "^0.2.3 immutable_proto $text -> .*Use return_type='proto' instead" places.log
done
grep -qFx "0.2.3 proto for two -> (4, 7) 'two'" places.log
grep -qFx "0.2.3 proto a café for two -> (12, 15) 'wo'" places.log
grep -qFx "0.2.3 proto 去北京 two -> (10, 13) ''" places.log
echo "As found: the error sends to places in bytes."
