"""Talk about the bot, and what of a question is told besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, Pattern

from .pattern import OPENING, pattern
from .people import PETS


@dataclass(frozen=True)
class Talk:
    """One language's words of it."""

    asides: Mapping[str, Pattern[str]]
    """In a question that one of the bot's texts (words/*.yml) answers, by its name; `well` is how
    the bot is."""
    working: Pattern[str]
    """In a message that asks what the bot does."""
    clauses: Pattern[str]
    """Between the parts of a message that tell, or ask."""
    joints: Pattern[str]
    """Between parts that are finer: "book this one[ ]and then the way back"."""
    asking: Pattern[str]
    """In a part that asks."""
    wishing: Pattern[str]
    """In a part that wants something of the bot."""
    stop: Pattern[str]
    """Ends a sentence."""
    reasons: Pattern[str]
    """A part that only tells why."""
    edges: Pattern[str]
    """What is not worth quoting at the ends of what was said."""
    topics: Mapping[str, Pattern[str]]
    """In a part that is about what a response of the domain answers, by its name."""
    details: Mapping[str, Mapping[str, Pattern[str]]]
    """Of such a response, in a part that is about one thing of it, by the bot's text on that."""


YOUNG_ONES = r"\b(kids?|child(ren)?|toddlers?|bab(y|ies)|infants?|teen\w*|sons?|daughters?)\b"
DETAILS = {
    "utter_on_board": {
        "wifi": r"\b(wi-?fi|wlan|internet)\b",
        "sockets": r"\b(sockets?|plugs?|outlets?|charg(e|ing|er) (my|our|the|a|your)?)\b",
        "food": r"\b(food|eat|drinks?|coffee|wine|beer|prosecco|alcohol|meals?|snacks?|restaurant|"
        r"dining|breakfast|bistro)\b",
        "toilets": r"\b(toilets?|restrooms?|bathrooms?|wc)\b",
        "seats": r"\b(windows?|aisle)\b|"
        r"\bs(it|eats?|itting)\b.*\b(together|next to|beside|side by side)\b",
    },
    "utter_luggage": {
        "bags": r"\b(luggage|baggage|suit ?cases?|bags?|backpacks?|rucksacks?|skis?|snowboards?|"
        r"prams?|strollers?|push ?chairs?|buggy|buggies|cellos?|guitars?|instruments?)\b",
        "bikes": r"\b(bikes?|bicycles?)\b",
        "pets": rf"\b({PETS})\b",
    },
    "utter_terms": {
        "flexible": r"\b(flexible|flexibility|refundable|exchangeable|change (it|them|the ticket|"
        r"my ticket)|overrun|changes? of plans?)\b",
        "missed": r"\bmiss(ed|ing)?\b",
        "paying": r"\b(pay|paid|payment|credit cards?|cash|paypal|invoice)\b",
        "printing": r"\b(print\w*|paper|ticket office|collect|pick up|e-?tickets?|by mail)\b",
        "papers": r"\b(passports?|ids?|id cards?|identity|identification|visas?)\b",
    },
    "utter_discount": {
        "minors_pay": YOUNG_ONES,
        "seniors_pay": r"\b(seniors?|pensioners?|retired|retiree|grand\w+|gran(ny)?s?|old(er)? "
        r"(people|lady|man))\b",
        "students_pay": r"\bstudents?\b(?! (card|id|pass))",
        "cards_pay": r"\b((rail|bahn|discount|half[- ]fare|student) ?cards?|(inter|eu) ?rail)\b",
        "groups_pay": r"\bgroups?\b",
    },
}
CHINESE_DETAILS = {
    "utter_on_board": {
        "wifi": r"无线|[Ww][Ii]-?[Ff][Ii]|上网|网络|有网",
        "sockets": r"插座|充电",
        "food": r"餐车|吃的|喝的|热水|咖啡|吃饭(?!了)|盒饭|点餐",
        "toilets": r"厕所|卫生间|洗手间",
        "seats": r"靠窗|过道|坐(在)?一起|挨着|连座",
    },
    "utter_luggage": {
        "bags": r"行李|箱子?|背包|滑雪板|雪具|婴儿车|童车|推车|提琴|吉他|乐器",
        "bikes": r"自行车|单车",
        "pets": r"[狗猫]|宠物",
    },
    "utter_terms": {
        "flexible": r"改签|能改|可以改|能退|可以退|灵活",
        "missed": r"没赶上|赶不上|误车|误点|错过",
        "paying": r"付款|付钱|支付|刷卡|信用卡|现金|微信|支付宝",
        "printing": r"打印|纸质|取票|电子票",
        "papers": r"护照|身份证|证件|签证",
    },
    "utter_discount": {
        "minors_pay": r"孩|儿童|婴儿|宝宝|娃|儿子|女儿|小朋友",
        "seniors_pay": r"老人|老年|爷爷|奶奶|外公|外婆|退休",
        "students_pay": r"学生(?!证|卡)",
        "cards_pay": r"卡|通票",
        "groups_pay": r"团体|团队|团票",
    },
}


