#!/usr/bin/env bash
# One would guess that pip-audit fails, or at least does not say that all is well, where it could ask
# about none of the packages. It says "No known vulnerabilities found" and ends without an error: a
# package that the service does not know is "skipped", which only --strict makes an error. So an audit
# behind a mirror, or without a network to the advisories, looks like a clean one.
# Seen with pip-audit 2.10.1 (pip_audit/_cli.py counts skipped packages only for --strict).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip-audit==2.10.1
# A version of a package that nobody ever published.
echo "numpy==999.0.1" > "$folder/installed.txt"
audit() {
    "$folder/venv/bin/pip-audit" --no-deps --disable-pip --requirement "$folder/installed.txt" "$@"
}
"$folder/venv/bin/pip-audit" --version
status=0
audit > "$folder/plain.txt" 2>&1 || status=$?
cat "$folder/plain.txt"
echo "without --strict it ends with $status"
strict=0
audit --strict > "$folder/strict.txt" 2>&1 || strict=$?
tail -n 1 "$folder/strict.txt"
echo "with --strict it ends with $strict"
[ "$status" = 0 ] && grep -q "No known vulnerabilities found" "$folder/plain.txt" && [ "$strict" != 0 ]
