"""Who travels: kinds of passengers, and how they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern

WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
YEARS = rf"(?:\d{{1,2}}|one|{WORDS})"
AFTER = r"(?=\W*$|[,.;!)]| (?:and|but|so|by|do|does|is|can|now|already|last|years?|plus|in)\b)"
"""Starts behind an age."""
AS_YET = "(?:(?:only|just|already|still|now|almost|nearly) )*"
ROW = rf"{YEARS}(?:(?:, ?| ?& ?|,? and ){YEARS})+"

YOUNG = (
    r"twins|twin (?:boys|girls|sons|daughters)|kids?|kiddos?|child(?:ren|s)?|"
    r"(?:step|grand)?(?:sons?|daughters?)(?!-in)|boys?|girls?|nieces?|nephews?|teens?|teenagers?|"
    r"little ones?|grandchild(?:ren)?|grandkids?|pupils?|schoolchild(?:ren)?"
)
BABIES = r"baby|babies|toddlers?|infants?|newborns?"
CHILDREN = rf"(?P<child>{YOUNG}|eldest|oldest|youngest)|(?P<infant>{BABIES})"
SENIORS = r"(?P<senior>seniors?|pensioners?|gran(?:d(?:[mp]a|\w+ther|parent)|ny|dad)?s?|nana?)"
COMPANIONS = (
    r"teachers?|coach(?:es)?|professors?|trainers?|guides?|nurses?|carers?|nann(?:y|ies)|"
    r"neighbou?rs?|boss|couple|clients?"
)
RELATIVES = (
    r"husband|hubby|wife|missus|spouse|partner|(?:girl|boy)?friends?|gf|bf|mum(?:my)?|mom(?:my)?|"
    r"mother|dad(?:dy)?|father|parents|brothers?|sisters?|siblings?|aunt(?:ie)?|uncle|cousins?|"
    r"co-?workers?|colleagues?|[a-z]*mates?|budd(?:y|ies)|pals?|bestie|fianc\w+|"
    r"(?:[a-z]+-)?in-laws?"
)
YEARS_OLD = "[\\d一二三四五六七八九十两]{1,3}"
TENS = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|[1-9]\\d)"
"""An age in Chinese, and one of ten years and more."""
CHINESE_CHILDREN = (
    r"(?P<child>双胞胎(?:[儿孩]子|女儿|[男女]孩)?|[大小]?儿子|[大小]?女儿|闺女|外?孙[子女儿]|"
    r"[男女小]?孩子?|儿童|娃|小的|小家伙|小朋友|小学生|老[大二三](?!爷)|侄子|侄女|外甥女?)|"
    r"(?P<infant>宝宝|婴儿)"
)
CHINESE_SENIORS = r"(?P<senior>爷爷奶奶|外公外婆|姥姥姥爷|老两口|爷爷|奶奶|外公|外婆|姥姥|姥爷)"
CHINESE_COMPANIONS = (
    r"老师|教练|教授|导师|导游|护士|保姆|邻居|老板|客户|秘书|助理|夫妻俩?|夫妇俩?|两口子|小两口"
)
CHINESE_RELATIVES = (
    r"[老先]公|丈夫|先生|老[婆伴]|妻子|太太|媳妇|爱人|对象|男朋友|女朋友|男友|女友|朋友|闺蜜|哥们|"
    r"同[事学伴]|室友|爸妈|父母|爸爸妈妈|爸爸?|妈妈?|父亲|母亲|哥哥?|[姐妹]夫|姐姐?|弟弟?|妹妹?|"
    r"[嫂婶]子?|[表堂][哥弟姐妹]|岳[父母]|公婆|[叔姑姨舅][叔姑姨舅妈父]?|"
    r"(?<=[和跟陪带])[他她](?=\W|$|一[起块]|[也去来]|俩?人|两个?人)|[他她](?=[和跟]我)"
)
SOMEBODY = "(?:him|her|some(?:one|body))"
KNOWN_AS = r"(?:(?:little|\w+er|big|best|good|dear|old|twin|own|new|\d+-year-old) )*"
LISTED = r"(?:^\W*|, ?|[&+;] ?|\band )(?=[a-z]+(?:, |,? and | ?[&+]|\W*$))"
"""Stands before one of several in a row."""
GOING = (
    r"(?:com(?:es?|ing|ming)|go(?:es|ing)?|travel\w*|join\w*|tak(?:es?|ing)|bring\w*|needs|wants|"
    r"has|is|does|was|less|makes?|be|stay\w*|not|drop\w*|cancel\w*|bail\w*|back\w*|pull\w*|"
    r"decid\w*|turn\w*|ag?ed|this|plus|as|us|leav\w*|miss\w*|first|need|have|years|gets|rather)"
)
"""What somebody who travels does, or does not, and is."""
OWN = "(my|our|his|her|the|that)"
PETS = (
    r"dogs?|dachshunds?|terriers?|poodles?|labradors?|spaniels?|cats?|pets?|pupp(?:y|ies)|"
    r"kittens?"
)


@dataclass(frozen=True)
class People:
    """One language's words of it."""

    none_of: Pattern[str]
    """Ends where passengers start that do not come along: "no [kids]"."""
    number: Pattern[str]
    """A message that is a `number` of people."""
    same: Pattern[str]
    both: Pattern[str]
    only: Pattern[str]
    more: Pattern[str]
    fewer: Pattern[str]
    """In what stands before passengers who are taken away: "remove [one] [kid]"."""
    off: Pattern[str]
    """Starts behind such passengers: "[one] [kid] less"."""
    joins: Pattern[str]
    plural: Pattern[str]
    one_person: Pattern[str]
    """In a message of one person whom no noun tells: "he is ill", "Anna is ill"."""
    third: Pattern[str]
    elder: Pattern[str]
    everyone: Pattern[str]
    myself: Pattern[str]
    """Where the speaker comes along, too: "me and [my wife]"."""
    company: Pattern[str]
    """Ends where those start with whom the speaker travels: "with [my wife]"."""
    beside: Pattern[str]
    """Ends where a number starts that leaves out those before it: "me and [three] friends"."""
    owners: Pattern[str]
    """What counts nobody, though the NLU may have taken it for a number: "[our] [kids]"."""
    they: Pattern[str]
    twos: Pattern[str]
    """Starts behind a number of pairs: "[two] couples"."""
    heirs: Pattern[str]
    """A kind of passenger that may be grown up: "my [daughter]"."""
    bare: Pattern[str]
    """A kind that says of somebody how old they are: "an [adult], no [child]"."""
    pair: Pattern[str]
    """A kind of passenger that is two: "my [parents]"."""
    then: Pattern[str]
    """Between a kind and the number behind it: "the [kids] are [two]"."""
    heads: Pattern[str]
    """Starts behind a number that is one of people, whoever they are."""
    sums: Pattern[str]
    """In a message that tells how many others are together: "[2] and [3], so [5]"."""
    vague: Pattern[str]
    """Ends where a number starts that counts nobody: "a day or [two]", "two of the [4]"."""
    total: Pattern[str]
    """How many travel, `n`, where no number was found: "a team of 14"."""
    counted: Pattern[str]
    """Ends with how many, `n`, of a kind there are, where the kind starts."""
    gone: Pattern[str]
    age: Pattern[str]
    """How old a passenger is: the group that is found."""
    aged_between: Pattern[str]
    """How old all of several are: "between 15 and 17 years old"."""
    ages: Pattern[str]
    """How old several are, `all` in a row: "the kids are 4 and 9"."""
    alone: Pattern[str]
    part_of: Pattern[str]
    """Before passengers who are some of those told of: "one of us is a [student]"."""
    tickets: Pattern[str]
    joined: Pattern[str]
    """Between a number and a kind of passenger that is another: "[me] and my [wife]"."""
    visited: Pattern[str]
    """Ends where somebody starts who does not travel: "to visit [my son]"."""
    settled: Pattern[str]
    """Starts where somebody ends who cannot come: "my [sister] lives in Rome", or has died."""
    aged: Pattern[str]
    """A passenger of whom but the `age` is told: "and a 4 year old"."""
    subject: Pattern[str]
    """In what tells who travels, and does not only ask: "we are students"."""
    price: Pattern[str]
    each: Pattern[str]
    little: Pattern[str]
    units: Pattern[str]
    things: Pattern[str]
    """What comes along and is no passenger: "[a] [dog]"."""
    card: Pattern[str]
    """A discount card, by `name`, that is none either, whatever the NLU has taken it for."""
    cards: Pattern[str]
    kin: Pattern[str]
    """Passengers that the NLU has not found in an answer, each group a kind of the store's."""
    nouns: Pattern[str]
    """Words of which each tells a kind, whether the NLU knows them or not."""
    listed: Pattern[str]
    """Ends where passengers start who come along: "8 pupils with a [guide]"."""
    one_more: Pattern[str]
    """In a message that adds a passenger without a number: "add a fifth person"."""
    too: Pattern[str]
    being: Pattern[str]
    """Ends where a kind starts that somebody is who is told already: "she is a [student]"."""
    kinds: Mapping[str, str]
    """Kinds of passengers, as the NLU's values, to the store's."""