def _patterns(details: Mapping[str, Mapping[str, str]]) -> Dict[str, Dict[str, Pattern[str]]]:
    return {
        response: {name: pattern(words) for name, words in things.items()}
        for response, things in details.items()
    }


ENGLISH = Talk(
    asides={
        "well": pattern(
            r"\bhow (are|r) (you|u|things)\b|\bhow('s| is) (it going|life|your day|everything)\b|"
            r"\bhow do you do\b|\bhow have you been\b|\bare you (ok|okay|well|alright)\b|"
            r"\bwhat'?s up\b"
        ),
        "boarding": pattern(
            r"\bhow (early|long before)\b.*\b(station|there|platform|train|departure)\b|"
            r"\b(when|what time)\b.*\b(at the (station|platform)|check in|board)\b|"
            r"\b(which|what) (platform|track)\b|\bcheck-?in\b"
        ),
        "free_seats": pattern(
            r"\b(seats?|places?|space|room|tickets?) (be )?(still )?(left|free|available)\b|"
            r"\b(fully booked|sold out|free seats?|seat reservations?|reserved seats?|"
            r"seat numbers?)\b"
        ),
        "sleeper": pattern(
            r"\b(night|sleeper|overnight) (trains?|options?|connections?)\b|"
            r"\bsleep(er|ing car)s?\b|\bcouchettes?\b"
        ),
        "early": pattern(
            r"\b(book|buy|pay)\w* (it |them )?(early|in advance|ahead)\b|\bearly[- ]bird\b"
        ),
        "account": pattern(r"\b(accounts?|register|registration|sign up|log ?in)\b"),
        "access": pattern(
            r"\bwheel ?chairs?\b|\bdisab(led|ility)\b|\bstep-free\b|\bramps?\b|\bassist(ance)?\b|"
            r"\b(help|carry|lift)\b.*\b(me|us|him|her|them)\b.*\b(on|onto|off|up|aboard|in|into)\b|"
            r"\bhelp\b.*\b(luggage|suitcases?|bags?|steps?|board(ing)?|station|platform)\b|"
            r"\bwalking (frame|stick)\b|\b(walker|crutches)\b"
        ),
        "disrupted": pattern(
            r"\b(if|in case|when)\b.*\b(train|it|connection)\b.*\b(late|delay(s|ed)?|cancell?ed)\b"
        ),
        "no_code": pattern(
            r"\b(don't|do not|didn't|haven't|lost|forgot(ten)?|forget) "
            r"((have|got|know|remember|get) )?((the|my|a|any|your) )?(booking )?"
            r"(code|number|reference)\b|\blost (my|the|our|a) tickets?\b"
        ),
        "contact": pattern(
            r"\b(who|whom|how|where)\b.*\b(call|phone|contact|complain|reach)\b|"
            r"\b(phone number|telephone|hotline)\b|\b(customer (service|support)|real person|"
            r"human being)\b"
        ),
        "minors": pattern(
            r"\b(can|may|could|is|are)\b.*\b(travel|go|ride|allowed)\b.*\b(alone|unaccompanied|"
            r"by (him|her|them)sel(f|ves)|on (his|her|their) own|"
            r"without (an |any )?(adults?|parents?))\b"
        ),
        "names": pattern(
            r"\b(give|tell|send|need|want)\b.*\bnames\b|"
            r"\bnames?\b.*\b(tickets?|booking)\b|\b(tickets?|booking)\b.*\bnames?\b"
        ),
        "too_soon": pattern(
            r"\b(didn't|did not|never|haven't|have not) (say|said|tell|told|ask|asked|want|wanted|"
            r"agree|agreed|order|ordered)\b[^.;!?]*"
            r"\b(to (book|buy)|booked|book it|yes\b|(you|u) to\W*$)|"
            r"\bwhy (did|have) you book"
        ),
        "receipt": pattern(r"\b(invoices?|receipts?|expenses?)\b"),
    },
    working=pattern(
        r"\bhow (does|do) (this|it|you|that) work|\bwhat (can|do) you do\b|"
        r"\bhow (do|can) (i|we) (book|buy|start|use)|\bwhat (is|are) (this|you) (for|about)\b"
    ),
    clauses=pattern(
        r"(?<=[,.;!?]) |(?= (?:do|does|can|could|may|will|would|should|must|is|are) "
        r"(?:i|we|he|she|it|they|there|that|this|you)\b)|(?= (?:what|how|which|where|when|why)\b)"
    ),
    joints=pattern(r" (?=(and|so|then)\b)"),
    asking=pattern(
        rf"\?|{OPENING}"
        r"((can|could|may|is|are|do|does|will|would|should|must|how|what|which|when|where|why|any)\b|"
        r"(what|how|where|when)'?s\b)|"
        # "I want an aisle seat".
        r"\b(aisle|window) (seats?|places?)\b|"
        r"\b(want|like|prefer|need|love)\b[^,.;!?]*\b(aisle|window)\b"
    ),
    wishing=pattern(
        r"\b(i|we)('d| would)? (want|need|like|prefer|wish)\b|"
        r"\b(please|let's|make sure|must|should)\b|"
        r"^\W*(book|change|cancel|show|give|tell|send|find|check|add|remove|put|make|keep|use)\b"
    ),
    stop=pattern(r"[.;!?]\s*$"),
    reasons=pattern(r"\b(because|since my|as my)\b[^,.;!?]*"),
    edges=pattern(
        r"^\W*((and|but|so|or|also|plus|then|of)\b\W*)*|"
        r"(\W*\b(and|but|so|or|a|an|the|my|from|to|on|at|in|for|by|with|via|of|is))*\W*$"
    ),
    topics={
        "utter_luggage": pattern("|".join(DETAILS["utter_luggage"].values())),
        "utter_on_board": pattern("|".join(DETAILS["utter_on_board"].values())),
        "utter_discount": pattern(r"\b(discounts?|reductions?|concessions?|rail ?cards?)\b"),
        "utter_terms": pattern(r"\b(print(ed)?|paper|passports?|id cards?|pay by|credit cards?)\b"),
    },
    details=_patterns(DETAILS),
)


