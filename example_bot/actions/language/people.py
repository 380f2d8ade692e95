"""Who travels: kinds of passengers, and how they are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Pattern

from .pattern import pattern

WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
YEARS = rf"(?:\d{{1,2}}|one|{WORDS})"
AFTER = r"(?=\W*$|[,.;!]| (?:and|but|so|by|do|does|is|can|now|already|last|years?)\b)"
"""Starts behind an age."""
ROW = rf"{YEARS}(?:(?:, ?| ?& ?|,? and ){YEARS})+"

CHILDREN = (
    r"(?P<child>twins|kids?|child(?:ren)?|sons?|daughters?|boys?|girls?|nieces?|nephews?|teens?|"
    r"teenagers?|little ones?|grandchild(?:ren)?|grandsons?|granddaughters?|pupils?|"
    r"schoolchild(?:ren)?)|(?P<infant>baby|babies|toddlers?|infants?|newborns?)"
)
SENIORS = r"(?P<senior>seniors?|pensioners?|grand(?:ma|pa|mother|father|parents)s?|gran(?:ny|dad)?)"
COMPANIONS = (
    r"teachers?|coach(?:es)?|professors?|trainers?|guides?|nurses?|carers?|nann(?:y|ies)|"
    r"neighbou?rs?|boss"
)
CHINESE_CHILDREN = (
    r"(?P<child>儿子|女儿|外?孙[子女儿]|[男女小]?孩子?|儿童|娃|小的|小朋友|小学生|双胞胎|侄子|侄女|外甥女?)|"
    r"(?P<infant>宝宝|婴儿)"
)
CHINESE_SENIORS = r"(?P<senior>爷爷奶奶|外公外婆|老两口|爷爷|奶奶|外公|外婆|姥姥|姥爷)"
CHINESE_COMPANIONS = r"老师|教练|教授|导师|导游|护士|保姆|邻居|老板|夫妻俩?|夫妇俩?|两口子"
LISTED = r"(?:^\W*|, ?|[&+;] ?|\band )(?=[a-z]+(?:, |,? and | ?[&+]|\W*$))"
"""Stands before one of several in a row."""
BEHIND = r"(?:please|to|from|on|in|at|via|tomorrow|today|tonight|next|first|second)"
"""What follows on how many a ticket is for."""


@dataclass(frozen=True)
class People:
    """One language's words of it."""

    none_of: Pattern[str]
    """Ends where passengers start that do not come along: "no [kids]"."""
    number: Pattern[str]
    """A message that is a `number` of people."""
    same: Pattern[str]
    """In a message that means the passengers of before: "same people"."""
    both: Pattern[str]
    only: Pattern[str]
    more: Pattern[str]
    fewer: Pattern[str]
    """In what stands before passengers who are taken away: "remove [one] [kid]"."""
    off: Pattern[str]
    """Starts behind such passengers: "[one] [kid] less"."""
    joins: Pattern[str]
    """In a message of somebody who comes along, too."""
    plural: Pattern[str]
    """A kind of passenger that is more than one."""
    one_person: Pattern[str]
    """In a message of one person without a name: "he is ill"."""
    third: Pattern[str]
    """One person without a name."""
    elder: Pattern[str]
    """Passengers who are most likely the seniors among several."""
    everyone: Pattern[str]
    myself: Pattern[str]
    """Where the speaker comes along, too: "me and [my wife]"."""
    beside: Pattern[str]
    """Ends where a number starts that leaves out those before it: "me and [three] friends"."""
    owners: Pattern[str]
    """What counts nobody, though the NLU may have taken it for a number: "[our] [kids]"."""
    they: Pattern[str]
    """Several others than the speaker."""
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
    """Ends where a number starts that counts nobody: "a day or [two]"."""
    total: Pattern[str]
    """How many travel, `n`, where no number was found: "a team of 14"."""
    counted: Pattern[str]
    """Ends with how many, `n`, of a kind there are, where the kind starts."""
    gone: Pattern[str]
    """In a message of somebody who does not come along."""
    age: Pattern[str]
    """How old a passenger is: the group that is found."""
    aged_between: Pattern[str]
    """How old all of several are: "between 15 and 17 years old"."""
    ages: Pattern[str]
    """How old several are, `all` in a row: "the kids are 4 and 9"."""
    alone: Pattern[str]
    """In a message of one traveller: "only me"."""
    part_of: Pattern[str]
    """Before passengers who are some of those told of: "one of us is a [student]"."""
    tickets: Pattern[str]
    """Starts behind a number of tickets."""
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
    """In a question what a passenger pays."""
    each: Pattern[str]
    """In a question what one of several pays."""
    little: Pattern[str]
    """In such a question on a child."""
    units: Pattern[str]
    """Starts behind a number that counts no people."""
    things: Pattern[str]
    """What comes along and is no passenger: "[a] [dog]"."""
    card: Pattern[str]
    """A discount card, by `name`, that is none either, whatever the NLU has taken it for."""
    cards: Pattern[str]
    """A discount card without its name."""
    kin: Pattern[str]
    """Passengers that the NLU has not found in an answer, each group a kind of the store's."""
    nouns: Pattern[str]
    """Words of which each tells a kind, whether the NLU knows them or not."""
    listed: Pattern[str]
    """Ends where passengers start who come along: "8 pupils with a [guide]"."""
    one_more: Pattern[str]
    """In a message that adds a passenger without a number: "add a fifth person"."""
    too: Pattern[str]
    """In a message of one who is of a kind as others are: "she is a senior, too"."""
    being: Pattern[str]
    """Ends where a kind starts that somebody is who is told already: "she is a [student]"."""
    kinds: Mapping[str, str]
    """Kinds of passengers, as the NLU's values, to the store's."""


