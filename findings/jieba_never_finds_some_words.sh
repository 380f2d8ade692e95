#!/usr/bin/env bash
# One would guess: a word of a user dictionary (load_userdict, add_word; Rasa's JiebaTokenizer hands
# its `dictionary_path` on) is cut as one word wherever it stands, as jieba's documentation promises.
# What happens: a text is first parted at all characters outside of U+4E00 to U+9FD5, letters, digits and
# "+#&._%-", and only what is between is looked up. So a word with 〇, as years are written (二〇二六年), with a rare
# character of a name (𠮷野家), or with a blank is taken without a word, and never found. Of a line "new york" in the
# file, the second half is read as a part of speech: the word is "new", tagged "york".
# Version: jieba 0.42.1 (jieba/__init__.py, re_han_default and re_userdict), the newest.
# Exits non-zero if one of them is found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
# It imports pkg_resources.
venv/bin/pip install --quiet --disable-pip-version-check jieba==0.42.1 "setuptools<80"
printf '%s\n' 二〇二六年 𠮷野家 小爱同学 "new york" > user.txt
cat > cut.py <<'PY'
import jieba

jieba.setLogLevel("ERROR")
jieba.load_userdict("user.txt")
print("jieba", jieba.__version__)
for text in ("小爱同学", "二〇二六年", "𠮷野家", "new york"):
    print(text, list(jieba.cut(text)))
print("new is tagged", jieba.user_word_tag_tab.get("new"))
PY
venv/bin/python -W ignore cut.py | tee cut.log
grep -qF "小爱同学 ['小爱同学']" cut.log
grep -qF "二〇二六年 ['二', '〇', '二', '六年']" cut.log
grep -qF "𠮷野家 ['𠮷', '野家']" cut.log
grep -qF "new york ['new', ' ', 'york']" cut.log
grep -qFx "new is tagged york" cut.log
echo "As found: words with other characters are taken, and never found."