CHINESE = Talk(
    asides={
        "well": pattern(
            r"(你|您)好吗|最近(怎么样|好吗|如何)|过得(怎么样|好吗)|吃(了|饭)(了?吗|了?没)|(你|您)还好吗"
        ),
        "boarding": pattern(r"提前多久|多早(到|去)|哪个站台|几号站台|检票|几点(到|去)车站"),
        "free_seats": pattern(
            r"(还|有)没?有(空)?(座|位子|位置|票)(?!.*(等座|号))|座位?还有吗|(满|卖完|售完)了?[吗么?？]|"
            r"(带|含|有)(座位?号|座位|座)[吗么?？]|座位号|(要|用)(订|选)座[吗么?？]"
        ),
        "sleeper": pattern(r"卧铺|夜车|过夜的?(火)?车|软卧|硬卧"),
        "early": pattern(r"提前(订|买|预订).{0,6}(优惠|便宜|折)|早鸟"),
        "account": pattern(r"注册|账号|登录"),
        "access": pattern(r"轮椅|残疾|无障碍|(帮|扶|搀).{0,6}(上车|下车|拿|搬|提)|有人帮"),
        "disrupted": pattern(r"(如果|要是|万一).*(晚点|延误|取消了|停运)"),
        "no_code": pattern(r"(没有?|忘了|不记得|丢了)订单号|订单号(忘|丢|没|不记得)|票(弄)?丢了"),
        "contact": pattern(r"客服|(打|电话).*(哪|谁|多少)|怎么联系|投诉|人工"),
        "minors": pattern(
            r"(能|可以|可不可以).*(自己|一个人|单独|独自)(坐|乘|走|去|旅行).*[吗么?？]|"
            r"(自己|一个人|单独|独自)(坐|乘|走|去|旅行).*(行吗|可以吗|能吗)"
        ),
        "names": pattern(r"票.*名字?|名字?.*票|实名"),
        "too_soon": pattern(
            r"没(说|让|叫|要|同意)(你|您|要)?.{0,4}[订买]|怎么就[订买]|谁让(你|您)[订买]"
        ),
        "receipt": pattern(r"发票|收据|报销"),
    },
    working=pattern(
        r"(你|您|这个?)(会|能|可以)(做|干|帮)?(什么|些什么|啥)|怎么(用|订|买)|怎样(用|订|买)"
    ),
    clauses=pattern(r"(?<=[，,。.；;！!？?])"),
    joints=pattern(r"(?<=[一-鿿]) (?=[一-鿿])|(?=然后|(?<![日天一二三四五六号午再])接着)"),
    asking=pattern(
        r"[?？]|[吗呢么]\W*$|(有|是|会|能|不占)[^，,]*吧\W*$|([能会要用有是行好对])不\1|靠窗|靠过道|可不可以|有没有|怎么|多少|多久|几[点天个]|什么|哪"
    ),
    wishing=pattern(r"想|要|请|帮|给我|麻烦|希望|务必|一定"),
    stop=pattern(r"[。.；;！!？?]\s*$"),
    reasons=pattern(r"因为[^，,。；;！!？?]*"),
    edges=pattern(r"^[\W个和跟]*|\W*$"),
    topics={
        "utter_luggage": pattern("|".join(CHINESE_DETAILS["utter_luggage"].values())),
        "utter_on_board": pattern("|".join(CHINESE_DETAILS["utter_on_board"].values())),
        "utter_discount": pattern(r"优惠|打折|折扣|减价"),
        "utter_terms": pattern(r"打印|纸质|护照|身份证|证件|刷卡|信用卡"),
    },
    details=_patterns(CHINESE_DETAILS),
)