ENGLISH = People(
    none_of=pattern(r"\b(no|without|without the|without my|minus the) $"),
    number=pattern(
        r"(?:for )?(?P<number>[\w-]+(?: hundred)?)"
        r"(?P<who> (?:persons?|people|of us|passengers?|travell?ers?))?(?: please)?"
    ),
    same=pattern(
        r"\bsame (\w+ )?(people|persons|passengers?|travell?ers?|group|party|number|family|"
        r"as (before|last time))\b|\b(as many|the same) (\w+ )?as (before|last time)\b|"
        r"\bsame as (before|last time|the (first|last) (one|trip))\b|\b(everything|all) the same\b"
    ),
    both=pattern(r"\bboth\b"),
    only=pattern(r"\b(only|just|alone|by (her|him)self|on (her|his) own)\b"),
    more=pattern(r"\b(add|more|another|extra|additional)\b"),
    fewer=pattern(
        r"\b(remove|drop|minus|subtract|(take|leave|kick) (off|out|away)|(?<!no )(less|fewer))\b|"
        r"\b(take|leave|kick)\b(?=.*\b(off|out|away)\b(?! (of|to|from|on|at)\b))|"
        r"\bcancel (?=(my|our|his|her|the|that) ([a-z]+ )?cards?\b)|"
        rf"\bcancel (?=(\d|one|{WORDS}) (of (the|our|my) )?(tickets?|seats?)\b)|"
        r"\bcancel (?=(my|our|his|her|the) [\w-]+('s?)? (tickets?|seats?)\b)|"
        r"\bcancel (the|a|one|that) (ticket|seat) for\b"
    ),
    off=pattern(
        r"( (people|persons?|passengers?|travell?ers?|tickets?))? "
        r"(less|fewer|(off|out|away)(?! (of|to|from|on|at)\b))\b"
    ),
    joins=pattern(
        r"\b(come|comes|coming|comming|go|goes|going|travels|join|joins|joining|take|bring)\b.*"
        r"\b(too|as well|along|with (us|me))\b|\b(join|joins|joining)( us| me| in)?\W*($|[,.;])|"
        r"\bwants? to (come|join)\b(?! (home|back))|"
        r"\b(he|she)('s| is) (coming|joining)(?=\W*$|[.,;!])|"
        r"^\W*((oh|and|plus|also|yes|ok)\W+)+my \w+(?=\W*$| too\b| as well\b|,)"
    ),
    plural=pattern(r"(\w\ws|children)\W?$"),
    one_person=pattern(r"\b(he|she|my (?!\w+ and|dog|cat|pet|bike|bicycle|luggage|suitcase)\w+)\b"),
    third=pattern(r"\b(he|she)\b"),
    elder=pattern(r"\b(parents?|mother|father|mum|mom|dad|gran\w*|in-laws)\b"),
    everyone=pattern(r"\b((?<!after )(?<!at )all|both|everyone|everybody)\b"),
    myself=pattern(
        r"\b(me|myself|i) ((and|n|with|plus)\b|[+&])|"
        r"\b(me|i), (my|our|and|the|an?)\b|\b(and|plus) (me|myself|i)\b|"
        r"\bi('m| am)? (travel|travelling|traveling|going|come|coming) with\b|"
        r"\b(to|i'm|i am|i'll|we're|we are) (take|taking|bring|bringing) (my|our|his|her)\b"
    ),
    beside=pattern(r"(\b(and|with|plus|n)|[&+]) ((my|our|these) )?$"),
    owners=pattern(r"our|my|his|her|their|the|some|they|them|we|us"),
    they=pattern(r"\b(they|they're|them)\b"),
    twos=pattern(r" (couples?|pairs?)\b"),
    heirs=pattern(r"\b(son|daughter|niece|nephew)s?\b"),
    bare=pattern(r"^(adult|child|kid|student)$"),
    pair=pattern(r"parents$|\bcouple$|\btwins$"),
    then=pattern(r" (is|are)( only| just)? |: ?"),
    heads=pattern(r" (people|persons?|of us|in all|in total|altogether)\b"),
    sums=pattern(r"\b(so|makes?|total|altogether|in all)\b|="),
    vague=pattern(
        r"\b(one|hour|day|night|week|month|minute)s? or $|\b(little|this|that|which|each|other) $"
    ),
    total=pattern(
        rf"\b(team|party|group|class|family|bunch|crew) of (?P<team>\d+|{WORDS})\b|"
        rf"\b(?P<us>\d+|{WORDS}) of us\b|"
        rf"\bmake (it|that|us) (?P<made>\d|{WORDS})(?= people| persons|,|\W*$)|"
        rf"\bwe('re| are) (now |only |just )?(?P<we>\d+|{WORDS})(?=,|[.;:]? |\W*$)"
        rf"(?! (year|adult|kid|child|student|senior|hour|minute|o'clock))|"
        rf"\b(?P<tix>\d|one|{WORDS}) (?:[a-z]+[- ]){{0,2}}"
        r"(?:tix|tickets?|ticks|seats?|pax|ppl)\b|"
        rf"\b(?P<less>\d|one|{WORDS})(?= (?:less|fewer)\b)|"
        rf"\bfor (?P<for>[1-9]|one|{WORDS})(?=\W*$|[,.;]| {BEHIND}\b| persons?\b)|"
        r"\b(?P<both>both) of us\b|\bus (?P<two>both)\b"
    ),
    counted=pattern(r"\b(?P<n>[a-z]+|\d+) $"),
    gone=pattern(
        r"\b(bail(ed|s)?|backed out|pulled out|had to cancel)\b|"
        r"\b(is|are|got|fell) (sick|ill)\b|\b(dropped|drops|dropping|is|are) out\b|"
        r"\b(can ?not|(can|won|isn|aren|doesn|don)'?t|is not|are not|not|no longer) (be )?"
        r"(want to )?(come|coming|travel|travelling|make it|join|joining)\b|"
        r"\b(stays?|staying) "
        r"((at )?home|behind|with (her|his|their|my|our|the|gran\w*|mum|mom|dad))\b"
    ),
    age=pattern(
        r"\bage[: ]+(?P<aged>\d{1,2})\b|\b(?:have|has) (?P<has>\d{1,3})(?= years?\b)|"
        rf"\bboth (?:aged )?(?P<both>\d{{2}}){AFTER}|"
        rf"\b(?P<months>{YEARS})(?=[- ]months?[- ]old\b)|"
        r"(?:(?<=is )|(?<='s )|(?<=only )|(?<=just )|(?<=of )|(?<=\())"
        rf"(?P<young>{YEARS})(?= months?(?:\W*$|[,.;!)]))|"
        r"\b(?P<age>\d{1,2}|[a-z]+)(?=[- ](?:years?|yrs?)[- ]old\b)|"
        r"\b(?:(?<=is )|(?<=am )|(?<=are )|(?<=aged )|(?<='s )|(?<='m )|(?<=over )|"
        r"(?<=turned )|(?<=turning ))(?:only |just |already |still )?"
        rf"(?P<years>\d{{2}}){AFTER}|(?<=\()(?P<beside>\d{{2}})(?=\))|"
        rf"\b(?:under|below|younger than) (?P<under>{YEARS})(?=\W*$|[,.;]| and\b)|"
        r"\b(?:child|kids?|sons?|daughter|baby|girls?|boys?|little one) (?:is|aged) "
        rf"(?P<kid>{YEARS})(?=\W*$|[,.;]| and\b)|"
        r"(?:(?<=teenager of )|(?<=child of )|(?<=kid of )|(?<=son of )|(?<=baby of )|"
        r"(?<=girl of )|(?<=boy of )|"
        r"(?<=daughter of )|(?<=\bhe's )|(?<=\bhe is )|(?<=\bthey're ))"
        r"(?P<only>\d{1,2})(?=\W*$|,| and\b)|"
        rf"(?:(?<=\bwho's )|(?<=\bwho is )|(?<=\bhe's )|(?<=\bhe is )|"
        rf"(?<=\bshe's )|(?<=\bshe is )|(?<=\bi'm )|(?<=\bi am )|"
        rf"(?<=\bthey're )|(?<=\bthey are ))(?:only |just |already )?(?P<word>{YEARS}|[a-z]+teen|"
        rf"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:[- ][a-z]+)?){AFTER}"
    ),
    aged_between=pattern(rf"\b(?:between|from) {YEARS}(?: and | to | ?[-–] ?){YEARS}(?= years)"),
    ages=pattern(
        rf"(?:\b(?:aged|ages?|they're|they are|we're|we are|who are|others are|other two are)[: ]+|"
        rf"\b(?:kids?|child(?:ren|s)?|girls?|boys?|sons?|daughters?|grandchildren|babies|twins|"
        r"nephews?|nieces?|grandkids?|grandsons?|granddaughters?|teen(?:ager)?s|pupils?)"
        rf"(?: of|:|,|,? aged| are|,? who are)? \(?)"
        rf"(?P<all>{ROW})(?=\W*$|[,.;)]| and\b|[ -]?y(?:ea)?rs?)|"
        rf"(?P<row>{ROW})(?=[ -]?(?:years?|yrs?|yo)\b)"
    ),
    alone=pattern(
        r"\b(only|just) (for )?(me|myself)\b|\b(only|just) one(?= person| of us|,|\W*$)|"
        r"\b(tickets?|seat) for (me|myself)\b(?!,? (and|my)\b| [+&])|"
        r"\bby myself\b|\bon my own\b|\balone\b|\bsolo\b|^\W*me\W*$|"
        r"\bsingle (traveller|traveler|passenger|person)\b|"
        r"\b(only|just) (for )?(her|him)\b"
    ),
    part_of=pattern(
        r"\b(\d|one|two|three|four|five|some) of ((?P<us>us)|them|those|the|whom)\b|"
        r"\b(one|two|three|four)('s| is| has)\b"
    ),
    tickets=pattern(r" ([\w-]+ ){0,3}?(tickets?|seats?|places)\b"),
    joined=pattern(r"\b(and|with|plus|my)\b|[,;+&.!?]"),
    visited=pattern(
        r"\b(visits?|visiting|see|seeing|meet|meeting|pick up|fetch|(stay|staying) with|to|at|"
        r"surprise|ask|asking|tell|call|help|thank|because( of)?|thanks to)"
        r"( (my|our|his|her|their|the|an?|some|old|good))+ $"
    ),
    settled=pattern(
        r"('s|s') (?!(ticket|seat|fare|age|card|place|\d|an?\b|only|coming|going|"
        r"travelling|joining))[a-z]+|"
        r"(,? who)? (now |currently |just )?(lives?|studies|study|works?|comes? from|"
        r"says?|said|thinks?|told|reminded|wants? (me|us)|tells?|asks?|picks?|meets?|waits?|"
        r"needs?\b(?! (a |an |their |his |her )*(ticket|seat|place)s?)|(has|have) to|must|"
        r"(is|are) (living|studying|working|waiting|getting|picking|meeting|marrying)|"
        r"((has|have) )?(passed away|died)|is dead)\b"
    ),
    aged=pattern(
        rf"\b(an?|one|my|our|the) (?P<age>{YEARS})[- ]?(years?|yrs?)[- ]olds?\b"
        r"(?! (kid|child|boy|girl|son|daughter|baby|grand\w+|man|woman|lady|mother|father)s?\b)"
    ),
    subject=pattern(
        r"\b(mum|mom|dad|gran\w*|i|i'm|we|we're|she|she's|he|he's|they|they're|my|our|me|us)\b"
    ),
    price=pattern(
        r"\b(free|pays?|costs?|price|fare|how much)\b|"
        r"\b(needs?|gets?|have|has) (an? |his |her |their |own |full )*(tickets?|seats?)\b"
    ),
    each=pattern(
        r"\b(per|for each) (person|head|passenger|ticket|adult)\b|\beach\b(?! other)|\bapiece\b|"
        r"\bfor (just )?one person\b"
    ),
    little=pattern(
        r"\b(kids?|child|children|baby|babies|infants?|newborns?|toddlers?|sons?|daughters?|"
        r"little ones?|boys?|girls?|teenagers?|nephews?|nieces?|grandchild(ren)?|"
        r"grandsons?|granddaughters?)\b"
    ),
    things=pattern(
        r"\b(dogs?|cats?|pets?|pupp(y|ies)|kittens?|bikes?|bicycles?|suitcases?|bags?|luggage|skis|"
        r"prams?|strollers?|wheelchairs?)\b"
    ),
    units=pattern(r"(minutes?|hours?|days?|nights?|weeks?|euros?|stops?|changes?|am|pm)\b"),
    card=pattern(
        r"\b(?P<name>(swiss )?half[- ]fare (travel)?cards?|(inter|eu) ?rail( pass(es)?)?|"
        r"bahn ?cards?( \d+)?|rail ?cards?|student (cards?|ids?|pass(es)?))\b"
    ),
    cards=pattern(
        r"(?<!\bcredit )(?<!\bid )(?<!\bidentity )(?<!\bby )(?<!\bwith )(?<!half fare )"
        r"\b(?P<any>((discount|reduction|rail|railway|half[- ]fare) ?)?cards?)\b"
    ),
    kin=pattern(
        # "My mum", and "mum, dad and gran".
        rf"(?:\b(?:my|our|his|her|their|an?|one|the|\d+|{WORDS}) |{LISTED})"
        rf"(?:(?:little|older|younger|best|good|dear) )?(?:{CHILDREN}|{SENIORS}|"
        r"(?P<adult>husband|wife|partner|(?:girl|boy)?friends?|mum|mom|mother|dad|father|parents|"
        r"brothers?|sisters?|aunt|uncle|cousins?|colleagues?|fianc\w+|(?:mother|father)-in-law|"
        rf"{COMPANIONS}))\b"
    ),
    nouns=pattern(
        rf"\b(?:{CHILDREN}|(?P<student>students?)|{SENIORS}|(?P<adult>adults?|{COMPANIONS}))\b"
    ),
    listed=pattern(
        r"(\b(with|for|plus|and)|[,+&]) ((the|an?|my|our|his|her|their) )?((last|other|new) )?$"
    ),
    one_more=pattern(
        r"\b(one more|another|an? (second|third|fourth|fifth|sixth|seventh|extra|additional)) "
        r"(person|passenger|travell?er)\b|"
        r"^\W*((oh|yes)\W+)?(and|plus) (me|myself)( too| as well)?\W*$"
    ),
    too=pattern(r"\b(too|also|as well)\b"),
    being=pattern(
        r"\b(i('?m| am)|(he|she|wife|husband|friend|partner|one)('?s| is)|isn't)( not)? "
        r"((still|also|already) )?((an?|the) )?$"
    ),
    kinds={kind: kind for kind in ("adult", "child", "student", "senior", "infant")},
)


