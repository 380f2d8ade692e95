#!/usr/bin/env bash
# One would guess: what the mask of a CRF layer says is padding has no part in the loss, whatever stands there:
# -inf, for one, which is what padded positions of scores are filled with everywhere else, as for attention.
# What happens: both CRF layers for PyTorch that are on PyPI multiply scores with the mask instead of
# choosing by it, and 0 times -inf is no number: the loss of that message is nan, and so are all gradients of
# the layer, of the other messages, too. Decoding chooses, and finds the right tags, so the emissions
# look sound; and padding of -1e30 does no harm. Fill padding with a number, or leave it.
# Versions: pytorch-crf 0.7.2 and TorchCRF 1.1.0, the newest of each, with torch 2.8.0 (torch takes 7 GB).
# Exits non-zero if the losses are numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pytorch-crf==0.7.2 TorchCRF==1.1.0 torch==2.8.0 numpy==2.2.6
cat > pad.py <<'PY'
from importlib.metadata import version

import torch
import TorchCRF
import torchcrf

print(*(f"{name} {version(name)}" for name in ("torch", "pytorch-crf", "TorchCRF")))
torch.manual_seed(0)
tags, mask = torch.tensor([[0, 1, 2], [2, 0, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]]).bool()
scores = torch.randn(2, 3, 3)


def log_likelihood(layer, emissions):
    if isinstance(layer, torchcrf.CRF):
        return layer(emissions, tags, mask=mask, reduction="none")
    return layer(emissions, tags, mask)


for layer in (torchcrf.CRF(3, batch_first=True), TorchCRF.CRF(3, use_gpu=False)):
    name = type(layer).__module__
    decode = layer.decode if name == "torchcrf" else layer.viterbi_decode
    for padding in (0.0, -1e30, float("-inf")):
        emissions = scores.clone()
        emissions[1, 2:] = padding
        layer.zero_grad()
        of_messages = log_likelihood(layer, emissions)
        of_messages.sum().backward()
        gradients = sum(each.grad.sum() for each in layer.parameters())
        broken = [bool(number.isnan()) for number in (*of_messages, gradients)]
        print(name, padding, "tags", decode(emissions, mask)[1], "nan:", *broken)
PY
venv/bin/python -W ignore pad.py | tee pad.log
for layer in torchcrf TorchCRF; do
    test "$(grep -c "^$layer .* nan: False False False$" pad.log)" = 2
    grep -q "^$layer -inf .* nan: False True True$" pad.log
    test "$(grep "^$layer " pad.log | grep -o "tags .*]" | sort -u | wc -l)" = 1
done
echo "As found: padding that is masked makes the loss and all gradients nan, and decoding does not mind."
