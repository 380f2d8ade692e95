"""Names of people, in the words of each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Pattern

from .pattern import pattern
from .people import RELATIVES, YOUNG

OTHER_WORDS = (
    "about all an? and are around as at both but by dear for from good hello hey hi i in is it "
    "just my no not of ok okay on only or our over please retired so sorry sure thanks? that "
    "the then this to via we what when where which who with yes you your monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december christmas new easter one two three four five "
    "six first second class adults? child(?:ren)? kids? seniors? students? infants? passengers? "
    "travell?ers? train ticket return round single way trip window aisle seat card pass swiss "
    "german euro\\w* inter\\w* bahncard railcard night\\w* railjet thalys frecci\\w+ express "
    "morning afternoon evening noon today tomorrow booking aged? under before after "
    "until till since"
)
NO_NAME = rf"(?!(?:{'|'.join(OTHER_WORDS.split())})\b)"
"""Starts a word that is none of a name."""
CAPITAL = rf"{NO_NAME}(?-i:[A-Z][a-zà-ÿ]+(?:['’-][A-Z]?[a-zà-ÿ]+)?)(?<!'s)(?<!’s)"
WORD = rf"{NO_NAME}[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)?(?<!'s)(?<!’s)"
NEXT = rf" (?:(?:van|von|de|der|den|da|di|la|le|bin|al) )*{CAPITAL}"
FULL = rf"{CAPITAL}(?:{NEXT}){{1,2}}"
SOME = rf"{CAPITAL}(?:{NEXT}){{0,2}}"
KIN = rf"(?:(?:the |my |our )?(?:{RELATIVES}|{YOUNG}),? )?"
ROW = rf"{SOME}(?:(?:, ?|,? and |,? & ){KIN}{SOME})*"
SURNAME = (
    r"(?:欧阳|司马|上官|诸葛|周(?![一二三四五六日天末])|[王李张刘陈杨黄赵吴徐孙马朱胡郭何高林罗郑梁谢宋"
    r"唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    r"秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤])"
)
GIVEN = r"[一-鿿]{1,2}"
CHINESE = rf"{SURNAME}(?!先生|女士|小姐|老师|叔|阿姨){GIVEN}"
END = r"(?=\W*$|[,，。.;；、（()）]|和|跟|今年|是)"


@dataclass(frozen=True)
class Names:
    """One language's words of them. A pattern's group `name` is one name, or several."""

    told: Pattern[str]
    """A name that is told to be one: "my name is [Ann Lee]"."""
    answer: Pattern[str]
    """One in an answer to the question who travels: "two, [Ann Lee] and me"."""
    aged: Pattern[str]
    """One with an `age`, perhaps behind words for `whom`: "my wife [Ann] (50)"."""
    row_aged: Pattern[str]
    """The same in an answer to who travels, perhaps without capitals: "[ann lee] 34"."""
    speaker: Pattern[str]
    """Of these, words for who speaks."""
    row: Pattern[str]
    """Between names in a row."""
    parts: Pattern[str]
    """What of a name is one, too."""
    beside: Pattern[str]
    """Ends where a name starts that is a city's here: "to [Sofia]"."""
    known: str
    """A pattern for names that are known, to be filled in."""
    mask: str
    """Stands for a name of so many letters: a name that no city has."""


ENGLISH_NAMES = Names(
    told=pattern(
        r"(?:(?:^|[,.;:!(] ?|\b(?:and|the|hi|hello|sorry) )|"
        r"\b(?:my|his|her|their|our|(?:kids|children)['’]?s?)(?: \w+(?:['’]s)?)? )"
        rf"names?(?:['’]s| is| are|:)? (?P<name>{ROW}|{WORD}(?: {WORD})?)(?![a-z])|"
        rf"\b(?:mr|mrs|ms|miss|dr|prof)\b\.? (?P<title>{SOME})|"
        rf"\b(?:called|named|(?:in|under) the names?(?: of)?|lead name) (?P<called>{ROW})|"
        rf"\b(?:i['’]?m|i am|this is|s?he['’]?s) (?P<me>{FULL})|"
        rf"\bme,? (?P<us>{CAPITAL}(?:(?:, ?|,? and ){CAPITAL})+)|"
        rf"^\W*(?P<couple>{CAPITAL} and {FULL})\W*$|"
        rf"\b(?P<years>{CAPITAL})(?=(?:['’]s| is) (?:only |just )?\d{{1,2}}(?!\d|:)"
        r"(?=\W*$|[,.;]| and\b))|"
        rf"\b(?:{YOUNG})(?: are| is|['’]s) (?P<kids>{ROW})(?=\W*$|[,.;])"
    ),
    answer=pattern(
        rf"(?:^\W*|[,;:(] ?|\b(?:and|me|for|with|is|are) )(?P<name>{FULL})(?=\W*$|[,.;)(]| and\b)"
    ),
    aged=pattern(
        rf"(?:(?P<whom>\b(?:(?:my|our|the|an?) (?:\w+ )?(?:{RELATIVES}|{YOUNG})|me|myself|i['’]m|"
        rf"i am|names?(?:['’]s| is)),? )|\b(?={FULL})|\b(?={SOME} ?\())(?P<name>{SOME})"
        r"(?: ?\(|,? aged |,? )(?P<age>\d{1,2})(?!\d|:)"
        r"(?:\)|(?=\W*$|[,.;]| and\b| years?))"
    ),
    row_aged=pattern(
        rf"\b(?P<name>{WORD} {WORD}),? (?P<age>\d{{1,2}})(?!\d|:)"
        rf"(?=\W*$|[,.;]| and\b| {WORD} {WORD},? \d)"
    ),
    speaker=pattern(r"\b(?:me|myself|i['’]m|i am|name\S*(?: is)?),? $"),
    row=pattern(r",? and |,? & |, ?"),
    parts=pattern(r"[a-zà-ÿ]{3,}(?:['’-][a-zà-ÿ]+)?"),
    beside=pattern(r"\b(?:to|from|via|through|in|near) $"),
    known=r"(?<![^\W_])(?:{})(?![^\W_])",
    mask="Nn",
)
CHINESE_NAMES = Names(
    told=pattern(
        rf"(?:我叫|名叫|(?<!别)(?<!不)叫|名字(?:是|叫)?[:：]?|姓名(?:是)?[:：]?|(?:乘客|乘车人)(?:是)?[:：]?|我是)"
        rf"(?P<name>{CHINESE}(?:[、和跟]{CHINESE})*){END}|"
        rf"(?:同事|朋友|室友|同学|老公|老婆|妈妈?|爸爸?)(?P<kin>{SURNAME}[一-鿿]{{1,2}}?)"
        r"(?=[也想要不会能一，,。]|和我|$)"
    ),
    answer=pattern(rf"(?:^|[,，、和])(?P<name>{CHINESE})(?=$|[,，、。和])"),
    aged=pattern(
        r"(?P<whom>(?:我(?:是|叫)?|叫|[妈爸爷奶姐妹哥弟友婆公子儿女孩伴生太事学]叫?))?"
        rf"(?P<name>{CHINESE})(?:[,，、 （(]?|今年)(?P<age>\d{{1,2}})(?:周?岁[）)]?|[）)])"
    ),
    row_aged=pattern(rf"(?P<name>{CHINESE}) ?(?P<age>\d{{1,2}})(?=\W*$|[,，、 ])"),
    speaker=pattern(r"我(?:是|叫)?$"),
    row=pattern("[、和跟]"),
    # Without the family name.
    parts=pattern("..$"),
    beside=pattern(r"[去到从往经在]$"),
    known="(?:{})",
    mask="小某",
)