CHINESE = People(
    none_of=pattern(r"(没有?|沒有?|不带|不帶|没带|没|不算)$"),
    number=pattern(
        r"(?P<number>[零一二三四五六七八九十百两俩仨\d]+)(?:(?P<who>个人|個人|位乘客|位|人)|个|名)?吧?"
    ),
    same=pattern(
        r"(同样|一样|相同)的?(人|乘客|人数)|(人数?|乘客)(不变|一样|相同|照旧)|(上次|刚才|之前|原来)(那些|那几个|的那?几?个?)(人|乘客)|"
        r"还是(我们|这些人|那些人|这几|那几)|(跟|和|与)(之前|刚才|上次|去程)(都)?一样|都一样"
    ),
    both=pattern(r"两个都|两人都|俩都|兩個都"),
    only=pattern(r"只有?|就(我|有)|仅|僅|单独|只要"),
    more=pattern(r"再|多一|多两|另外|还有|還有|外加"),
    fewer=pattern(
        r"(?<![至多最不])少|减|去掉|删|拿掉|划掉|(不|别)(用|要|再)?算|不带(?=我)|"
        r"退掉?(?=[一两二三四\d][张張]|我)|取消(?=[一两二三四\d][张張])|把(?=.*((去|删|拿|划|减)掉|退))"
    ),
    off=pattern(r"(这|那)?[个人]*也?(去|删|拿|划|减)掉|(就)?不算"),
    joins=pattern(r"也(来|去(?!掉)|要(?!求)|想[来去要]|一起|坐)|一起(来|去|走)|加上|带上"),
    plural=pattern(r"们$"),
    one_person=pattern(
        r"[他她](?!们)|爸爸|妈妈|父亲|母亲|[爷奶姐妹哥弟]|我[爸妈]|[儿女]|朋友|同[事学]|老[公婆]"
    ),
    third=pattern(r"[他她](?!们)"),
    elder=pattern(r"[爸妈父母爷奶姥]|外[公婆]|公公|婆婆"),
    everyone=pattern(r"都|全"),
    myself=pattern(
        r"我(和|跟|、|带|帶|与|與|加)|(想|要|打算|准备)[带帶]|^\W*带|(和|跟|还有|還有)我(?!的|们|們|一样|同)"
    ),
    beside=pattern(r"([和跟与與带帶加+]|还有|還有)(我的?|其他)?$"),
    owners=pattern(r"我们?的?|[他她]们?的?|那些?"),
    they=pattern(r"[他她]们"),
    twos=pattern(r"对(夫妻|夫妇|情侣|恋人|老人)"),
    heirs=pattern(r"儿子|女儿|侄子|侄女|外甥"),
    bare=pattern(r"^(成年?人|大人|[小]?孩子?|儿童)$"),
    pair=pattern(
        r"爸妈|爸爸妈妈|父母|爹妈|爷爷奶奶|外公外婆|公公婆婆|岳父岳母|夫妻|夫妇|两口|双胞胎"
    ),
    then=pattern(r"(就|只|只有|有|是|共|少|多)*"),
    heads=pattern(r"[个個位名口]?(人|乘客)"),
    sums=pattern(r"共|总|所以|="),
    vague=pattern(r"(?!)"),
    total=pattern(
        r"(一共|总共|总数|我们)(就|只|有|是)*(?P<n>[\d一二三四五六七八九十两]{1,3})[个個位名口]人|"
        r"(?P<tickets>[\d一二三四五六七八九两兩])[张張](?!票?能?都?(改|换|退|取消))|我们(?P<two>俩|倆)"
    ),
    counted=pattern(r"(?P<n>[二三四五六七八九十两兩\d]+)[个個位名]?$"),
    gone=pattern(
        r"病了|(来|去|走)不(了|成)|不(跟|陪)|(?<![要起])不(去|来)(?=\W*$|[，,。！!])|不(想?跟?我?们?一?起?)?(来|去|走)了|退出|[留待]在(家|她?他?[爷奶外姥])"
    ),
    age=pattern(
        r"(?P<under>[\d一二三四五六七八九十]{1,3})(?=周?岁以下)|"
        r"(?P<age>[\d一二三四五六七八九十两]{1,3})(?=多?周?岁)|"
        r"(?<=今年)(?P<now>[二三四五六七八九]十[一二三四五六七八九]?|[2-9]\d)(?!号)|"
        r"(?<=[一1]个)(?P<each>\d{1,2})(?![\d个位名张])|"
        r"(?P<months>[\d一二三四五六七八九十两]{1,2}个多?月大?)(?=(?<=大)|(?:了|的?[宝婴孩女儿娃]|的?\W*$|[，,。]))|"
        r"(?<=岁)[，,和]?(?:另|还有)?[一1]个(?P<next>[\d一二三四五六七八九十]{1,3})(?=\W*$|[，,。])|"
        r"[妈爸爷奶公婆姥爹娘](?:今年|都|已经|快)*(?P<kin>[三四五六七八九]十[一二三四五六七八九]?|[3-9]\d)"
        r"(?=多?了?\W*(?:$|[,，。]))|"
        r"(?<![点號号月日期周第\d])(?P<old>[三四五六七八九]十[一二三四五六七八九]?|[3-9]\d)(?=多?了\W*(?:$|[,，。]))"
    ),
    aged_between=pattern(
        r"[\d一二三四五六七八九十]{1,3}岁?[到至–-][\d一二三四五六七八九十]{1,3}(?=岁)"
    ),
    ages=pattern(
        r"(?P<all>[\d一二三四五六七八九十]{1,2}(?:[、,，和跟][\d一二三四五六七八九十]{1,2})+)(?=周?岁)"
    ),
    alone=pattern(r"[就只]有?[我他她](?!们)|我自己|我一个人?|一个人|独自|单人(?!间|床)"),
    part_of=pattern(
        r"[一两三四][个位](?=[\d一二三四五六七八九十]{2,3}(岁|了|[，,。]|[一1]个|\W*$))|其中|(里面?|中)有|有?[一两三四]个是"
    ),
    tickets=pattern(r"[张張]"),
    joined=pattern(r"[和跟与與带帶加，,、；;+。！!？?]"),
    visited=pattern(
        r"(看望?|探望|探|见|找|接|拜访|送|问|告诉|感谢|因为|由于)(一下|一看)?(我|我们|他|她)?(的)?$"
    ),
    settled=pattern(
        r"[^，,。和跟]{0,3}(结婚|过生日|生日|要上学|让我|叫我|说|问|提醒|会?来接|在那)|"
        r"(现在)?(就)?(住在|定居|在.{1,6}(上学|读书|工作|生活|住|等)|已经?(去世|过世|不在)|(去世|过世))"
    ),
    aged=pattern(
        r"(一|1)[个個位名](?P<age>[\d一二三四五六七八九十]{1,3})周?岁的?(?=$|\W|[和跟一1另还])"
    ),
    subject=pattern(r"我|他|她|们|人|都"),
    price=pattern(r"票|钱|免费|价|费|半价|花|占座|座位"),
    each=pattern(r"每(个?人|位|张)|[一1]个?人多少|多少钱?[一1]个?人|[单人]均|单人"),
    little=pattern(r"孩|儿童|婴儿|宝宝|娃|小朋友|小的|儿子|女儿"),
    things=pattern(r"[狗猫]|宠物|自行车|行李|箱子?|滑雪板|婴儿车|轮椅"),
    units=pattern(r"[月号日点天晚周站岁]|小时|分钟|欧元?"),
    card=pattern(
        r"[张張]?(?P<name>bahn ?card( ?\d+)?|rail ?card|interrail|"
        r"欧铁通票|通票|[德法瑞意]铁卡|青年卡|半价卡|优惠卡|铁路卡)"
    ),
    cards=pattern(r"(?<![信银房张])(?P<any>(优惠|打折|折扣|铁路)?卡)(?![包里车])"),
    kin=pattern(
        rf"{CHINESE_CHILDREN}|{CHINESE_SENIORS}|"
        r"(?P<adult>老公|丈夫|老婆|妻子|爱人|男朋友|女朋友|男友|女友|朋友|同事|同学|爸妈|父母|"
        r"爸爸?|妈妈?|父亲|母亲|哥哥?|姐姐?|弟弟?|妹妹?|表[哥弟姐妹]|"
        rf"{CHINESE_COMPANIONS})"
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
    being=pattern(r"[我他她友妈爸弟妹哥姐公婆](们)?(还|也)?不?是(个|一个|名)?$"),
    kinds={
        "成人": "adult",
        "儿童": "child",
        "学生": "student",
        "老人": "senior",
        "婴儿": "infant",
    },
)
