#!/usr/bin/env bash
# One would guess: on Python 3.13 and 3.14 `pip install "rasa-pro[nlu]"` brings all of that extra but
# TensorFlow. Its markers stop at 3.12, and Rasa Pro's own error says that TensorFlow "is not supported on
# Python 3.13 or later"; a comment beside it says that there are no wheels.
# What happens: the extra asks for tf-keras, without a marker, and tf-keras asks for tensorflow>=2.21,<2.22.
# On 3.13 there is a wheel, so TensorFlow comes after all, DIETClassifier is imported, and trains. On 3.14
# there is none, and the whole extra cannot be installed: LogisticRegressionClassifier and
# CRFEntityExtractor, which need it, too.
# Versions: rasa-pro 3.21.0 (rasa/engine/recipes/default_recipe.py, _from_registry), tf-keras 2.21.0,
# tensorflow 2.21.0. The installation and the training were tried by hand, with Python 3.13.0: they take too long here.
# Exits non-zero if one of them gets other requirements or wheels.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
pip() { venv/bin/pip --disable-pip-version-check "$@"; }
pip install --quiet packaging
pip download --quiet --no-deps --only-binary :all: --python-version 3.13 rasa-pro==3.21.0 tf-keras==2.21.0
cat > asked.py <<'PY'
import glob
import re
import zipfile
from email.parser import Parser

from packaging.requirements import Requirement


def asked(wheel, python, extra):
    (path,) = glob.glob(wheel)
    archive = zipfile.ZipFile(path)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    lines = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist")
    environment = {"python_version": python, "python_full_version": f"{python}.0", "extra": extra}
    environment.update(sys_platform="linux", platform_machine="x86_64")
    # Their versions are in parentheses, as packaging no longer reads them.
    needed = [Requirement(re.sub(r"^([^ ;]+) \(([^)]*)\)", r"\1 \2", line)) for line in lines]
    found = [n for n in needed if not n.marker or n.marker.evaluate(environment)]
    return sorted(f"{n.name}{n.specifier}" for n in found if n.name in ("tensorflow", "tf-keras"))


for python in ("3.12", "3.13", "3.14"):
    print(f"{python}: rasa-pro[nlu] asks for", *asked("rasa_pro-*.whl", python, "nlu"))
print("tf-keras asks for", *asked("tf_keras-*.whl", "3.13", ""))
PY
venv/bin/python asked.py | tee asked.log
grep -q "^3.13: rasa-pro\[nlu\] asks for tf-keras" asked.log
grep -q "^tf-keras asks for tensorflow" asked.log
for python in 3.13 3.14; do
    pip install --dry-run --ignore-installed --no-deps --only-binary :all: --python-version "$python" \
        --target "$python" "tensorflow>=2.21,<2.22" > "$python.log" 2>&1 || true
    echo "$python: $(grep -E "^Would install|^ERROR: No matching" "$python.log")"
done
grep -q "^Would install tensorflow-2.21" 3.13.log
grep -q "^ERROR: No matching distribution found for tensorflow" 3.14.log
echo "As found: TensorFlow comes on 3.13, and on 3.14 the extra cannot be installed."