ENGLISH = People(
    none_of=pattern(r"\b(no|without|without the|without my|minus the) $"),
    number=pattern(
        r"(?:for )?(?P<number>[\w-]+(?: hundred)?)(?P<who> (?:persons?|people|of us|passengers?|"
        r"travell?ers?))?(?: please)?"
    ),
    same=pattern(
        r"\bsame (\w+ )?(people|persons|passengers?|travell?ers?|group|party|number|family|"
        r"as (before|last time))\b|\b(as many|the same) (\w+ )?as (before|last time)\b|"
        r"\bsame as (before|last time|the (first|last) (one|trip))\b|\b(everything|all) the same\b"
    ),
    both=pattern(r"\bboth\b"),
    only=pattern(r"\b(only|just|alone|by (her|him)self|on (her|his) own)\b"),
    more=pattern(r"\b(add|more|another|extra|additional|also an?)\b"),
    fewer=pattern(
        r"\b(remove|drop|minus|subtract|(take|leave|kick) (off|out|away)|(?<!no )(less|fewer))\b|"
        r"\b(take|leave|kick)\b(?=.*\b(off|out|away)\b(?! (of|to|from|on|at)\b))|"
        r"\bleav(e|ing) (?=.* (with (my|our|their|his|her)|at home|behind)\b)|"
        rf"\bcancel ((?=((\d|one|{WORDS})( of (the|our|my))?|{OWN} [\w-]+('s?)?) (ticket|"
        rf"seat)s?\b)|(?={OWN} ([a-z]+ )?cards?\b)|(the|a|one|that) (ticket|seat) for\b)"
    ),
    off=pattern(
        r"( (p(eople|ersons?|assengers?)|travell?ers?|tickets?))? "
        r"(less|fewer|(off|out|away)(?! (of|to|from|on|at)\b))\b"
    ),
    joins=pattern(
        r"\b(com(e|es|ing|ming)|go(es|ing)?|travels|join(s|ing)?|tak(e|ing)|bring(ing)?|put)\b.*"
        r"\b(too|as well|along|with (us|me))\b|"
        r"\bjoin(s|ing)?( us| me| in)?(\W*($|[,.;:])| (in|on|for|but)\b)|"
        r"\b(wants?|decid(es?|ed)|(would|'d) (like|love)) to (come|join)\b(?! (home|back))|"
        r"\b(he|she|cousin|brother|sister)('s| is) (coming|joining)(?=\W*$|[,.;!])|"
        r"^\W*((oh|and|plus|also|yes|ok)\W+)+(my|our|an?) \w+(?=\W*$| too\b| as well\b|,)|"
        r"\bwe('re| are|'ll)? (also )?(bring|tak)(e|ing)?\b|\b(joined|accompanied) by\b"
    ),
    plural=pattern(r"(\w\ws|children)\W?$"),
    one_person=pattern(
        r"\b(he|she|my (?!\w+ and|dog|cat|pet|bike|bicycle|luggage|suitcase)\w+)\b|"
        # "Anna isn't", and "Anna and Tom wo(n't)".
        r"(^|[,.;!] )((and|oh|but|so|sorry) )*(?-i:(?!(It|This|That|We|They|You|The|There|What|"
        r"No)\b)[A-Z][a-z]+( and [A-Z][a-z]+)?)(?='s|"
        r" ((is|was|wo|ca|has|does|wants|will|would)\b|$))"
    ),
    third=pattern(r"\b(he|she)\b"),
    elder=pattern(r"\b(parents?|mother|father|mum|mom|dad|gran\w*|in-laws)\b"),
    everyone=pattern(r"\b((?<!after )(?<!at )all|both|everyone|everybody)\b"),
    myself=pattern(
        r"\b(me|myself|i) ((and|n|with|plus)\b|[+&])|\b(me|i), (my|our|and|the|an?)\b|"
        # "Mark is 37 and I'm 33" counts nobody.
        r"\b(and|plus) (me|myself|i)\b(?!['’]?m\b| am\b)|"
        r"\bme,? \(?[1-9]\d\)?,? (and|plus|with)\b"
    ),
    company=pattern(
        r"\b(with|(joined|accompanied) by|(take|taking|bring|bringing)( along)?) "
        rf"((my|our|an?|some|the|\d|{WORDS}) )*{KNOWN_AS}$"
    ),
    beside=pattern(r"(\b(and|with|plus|n)|[&+]) ((my|our|these|the) )?$"),
    owners=pattern(r"our|my|his|her|their|the|some|they|them|we|us|family|group|team"),
    they=pattern(r"\b(they|they're|them)\b"),
    twos=pattern(r" (couples?|pairs?)\b"),
    heirs=pattern(r"\b(son|daughter|niece|nephew)s?\b"),
    bare=pattern(r"\b(adults?|seniors?|students?|kids?|child(ren)?)$"),
    pair=pattern(r"(parents|\bcouple|\btwins|\btwin \w+s)$"),
    then=pattern(r" (is|are)( only| just)? |: ?"),
    heads=pattern(r" ((people|persons?) )?(in all|in total|altogether|people|persons?|of us)\b"),
    sums=pattern(r"\b(so|makes?|total|altogether|in all)\b|="),
    vague=pattern(
        r"\b(one|hour|day|night|week|month|minute)s? or $|"
        r"\bfrom $|"
        r"\b((?<!ake )(little|this|that|which|each|other)|of (the|my|our|his|her|their|th[eo]se)) $"
    ),
    total=pattern(
        rf"\b(team|party|group|class|family|bunch|crew) of (?P<team>\d+|{WORDS})\b|"
        rf"\b(?P<us>\d+|{WORDS}) of us\b(?!,? (and|plus) (an?|my|our|the) )|"
        rf"\bfrom (?:\d|one|{WORDS})(?: people| persons)? to (?P<down>\d|one|{WORDS})"
        r"(?= people| persons?\b|\W*$)|"
        rf"\bmake (it|that|us) (?P<made>\d|{WORDS})(?= people| persons|,|\W*$)|\bwe('re|"
        rf" are) (now |only |just )?(?P<we>\d+|{WORDS})(?=,|[.;:]? |"
        r"\W*$)(?! (year|adult|kid|child|student|senior|hour|minute|o'clock))|"
        rf"\b(?P<tix>\d|one|{WORDS}) (?:[a-z]+[- ]){{0,2}}(?:tix|tickets?|ticks|seats?|pax|ppl)\b|"
        rf"\b(?P<less>\d|one|{WORDS})(?= (?:less|fewer)\b)|"
        rf"(?<!\d )\bminus (?P<minus>\d|one|{WORDS})(?=\W*$)|\bfor (?P<for>[1-9]|one|"
        rf"{WORDS})(?=\W*$|[,.;]|"
        r" (?:please|to|from|o?in|on|at|via|to\w+|next|first|second|persons?)\b)|"
        r"\b(?P<both>both) of us\b|\bus (?P<two>both)\b"
    ),
    counted=pattern(rf"\b(?P<n>[a-z]+|\d+) {KNOWN_AS}$"),
    gone=pattern(
        r"\b(bail(ed|s)?|(backed|pulled|dropp?(ed|s|ing)|is|are) out|had to cancel|"
        r"(has|have) (to (stay|work)|other plans)|too \w+ to (come|go|travel))\b|"
        r"\b((?<!be )(?<!been )cancell?ed|not up to it)(?=\W*$|[,.;])|"
        r"\b(is|are|'s|got|fell|feels?) (sick|ill)\b|(n't|\bcannot|\bcant|\bnot|\bno longer|"
        r"\bnever)( (be|want(ing)? to|able to|going to|gonna|wanna))* (com(e|ing)|travel(l?ing)?|"
        r"make it|join(ing)?|going(?=\W*$|[,.;]| anymore| any more))\b|\b(stays?|staying|"
        r"remains?) ((at )?home|behind|with (her|his|their|my|our|the|gran\w*|mum|mom|dad))\b|"
        r"\b(takes?|taking) (a|the|another|an (earlier|later)) (bus|car|plane|flight|coach)\b"
    ),
    age=pattern(
        r"\b(?:me|myself),? \(?(?P<me>[1-9]\d)(?=\)|\W*$|[,.;]| and\b| plus\b)|"
        r"\bage[: ]+(?P<aged>\d{1,2})\b|\b(?:have|has) (?P<has>\d{1,3})(?= years?\b)|"
        rf"\bboth (?:aged )?(?P<both>\d{{2}}){AFTER}|"
        rf"\b(?<!for )(?<!in )(?P<months>{YEARS})(?=[- ]months?[- ]old\b| months?(?:\W*$|[,.;!)]))|"
        r"\b(?P<age>\d{1,2}|[a-z]+)(?=[- ](?:(?:years?|yrs?)[- ]old|yo)\b)|"
        r"(?:\b(?:is|am|are|aged|over|turned|turning|grown[- ]up,?)|"
        rf"'(?:[sm]|re(?=.*\bboth))) {AS_YET}(?P<years>\d\d){AFTER}|(?<=\()(?P<beside>\d\d)(?=\))|"
        rf"\b(?:under|below|younger than) (?P<under>{YEARS})(?=\W*$|[,.;]| and\b)|"
        # "She's only four", "our daughter 3".
        r"\b(?:(?:(?:he|she|who|nn+)(?:'?s| is)|one of \w+ \w+ is|"
        r"(?:[a-z]+er one|the other(?: one)?)(?: is)?(?= (?!one))|i(?:'m| am)|they(?:'re| are)) |"
        rf"(?:{YOUNG}|baby|eldest|oldest|youngest)(?<!s)(?<!ren)(?:'s| is| aged| of)? |"
        rf"(?:{RELATIVES}) (?=[2-9]\d\b)|"
        rf"(?:kids|girls|boys) (?:are |aged )(?={YEARS} and )){AS_YET}(?P<only>{YEARS}|[a-z]+teen|"
        rf"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[- ][a-z]+)?){AFTER}"
    ),
    aged_between=pattern(rf"\b(?:between|from) {YEARS}(?: and | to | ?[-–] ?){YEARS}(?= years)"),
    ages=pattern(
        r"(?:\b(?:aged|ages?|they're|they are|we're|we are|who are|others are|other two are)[: ]+|"
        rf"\b(?:{YOUNG}|{BABIES})(?: of|:|,|,? aged| are|,? who are)? \(?)(?P<all>{ROW})(?=\W*$|"
        rf"[,.;)]| and\b|[ -]?y(?:ea)?rs?)|(?P<row>{ROW})(?=[ -]?(?:years?|yrs?|yo)\b)|"
        # So many never travel: "two of us, 71 and 74".
        r"(?<![\d:.])(?P<two>[3-9]\d (?:and|&) [3-9]\d)(?=\W*$|[,.;)])"
    ),
    alone=pattern(
        r"\b(only|just|but|except) (for )?(me|myself|her|him)\b|"
        r"\b(only|just) one(?= person| of us|,|\W*$)|"
        r"\b(tickets?|seat) for (me|myself)\b(?!,? (and|my)\b| [+&])|"
        r"\b(by myself|on my own|alone|solo)\b|^\W*me\W*$|\b(nobody|no ?one|anyone) else\b|"
        r"\bno(body|( |-)?one)('s| is)? (com|join|travel)\w+|"
        r"\bsingle (traveller|traveler|passenger|person)\b"
    ),
    part_of=pattern(
        r"\b(\d|one|two|three|four|five|some) of ((?P<us>us)|them|those|the|whom)\b|"
        r"\b(one|two|three|four)('s| is| has)\b|\b(including|among (us|them))\b"
    ),
    tickets=pattern(r" ([\w-]+ ){0,3}?(tickets?|seats?|places)\b"),
    joined=pattern(r"\b(and|with|plus|my)\b|[,;+&.!?]"),
    visited=pattern(
        r"\b((visit|see|meet|fetch|pick|having|surpris|ask|tell|call|help|thank|pay)\w*"
        r"( up| for| to)?|told|to|at|about|from|like|as|when|while|before|(paid|booked) by|"
        r"because( of)?|(stay|talk|discuss|check|leav)\w* (.* )?with)"
        r"( (my|our|his|her|their|the|an?|some|old|good))+ $"
    ),
    settled=pattern(
        # "My father's wallet", "my mum works", "my boss will pay", "my sister is moving".
        rf"('s|s') (?!(ticket|seat|fare|age|card|place|\d|an?\b|only|{GOING})\b)[a-z]+|(,? (who|"
        rf"now|just|also|already|still|always|often|currently))*( (?!{GOING})([a-z]{{2,}}(s|ed)|"
        r"told|said|rang|wrote|thought|gave|went|made|met|sent|live|work|study|want (me|us))\b|"
        rf" (will|would|has to|have to|must|should|used to|wants to|could) (?!{GOING}\b)[a-z]+|"
        rf" (is|are|was|were) (?!{GOING})[a-z]{{2,}}ing\b|"
        r" ((has|have|is) )?(passed away|died|dead)\b| needs?\b(?!.* (ticket|seat|place)))"
    ),
    aged=pattern(
        rf"\b(an?|one|my|our|their|her|his|the) (?P<age>{YEARS})[- ]?(years?|"
        r"yrs?)[- ]olds?\b(?! \w+ther)"
    ),
    subject=pattern(
        # The last is anybody's name (names.py).
        rf"\b({YOUNG}|mum|mom|dad|gran\w*|i|i'm|we|we're|she|she's|he|he's|they|they're|my|our|me|us|nn+)\b"
    ),
    price=pattern(
        r"\b(free|pays?|costs?|price|fare|how much)\b|"
        r"\b(needs?|gets?|have|has) (an? |his |her |their |own |full )*(tickets?|seats?)\b"
    ),
    each=pattern(
        r"\b(per|for each) (person|head|passenger|ticket|adult)\b|\beach\b(?! other)|\bapiece\b|"
        r"\bfor (just )?one person\b"
    ),
    little=pattern(rf"\b({YOUNG}|{BABIES})\b"),
    things=pattern(
        rf"\b({PETS}|bikes?|bicycles?|suitcases?|bags?|luggage|skis|prams?|strollers?|"
        r"wheelchairs?)\b"
    ),
    units=pattern(
        r"((much|minute|hour|day|night|week|euro|stop|change|(more )?thing|booking|trip)s?|am|pm)\b"
    ),
    card=pattern(
        r"\b(?P<name>(swiss )?half[- ]fare (travel)?cards?|(inter|eu) ?rail( pass(es)?)?|"
        r"bahn ?cards?( \d+)?|rail ?cards?|student (cards?|ids?|pass(es)?))\b"
    ),
    cards=pattern(
        r"(?<!\bcredit )(?<!\bid )(?<!\bidentity )(?<!\bby )(?<!\bwith )(?<!half fare )"
        r"\b(?P<any>((discount|reduction|rail|railway|half[- ]fare) ?)?cards?)\b"
    ),
    kin=pattern(
        # "My mum", "mum, dad and gran", "Anna and me", and "with her".
        rf"(?:\b(?:my|our|his|her|their|an?|one|the|both|another|\d+|{WORDS}) |{LISTED}|"
        r"\b(?=\w+ and (?:i|me)\b)|"
        rf"\b(?:with|and) (?={SOMEBODY}(?:\W*$|[,.]| from))){KNOWN_AS}(?:{CHILDREN}|{SENIORS}|"
        rf"(?P<student>students?)|(?P<adult>{RELATIVES}|{COMPANIONS}|{SOMEBODY}|(?:s?he|"
        r"(?-i:[A-Z][a-z]+))(?= and (?:i|me)\b)))\b"
    ),
    nouns=pattern(
        rf"\b(?:{CHILDREN}|(?P<student>students?)|{SENIORS}|(?P<adult>adults?|{COMPANIONS}))\b"
    ),
    listed=pattern(
        r"(\b(with|for|plus|and)|[,+&]) ((the|an?|my|our|his|her|their) )?((last|other|new) )?$"
    ),
    one_more=pattern(
        r"\b(one more|another|an? (\w+(nd|rd|th)|extra|additional)) (person|passenger|"
        r"travell?er)\b|^\W*((oh|yes)\W+)?(and|plus) (me|myself)( too| as well)?\W*$"
    ),
    too=pattern(r"\b(too|also|as well)\b"),
    being=pattern(
        r"\b(i('?m| am)|s?he('?s| is)|"
        r"(wife|husband|friend|partner|one|child|kid|son|daughter)('s| is)|"
        r"isn't)( not)?( \d+ and an?| (still|also|already|an?|the|their|our))* $|"
        r", also (an? )?$"
    ),
    kinds={kind: kind for kind in ("adult", "child", "student", "senior", "infant")},
)


