#!/usr/bin/env bash
# One would guess: HanziConv and zhconv, which make traditional Chinese of simplified, for training data or replies of
# a bot, know the characters that have several traditional ones in the usual words, or leave those as they are.
# What happens: HanziConv has one character for each, and often the rarer one, without a look at the word: Taiwan
# (台湾) is 颱灣, with the character of typhoons, an empress (皇后) is "emperor after", a system (系统), a form (表格),
# "departure" (出发) and history (历史) are no words any more. zhconv, which looks for words, has kilometres (公里) as
# 公裏, the city of Xianyang as "salty", and the surname Fan (范冰冰) as the one of "example". Converted back all are
# right, so a test there and back shows nothing, but no user types such a name, and no lookup table or synonym has it.
# OpenCC is right with all of these.
# Versions: hanziconv 0.3.2 (hanziconv/charmap.py), zhconv 1.4.3 (zhcdict.json), OpenCC 1.4.2: the newest of each.
# Exits non-zero if one of these is converted otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check hanziconv==0.3.2 zhconv==1.4.3 OpenCC==1.4.2
cat > convert.py <<'PY'
from importlib.metadata import version

import opencc
import zhconv
from hanziconv import HanziConv

print(*(f"{name} {version(name)}" for name in ("hanziconv", "zhconv", "OpenCC")))
converter = opencc.OpenCC("s2t")
for word in ("台湾", "皇后", "系统", "表格", "出发", "历史", "公里", "咸阳", "范冰冰"):
    hanzi, zh = HanziConv.toTraditional(word), zhconv.convert(word, "zh-hant")
    back = HanziConv.toSimplified(hanzi), zhconv.convert(zh, "zh-hans")
    print(word, "HanziConv", hanzi, "zhconv", zh, "OpenCC", converter.convert(word), "and back", *back)
PY
venv/bin/python -W ignore convert.py 2>/dev/null | tee convert.log
grep -qFx "台湾 HanziConv 颱灣 zhconv 臺灣 OpenCC 臺灣 and back 台湾 台湾" convert.log
grep -qFx "皇后 HanziConv 皇後 zhconv 皇后 OpenCC 皇后 and back 皇后 皇后" convert.log
grep -qFx "系统 HanziConv 係統 zhconv 系統 OpenCC 系統 and back 系统 系统" convert.log
grep -qFx "表格 HanziConv 錶格 zhconv 表格 OpenCC 表格 and back 表格 表格" convert.log
grep -qFx "出发 HanziConv 齣發 zhconv 出發 OpenCC 出發 and back 出发 出发" convert.log
grep -qFx "历史 HanziConv 曆史 zhconv 歷史 OpenCC 歷史 and back 历史 历史" convert.log
grep -qFx "公里 HanziConv 公裏 zhconv 公裏 OpenCC 公里 and back 公里 公里" convert.log
grep -qFx "咸阳 HanziConv 鹹陽 zhconv 鹹陽 OpenCC 咸陽 and back 咸阳 咸阳" convert.log
grep -qFx "范冰冰 HanziConv 範冰冰 zhconv 範冰冰 OpenCC 范冰冰 and back 范冰冰 范冰冰" convert.log
echo "As found: Taiwan is a bay of typhoons, and Taiwan again."