CHINESE = People(
    none_of=pattern(r"(没有?|沒有?|不带|不帶|没带|没|不算)$"),
    number=pattern(
        r"(?P<number>[零一二三四五六七八九十百两俩仨\d]+)(?:(?P<who>[个個]?人|位(乘客)?)|个|名)?吧?"
    ),
    same=pattern(
        r"(同样|一样|相同)的?(人|乘客|人数)|(人数?|乘客)(不变|一样|相同|照旧)|"
        r"(上次|刚才|之前|原来)(那些|那几个|的那?几?个?)(人|乘客)|"
        r"还是(我们|这些人|那些人|这几|那几)|(跟|和|与)(之前|刚才|上次|去程)(都)?一样|都一样"
    ),
    both=pattern(r"两个都|两人都|俩都|兩個都"),
    only=pattern(r"只有?|就(我|有)|仅|僅|单独|只要"),
    more=pattern(r"再|(?<!参)加(?!勒)|多一|多两|另外|还有|還有|外加|[^参]加[一两二三上个\d]"),
    fewer=pattern(
        r"(?<![至多最不])少|减|去掉|删|拿掉|划掉|(不|别)(用|要|再)?算|不带(?=我)|"
        r"退掉?(?=[一两二三四\d][张張]|我)|取消(?=[一两二三四\d][张張])|"
        r"把(?=.*((去|删|拿|划|减)掉|退|取消))"
    ),
    off=pattern(r"(这|那)?[个人]*也?(去|删|拿|划|减)掉|(就)?不算"),
    joins=pattern(
        r"也(来|去(?!掉)|要(?!求)|想[来去要]|一起|坐)|一起[来去走]|(^|[再还，])加上|带上|加入我"
    ),
    plural=pattern(r"们$"),
    one_person=pattern(
        r"[他她](?!们)|[小老阿张王李赵刘陈杨黄吴][\u4e00-\u9fff]{1,2}(?=$|[也不退病想要])"
    ),
    third=pattern(r"[他她](?!们)"),
    elder=pattern(r"[爸妈父母爷奶姥]|外[公婆]|公公|婆婆"),
    everyone=pattern(r"都|全"),
    myself=pattern(
        r"我[和跟、带帶与與加]|[、，]我(?=\W|$|自己)|"
        r"(和|跟|还有|還有)我(?!一样|[的不们們同老男女爸妈哥姐弟妹朋表堂媳岳])"
    ),
    company=pattern(r"(?<![不没别])[和跟与陪带]着?(我们?的?)?$"),
    beside=pattern(r"([和跟与與带帶加+]|还有|還有)(我的?|其他)?$"),
    owners=pattern(r"我们?的?|[他她]们?的?|那些?"),
    they=pattern(r"[他她]们"),
    twos=pattern(r"对(夫妻|夫妇|情侣|恋人|老人)"),
    heirs=pattern(r"儿子|女儿|侄子|侄女|外甥"),
    bare=pattern(r"(成年?人|大人|老人|学生|孩子?|儿童)$"),
    pair=pattern(
        r"(爸爸?妈妈?|父母|爹妈|爷爷奶奶|外公外婆|姥姥姥爷|公公?婆婆?|岳父岳母|夫[妻妇]俩?|"
        r"[老小]?两口子?|双胞胎.{0,2})$"
    ),
    then=pattern(r"(就|只|只有|有|是|共|少|多)*"),
    heads=pattern(r"[个個位名口]?(人|乘客)|口(?=\W|$)"),
    sums=pattern(r"共|总|所以|="),
    vague=pattern(r"(?!)"),
    total=pattern(
        r"(一共|总共|总数|我们)(就|只|有|是)*(?P<n>[\d一二三四五六七八九十两]{1,3})[个個位名口]人|"
        r"(?P<tickets>[\d一二三四五六七八九两兩])[张張](?!票?能?都?(改|换|退|取消))|"
        r"我们[哥姐兄弟妹]?们?(?P<two>[俩倆仨])"
    ),
    counted=pattern(r"(?P<n>[二三四五六七八九十两兩俩仨\d]+)[个個位名对]?$"),
    gone=pattern(
        r"病了|(来|去|走)不(了|成)|不(跟|陪)|(?<![要起])不(去|来)(?=\W*$|[，,。！!])|退出|"
        r"不(想?跟?我?们?一?起?|能|会|再)*(来|去|走)了|[留待]在(家|她?他?[爷奶外姥])|"
        r"(?<![票单都部])取消了(?=\W|$)|(没法|没空|没时间|不能|不想|无法).{0,5}[来去走](?!掉)"
    ),
    age=pattern(
        rf"(?:(?<=不到)|(?<=未满)|(?={YEARS_OLD}周?岁以下))(?P<under>{YEARS_OLD})(?=周?岁)|"
        rf"(?P<age>{YEARS_OLD})(?=多?周?岁)|今年(?P<now>{TENS})(?!号)|"
        r"(?<=[一1]个)(?P<each>\d{1,2})(?![\d个位名张])|"
        rf"(?P<months>{YEARS_OLD}个多?月大?)(?=(?<=大)|(?:了|的?[宝婴孩女儿娃]|的?\W*$|[，,。]))|"
        rf"(?<=岁)[，,和]?(?:另|还有)?[一1]个(?P<next>{YEARS_OLD})(?=\W*$|[，,。])|"
        r"(?:[妈爸爷奶公婆姥爹娘我他她子儿孩姐妹哥弟大二三](?:今年|都|已经|快|才|刚|满)*|已经|满|"
        rf"过了?|都是?)(?P<kin>{TENS})(?=多?了?\W*(?:$|[,，。]))|"
        rf"(?<![点號号月日期周第\d])(?P<old>(?=[三四五六七八九3-9]){TENS})(?=多?了\W*(?:$|[,，。]))"
    ),
    aged_between=pattern(rf"{YEARS_OLD}岁?[到至–-]{YEARS_OLD}(?=岁)"),
    ages=pattern(
        rf"(?P<all>{YEARS_OLD}(?:[、,，和跟]{YEARS_OLD})+)(?=周?岁)|"
        r"(?<![\d:：.])(?P<two>[3-9]\d[、和跟][3-9]\d)(?=\W*$|[，,。])"
    ),
    alone=pattern(
        r"[就只]有?[我他她](?!们)|我(自己|一个)|一个人|独自|单人(?!间|床)|除了我|没有?其?[别他]人"
    ),
    part_of=pattern(
        r"[一两三四][个位](?=[\d一二三四五六七八九十]{2,3}(岁|了|[，,。]|[一1]个|\W*$))|其中|"
        r"包[括含]|(里面?|中)有|有?[一两三四]个是"
    ),
    tickets=pattern(r"[张張]"),
    joined=pattern(r"[和跟与與带帶加，,、；;+。！!？?]"),
    visited=pattern(
        r"([看探]望?|见|找|接|拜访|送|问|告诉|感谢|因为|由于|[发寄交]给|参加|听|让|叫|等)(一下|"
        r"一看)?(我|我们|他|她)?(的)?$"
    ),
    settled=pattern(
        r"的(?!票|座)|[^，,。和跟]{0,3}(结婚|过生日|生日|要上学|让我|叫我|说(?!.{0,2}也)|问|提醒|"
        r"会?来接|在那|接我|送我|给我|商量|讨论|放[假学])|[报推喜晕觉](?!去|来)|[从以][前来不]|"
        r"票(?=.*([多价钱优折]))|(现在)?(就)?(住|定居|在.{1,6}(上学|读书|工作|生活|住|等)|"
        r"(已经?)?[去过]世|已经?不在)"
    ),
    aged=pattern(rf"(一|1)[个個位名](?P<age>{YEARS_OLD})周?岁的?(?=$|\W|[和跟一1另还])"),
    subject=pattern(r"我|他|她|们|人|都|孩|儿子|女儿|宝宝|[爸妈爷奶]|小某"),
    price=pattern(r"票|钱|免费|价|费|半价|花|占座|座位"),
    each=pattern(r"每(个?人|位|张)|[一1]个?人多少|多少钱?[一1]个?人|[单人]均|单人"),
    little=pattern(r"孩|儿童|婴儿|宝宝|娃|小朋友|小的|儿子|女儿"),
    things=pattern(r"[狗猫]|宠物|自行车|行李|箱子?|滑雪板|婴儿车|轮椅"),
    units=pattern(r"[月号日点天晚周站岁趟段]|小时|分钟|欧元?|订单|单子?|预订|行程"),
    card=pattern(
        r"[张張]?(?P<name>bahn ?card( ?\d+)?|rail ?card|interrail|欧铁通票|通票|[德法瑞意]铁卡|"
        r"青年卡|半价卡|优惠卡|铁路卡)"
    ),
    cards=pattern(r"(?<![信银房张])(?P<any>(优惠|打折|折扣|铁路)?卡)(?![包里车])"),
    kin=pattern(
        rf"{CHINESE_CHILDREN}|{CHINESE_SENIORS}|(?P<adult>{CHINESE_RELATIVES}|{CHINESE_COMPANIONS})"
    ),
    nouns=pattern(
        rf"{CHINESE_CHILDREN}|(?P<student>大?学生)|{CHINESE_SENIORS}|"
        rf"(?P<adult>成年?人|大人|{CHINESE_COMPANIONS})"
    ),
    listed=pattern(r"[和跟与與带帶加、给給替帮](上|我们?的?|一[个位名]|最后一?[个位名]?)*$"),
    one_more=pattern(
        r"(再)?(加|多)(上)?(一|1)?[个位名]?(人|乘客)|^\W*(还有|再?加上?)我(自己)?[吧呀啊]?\W*$"
    ),
    too=pattern(r"也"),
    being=pattern(
        r"([我他她友妈爸弟妹哥姐公婆个](们)?|[，,](?=[也还]?是))(还|也)?不?是(个|一个|名)?$"
    ),
    kinds={"成人": "adult", "儿童": "child", "学生": "student", "老人": "senior", "婴儿": "infant"},
)
