"""What is done with bookings, and journeys that follow from one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Pattern

from .pattern import pattern


@dataclass(frozen=True)
class Bookings:
    """One language's words of it."""

    returning: Pattern[str]
    """In a message that tells of the way back."""
    reverse: Pattern[str]
    """In a message that turns a journey round: "the other way"."""
    both_ways: Pattern[str]
    """In such a message that means the way there, too: "a return ticket"."""
    booking: Pattern[str]
    """In a message that names a booking."""
    single: Pattern[str]
    """In a message that wants no way back."""
    alike: Pattern[str]
    """In a message that wants the journey of the last booking once more."""
    for_whom: Pattern[str]
    """In a message that tells whom a ticket is for."""
    just_made: Pattern[str]
    """The booking that was made last."""
    place: Pattern[str]
    """A booking by its `place` or number, `nth`, in their list, or so `many`: "the first two"."""
    extremes: Pattern[str]
    """A booking by comparing it with others: "the cheaper one"."""
    one: Pattern[str]
    """Starts where words end that tell which booking is meant: "the [Friday] one"."""
    holder: Pattern[str]
    """Ends where such words start: "the ticket for [three]"."""
    becomes: Pattern[str]
    """Ends where words start that tell what a booking is to become: "make it [Friday]"."""
    spared: Pattern[str]
    """Ends where words start that tell which booking is not meant: "not the [Friday] one"."""
    stays: Pattern[str]
    """Starts where such words end: "[Rome] alone"."""
    pointing: Pattern[str]
    """Words that point at a booking by its city, of which each sign is `@`: "the [Zurich] one"."""
    likewise: Pattern[str]
    """In a message that wants the same for one more booking: "the Zurich one as well"."""
    unwanted: Pattern[str]
    """In a message that wants no journey besides: "I don't want another ticket"."""
    mine: Pattern[str]
    """In a question about a booking: "how much was the one to Rome?"."""
    cancelling: Pattern[str]
    """In a message that takes back a booking, if there is one."""
    elsewhere: Pattern[str]
    """In a message of what was cancelled, and is no train: "my flight"."""
    spare: Pattern[str]
    """In a message that does not want the booking cancelled after all: "wait, don't cancel it"."""
    buying: Pattern[str]
    """In a yes that can only mean an offer: "yes, book it"."""
    pausing: Pattern[str]
    """In a message of who wants to decide later."""
    afresh: Pattern[str]
    """In a stop that wants nothing of the journey kept."""
    keep: Pattern[str]
    """In a no that leaves all as it is: "no, leave it as it was"."""
    sparing: Pattern[str]
    """In a message that wants a booking not to be changed after all: "no, leave it"."""
    otherwise: Pattern[str]
    """In a message that takes what is on offer where there is no other: "if not, book this"."""
    restoring: Pattern[str]
    """In a message that wants a journey back that was just dropped: "no, hold on"."""
    undoing: Pattern[str]
    """In a message that takes back what the last one changed."""
    outward: Pattern[str]
    """In a message on the way there, where there is one back, too."""
    agreeing: Pattern[str]
    """All of a message that says yes to an offer, or to go on and book: "k book"."""
    heard: Pattern[str]
    """All of such words that may only say that something was heard: "great"."""
    hedging: Pattern[str]
    """In what stands behind a yes, and takes it back: "but"; or "if"."""
    waiting: Pattern[str]
    """In a sentence after a yes that holds it back: "before you book"."""
    depending: Pattern[str]
    """Ends where an order starts that hangs on something: "if it is direct, [book it]"."""
    onwards: Pattern[str]
    """In a part of a message that is about the journey after the one on offer."""
    agreed: Pattern[str]
    """Starts thanks that say yes before: "yes, that is right, thank you"."""
    another: Pattern[str]
    """In a message that wants one more booking: "another ticket"."""
    fee: Pattern[str]
    """In a question what it costs to cancel or to change a booking."""
    difference: Pattern[str]
    """In a question whether what a changed booking costs less is paid back."""
    changing: Pattern[str]
    """In such a question on changes."""
    every: Pattern[str]
    """In a message that means all bookings."""
    summed: Pattern[str]
    """In a message that asks what several journeys cost together."""
    partly: Pattern[str]
    """In a stop that is about a part of the journey only: "forget the card"."""


YES = (
    r"(ok(ay)?|k+|yes+|yea+h?|ye|yep|yup|ya|sure|fine|great|good|perfect|all ?right|cool|right|"
    r"correct|exactly|absolutely|definitely|lovely|deal)"
)
WELL = r"(well|then|so|and|just|please|pls|plz)"
DO = (
    r"((take|keep|choose|go with|go for) (the|that|this) (first|early|earlier|same)( one| train)?"
    r"( (you|we|i) (said|mentioned|had|showed)( me)?)?|"
    r"the (first|same|last|previous)( one| train)? (you|we|i) (said|mentioned|had|showed)( me)?|"
    r"(book|buy|take|reserve|get|confirm|do|order)( (it|(me|us)( in| on it)?|that|this|them|"
    r"(that|this|the|my|our) ([\w:]+ ){0,2}(one|train|trip|journey|tickets?|connection|part|leg|"
    r"way (there|back)|outward|return)|the first|tickets?))?|"
    r"(book|buy|reserve) (from )?[a-z]+ to [a-z]+|"
    r"(change|rebook|move) (it|that|this|them)( so| like (that|this)| that way)?|"
    r"go (ahead|for it)( and book( it| that)?)?|(sounds|looks) (good|great|fine|perfect)|"
    r"works( for (me|us))?|that('s| is) (right|correct|fine|good|perfect|it))"
)


NOUN = r"(?:one|booking|ticket|trip|train|journey|reservation|ride|leg)s?"


ENGLISH = Bookings(
    returning=pattern(
        r"\b(round trip|return (ticket|trip|journey|train)|(come|coming|get|getting|go|going|be|"
        r"travel|travelling|head|heading|way|ticket|tickets|trip|train|and|now|us|me) "
        r"back(?! to\b)|(go|goes|going|come|comes|coming|travel|travelling|get|be|head|heading|"
        r"ticket|train|trip|ride|way) (back )?home|"
        r"(the|my|our) (way|trip|train|journey|ticket) back|(journey|:\d\d|[ap]m) home|inbound|"
        r"returning(?! to\b)|(back|return|home) (mon|tue|wed|thu|fri|sat|sun)\w*|"
        r"(the|my|our|a) return|"
        r"(return|returning|back) (again )?(on|at|around|about|by|in the|with the|"
        r"the (same|next))|"
        r"(and|then|back) home|home again|(stay|remain)(ing)?\b[^.;?!]* (until|till?))\b"
    ),
    reverse=pattern(r"\b(other way( a?round)?|opposite direction|in reverse)\b|\bswap (it|them)\b"),
    both_ways=pattern(r"\b(round trip|return (ticket|trip|journey|train)|there and back)\b"),
    booking=pattern(r"\b(bookings?|booked|tickets?|reservations?|rebook)\b"),
    single=pattern(
        r"\b(one[- ]way|single|no return)\b|"
        r"\b(cancel|drop|forget( about)?|skip|scrap|without|don't (need|want)|"
        r"do not (need|want)|no) (the |a |my |our |any )?"
        r"(way back|return|(trip|journey|train|ticket) back)\b"
    ),
    alike=pattern(
        r"\bthe same( \w+)? (again|for)\b|\bsame (trip|journey|ticket|train|connection|thing)\b|"
        r"\b(ticket|one|booking) (just )?like (that|this|mine|it|the last)\b|"
        r"\bsame as (before|last time|just now)\b|\b(the|that) (same )?train from before\b|"
        r"\bthe (train|one) (i|we)('ve| have)? just (booked|bought|got)\b"
    ),
    for_whom=pattern(
        r"\bfor (?!the same|that|this|first|second)([a-z]|\d+ (child|kid|pupil|adult|student|"
        r"senior|people|other|more)\w*)|\b(book|put|get) me\b"
    ),
    just_made=pattern(
        r"\bjust (made|booked|bought|got|did)\b|\ba (minute|moment) ago\b|"
        r"\b(last|latest|newest|most recent) (booking|(one|ticket|trip) (i|we)\b)|"
        r"\b(booked|bought|made|from) (yesterday|earlier today|just now)\b|\byesterday's\b|"
        r"\b(booked|bought|made) (last|most recently)\b"
    ),
    place=pattern(
        r"\b(?:number|no\.) ?(?P<nth>one|two|three|four|[1-4])\b|"
        r"(?P<the>\b(?:the|my) )?\b(?P<place>first|second|third|fourth|last|1st|2nd|3rd|"
        r"middle|former|latter)(?: (?P<many>two|three|[23])\b|"
        r" (?:one|booking|ticket|trip|journey)\b|"
        r"(?(the)(?=\W*$|[,.;:!?]| (?:of|and|is|was|has|should|can|please|to|from|on|in)\b)|(?!)))"
    ),
    extremes=pattern(
        r"(?<!to )(?<!take )(?<!want )\bthe (?:(?P<earliest>early|earlier|earliest|sooner)|"
        r"(?P<latest>late|later|latest)|(?P<cheapest>cheap(?:er|est)?|(?:less|least) expensive)|"
        r"(?P<dearest>(?:more |most )?expensive|dear(?:er|est)?))"
        rf"(?: {NOUN}\b| of (?=the|them|my)|(?=\W*$|[,.;!?]))"
    ),
    one=pattern(rf"'?(?:s'?)?(?:[ -](?!(?:to|on|at|in|for|and|is)\b)[\w-]+)?[ -]{NOUN}\b"),
    holder=pattern(
        rf"\b{NOUN}(?: (?!to\b)\w+)?(?: (?:with|in|for|of|on|by|at|from|to|where|that|which)"
        r"(?: (?:i|we|the|my|our|a|is|are|goes?|travel|leaves?|in|on|at))*)? $"
    ),
    becomes=pattern(
        r"\b((?P<to>to)|into|be|it|them|leav(e|ing)|depart)"
        r"( (on|at|in|for|the|a|an|around|about|by|after|before|only))* $"
    ),
    spared=pattern(
        r"\b(not|leave|keep|except|(don't|do not) (mean|cancel|change|touch))"
        r"( (for|to|from|the|my|our|that|this|one))* $"
    ),
    stays=pattern(
        rf"'?s?( {NOUN})? (alone|as (it|they) (is|was|are)|stays?\b|can stay|is (fine|ok|okay)\b)"
    ),
    pointing=pattern(
        rf"\b(the|my|our|that|this|his|her) ([\w:]+ )?@+('s)?( [\w:]+)? {NOUN}\b|"
        rf"\b((my|our) {NOUN}|(the|that|this) (?!train){NOUN}|(the|my|our|that|this) "
        rf"(\d[\d:.]*( ?[ap]m)?|\w+day)( {NOUN})?)( that| which)?( goes| leaves| is)?"
        r" (from|to|in|out of|for|at) @+(?!@| to\b)"
    ),
    likewise=pattern(r"\b(as well|also|likewise|too(?! \w)|the same (for|with|to))\b"),
    unwanted=pattern(
        r"(\b(no|not|never|without|stop)|n't|\bdont)\b[^.,;!?]{0,30}"
        r"\b(another|new|second|extra|additional|more) (ticket|booking|trip|journey)s?\b"
    ),
    mine=pattern(
        rf"\b(the|my|our|that) (?!next\b)([\w'-]+ ){{0,5}}?{NOUN}\b(?! to book)|"
        r"\b(do|did|will|shall) (i|we)\b|\b[A-Z\d]{6}'s\b"
    ),
    cancelling=pattern(
        r"\b(cancel|refund)\b|\bchanged (my|our) minds?\b|"
        r"\b(scrap|drop|get rid of|don't (want|need)) (the|my|this|that|our) "
        r"(ticket|booking|trip)s?\b"
    ),
    elsewhere=pattern(r"\b(flights?|planes?|bus|coach|ferry|lift|ride|meeting)\b"),
    spare=pattern(
        r"\b(don't|do not|dont|didn't|did not|never|not|no need)( (i|you|we|to|want|wanted|ask|"
        r"asked|told|tell|said|say|mean|meant|need|needed|please|be|have|it|ever|for|a|the|my|"
        r"that|this|supposed|dare))* (cancel\w*|refund\w*|delete\w*)\b|\b(don't|do not|dont)\W*$|"
        r"^\W*(no|nope|wait|hold on|stop)\b(?!.*\b(cancel|refund)\b)"
    ),
    buying=pattern(r"\b(book|buy|take|get|want|reserve|change|go ahead|go for it)\b"),
    pausing=pattern(
        r"\b(think (about|over|on)|think (it|this|that) over|thinking about it|sleep on it|"
        r"decide (later|tomorrow|tonight)|(talk|speak) (to|with) my|(ask|consult|check with) my)\b"
    ),
    afresh=pattern(r"\b(start|restart|begin|scratch|reset|everything|forget (all|about))\b"),
    keep=pattern(
        r"\b(leave|keep) (it|that|everything) (as|like) (it (was|is)|this|that)\b|\bas it was\b|"
        r"\b(keep|take|stick (to|with)|stay with) (it|that|(the|that) (one|first|old|early|earlier|"
        r"last)( one)?)\b"
    ),
    sparing=pattern(
        r"\b(no|nah|nope)\W+(just )?leave it\b|"
        r"\bkeep (my|the|that|this) (\w+ )?(ticket|booking|one)\b|"
        r"\b(ticket|booking) stays\b|\bforget (that|the) change\b|"
        r"\b(don't|do not|dont) change (it|that|this|anything|my)\b|"
        r"\b(leave|keep) (it|that|everything|(the|my|our) [\w ]{1,20}) (as|like|how) (it|they) "
        r"(is|was|are|were)\b|"
        r"\b(don't|do not|not|no) (want to )?(change|touch) any\w* (about|of|on|in) (the|my)\b"
    ),
    otherwise=pattern(
        r"\b(if (not|there (isn't|is none|is not))|otherwise)\W+(then |just |please )?"
        r"(book|take|get) (this|that|it)\b"
    ),
    restoring=pattern(
        r"\b(wait|hold on|hang on|don't|do not|(have|get|bring|take) (it|that) back|undo|restore|"
        r"keep it|i (do )?(still )?want (it|that))\b"
    ),
    undoing=pattern(
        r"\b(leave|keep|put) (it|that|everything) (as|like|how|the way) it was\b|"
        r"\b(leave|put|keep|have) (him|her|them|everyone|(the|my) \w+) (back )?(in|on)"
        r"(?=\W*$| (this|the|our) (trip|booking|ticket|journey)\b)|"
        r"\bundo\b|\b(back to (how|what)|the way) it was( before)?\b|"
        r"\b(take|bring) (him|her|them) after all\b"
    ),
    outward=pattern(r"\b(way there|outward|outbound|way out|trip there|journey there)\b"),
    agreeing=pattern(
        rf"(?!\W*{YES}\W+(thanks|thank you|thx)\W*$)"
        r"\W*((never ?mind|nah)\W+(?=.*\b(take|book|buy)\b))?"
        rf"(({YES}|{WELL}|thanks|thank you|thx)\W+)*"
        rf"({YES}|(let's |i'll |we'll |(you )?(can|could) (you )?|please |just |now |do )*{DO})"
        rf"(\W+({WELL}|{YES}|now|thanks|thank you|thx|for (me|us)))*\W*"
    ),
    heard=pattern(
        rf"\W*((?!(ye|yep|yup|absolutely|definitely|deal)){YES}|{WELL}|thanks|"
        r"thank you|thx|nice|\W)*"
    ),
    hedging=pattern(
        r"\b(but|however|though|wait|hold on|not yet|instead|rather|except)\b|"
        r"^\W*(only )?(if|unless|once|provided|as long as|when|no|not)\b|"
        r"^\W*((and|please|just)\W+)*(cancel|stop|forget)\b"
    ),
    waiting=pattern(
        r"\b(wait|hold on|not yet|before (you|we|i) (book|buy|do)|don'?t (book|buy))\b"
    ),
    depending=pattern(
        r"(^|[.;!?])\W*((and|so|ok|then)\W+)*(if|unless|in case|once|should)\b[^.;!?]*$"
    ),
    onwards=pattern(
        r"\b(second|next|other) (leg|part|stage|trip|journey)\b|\bonward (trip|journey|train)\b|"
        r"\bon(wards?)? to (?!\w+day)|"
        r"\b(after that|afterwards|from there)\b[^.;!?]*\bto\b"
    ),
    agreed=pattern(
        rf"^\W*((yes|yep|yeah|yup|that('s| is) (right|correct)|correct)|({YES}\W+)+{DO})\b"
    ),
    another=pattern(
        r"\b(another|one more|an? (new|second|third|extra|separate|further)|(?<!the )new) "
        r"(one|ticket|booking)\b|\bone more for\b"
    ),
    fee=pattern(
        r"\b(cancell?ation|change|rebooking|refund) (fees?|charges?|costs?|penalty)\b|"
        r"\b(fees?|charges?|charged|penalty|cost|costs|pay|free|extra)\b.*"
        r"\b(cancel\w*|refund\w*|rebook\w*|chang(e|ing)(?! trains))\b|"
        r"\b(cancel\w*|rebook\w*|chang(e|ing)(?! trains))\b.*"
        r"\b(fees?|charges?|charged|penalty|cost|costs|pay|free|extra)\b|"
        r"\b(i|we) get (it |that |(my |our |the )?money |anything )?back\W*($|if\b)|"
        r"\b(when|how (long|soon))\b.*\b(refund|money)|\brefund\w*,? (when|how)\b|"
        r"\bmoney back\b|\brefundable\b|\b(i|we) (be )?(get )?(a )?(full )?refund(ed)?\b"
    ),
    difference=pattern(
        r"\b(difference|rest)\b.*\b(back\W*$|refund\w*|paid (out|back)|returned)|"
        r"\brefund\w*\b.*\bdifference\b"
    ),
    changing=pattern(
        r"\b(chang(e|es|ing)(?! trains)|rebook\w*)\b|"
        r"\bboth (trips|ways|tickets|bookings|journeys|of them)\b"
    ),
    every=pattern(
        r"\b(both|(?<!after )(?<!at )all(?! right\b| the same\b| day\b| else\b)|"
        r"everything(?! else\b)|every one|total|altogether)\b|"
        r"\b(my|our|the) (bookings|tickets|reservations|trips|journeys)\b"
    ),
    summed=pattern(
        r"\b(total|altogether|in all|sum|combined|summary)\b|"
        r"\b(both|all|two|three|trips|tickets|bookings|journeys|ways|legs|parts|return|back)\b"
        r"[^.;!?]*\btogether\b|\btogether\b[^.;!?]*\b(cost|come to|trips|tickets|bookings|ways)\b|"
        r"\b(cost|price|much|pay)\b[^.;!?]*\b(both|all)( of)?( the| my| our| these| those| them)?"
        r"( \w+)?\W*$|"
        r"\b(there and back|(outward|outbound|way there)\b.*\b(plus|and)\b.*\b(return|back))\b"
    ),
    partly=pattern(
        r"\b(forget|drop|skip|scrap|cancel|remove|leave out)( about)? "
        r"(the|that|my|his|her|our|those) (?!(whole |entire )?"
        r"(trip|journey|ticket|booking|thing|idea|plan|order|train|rest|lot)s?\b)"
    ),
)


CHINESE_NOUN = r"(?:[那这]一?[张趟个班次单]|的[那这])"


CHINESE = Bookings(
    returning=pattern(
        r"往返|来回|返程|回家|到家|回程|返回|回来|回去|來回|回來|(还|还要|还得|再|要|想)回(?![答复应])|回(?=\W*$|[，,。都也就])|(?<!折)返的|"
        r"(住|待|呆|玩|停留|留)(上|个)?到"
    ),
    reverse=pattern(r"反方向|反过来|倒过来"),
    both_ways=pattern(r"往返|来回|來回"),
    booking=pattern(r"订单|訂單|车票|票|预订|预定|改签|改簽"),
    single=pattern(
        r"单程|單程|(不用|不要|不需要|不买|不订|取消|去掉|算了).{0,3}(回程|返程|回来的|回去的)|"
        r"(回程|返程|回来的|回去的)(那张|的?票|的)?(就)?(不要|不用|不订|不买|算了|取消)"
    ),
    alike=pattern(
        r"(一样|同样|相同)的?(车?票|车次?|行程)|[张份个趟]一?模?(一样|同样|相同)的|同一(趟|班)车|"
        r"(还是?|也|就|要|坐|跟)(要|坐|订)?(刚才|刚刚|之前|上次|前面)(订|买)?的?(那|这)?一?(趟|班|次|列)|"
        r"(刚才|刚刚|之前|上次|前面)(订|买)?的?(那|这)一?(趟|班|次|列)车?(再|，再)"
    ),
    for_whom=pattern(
        r"[帮給给替为](我的?|我们)?(他|她|弟|哥|姐|妹|爸|妈|朋友|同[学事]|孩子|[儿女]|奶奶|爷爷|家人|老[公婆师])"
    ),
    just_made=pattern(
        r"(刚刚?|刚才|最近|最后|昨天)我?(新?[订訂买買下]的?|的)(?=那|这|一?[张趟个]|订单|票|\W*$|退|取|改)"
    ),
    place=pattern(
        r"第(?P<nth>[一二三四1-4])一?[张个趟条次单]|"
        r"(?P<place>最后|中间|[前后]面|[前后](?=[两二三23]))[的那]*(?P<many>[两二三23])?一?[张个趟条次单]"
    ),
    extremes=pattern(
        r"(?<![成到])(?:最|比?较|更)?(?:(?P<earliest>早)|(?P<latest>晚)|(?P<cheapest>便宜)|"
        rf"(?P<dearest>贵))(?:走|出发)?一?点?的?(?:{CHINESE_NOUN}|一[张趟个])"
    ),
    one=pattern(
        rf"(?:[个位名口]?人|出发|走|去|来|回来|坐|开|左右|早上|上午|中午|下午|晚上|的){{0,3}}(?:{CHINESE_NOUN}|订单|的?(?:车|火)?票|的?[车行旅]程?)|"
        r"的(?=\W*$|[，,改换退取])"
    ),
    holder=pattern(r"(?:票|订单)是$"),
    becomes=pattern(
        r"([改换換調调挪移升推提变變]|延期|应该|应当)(签|期|程|票)?(成|到|为|至|在|是|前|一下)*[了从]?$"
    ),
    spared=pattern(
        r"(?<!要)(不是|别[退改动管]|不[退改动](?!了)|不要[退改动]|保留|留着)[去到从那这的我把]*$"
    ),
    stays=pattern(
        rf"的?(?:{CHINESE_NOUN})?(?:的?(?:票|订单))?(?:就|先|可以|不用|不要|还是)*(?:别[动退改管]|不[动变]|留着|保留|不用[动退改])"
    ),
    pointing=pattern(rf"(@+[到去])?@+(出发|去)?的?({CHINESE_NOUN}|订单)"),
    likewise=pattern(r"[也都]|同样|一样"),
    unwanted=pattern(
        r"[不没别][^，。！？；]{0,4}([再另新](外|想|去|要)*[订買买訂]|[订買买訂]一?[个张]?新)|"
        r"不是新(行程|的)"
    ),
    mine=pattern(
        rf"{CHINESE_NOUN}|第.[张个趟]|我的|来着|花了|我.{{0,4}}(几点|什么时候)|[A-Z\d]{{6}}"
    ),
    cancelling=pattern(r"取消|退"),
    elsewhere=pattern(r"航班|飞机|班机|大巴|轮船|顺风车"),
    spare=pattern(
        r"(别|不|没有?|先不)(是|说|说过|让|叫|想|要|用|打算|[你您我]|再|给我)*(取消|退)(?!不)|"
        r"^\W*(别|不要|等等|等一下|先[不别])(?!.*(取消|退))"
    ),
    buying=pattern(r"[订訂买買要改]|就这|就那"),
    pausing=pattern(r"考虑|考慮|想一?想|再想|再决定|商量"),
    afresh=pattern(r"重新|重来|从头|清掉|全部|都不要"),
    keep=pattern(r"就这样|不改了|(还是|就|照|按)(那|要)?(原来|原样|之前|刚才|刚刚)"),
    sparing=pattern(r"不改了|[别不]用?改(了|这|那)|(票|订单)(留着|不变|别动)|保持(原样|不变)"),
    otherwise=pattern(r"(没有|不然|否则|不行)(的话)?\W*就?[订訂买買要坐](这|那|它)"),
    restoring=pattern(r"等等|等一下|先别|别取消|恢复|还是要|找回|不取消"),
    undoing=pattern(
        r"撤销|恢复|还是原来(那样|的样子|的吧|的\W*$)|照旧|(改|换)回(来|去|原)|还是(都|把?他们?|把?她们?)?(带|算|加)上"
    ),
    outward=pattern(r"去程|去的(那)?(趟|张|程|票)"),
    agreeing=pattern(
        r"(?=.*[好行可嗯对是没成k订訂定买買单要改这刚第])(?!.*原来(那样|的样子|的吧|的\W*$))"
        r"((那?算了\W*)?还是(?=[这那刚原第]))?\W*((好|行|可以|嗯+|对|是|成交?|不错|[挺很]好|没问题|那|就|请|麻烦|先|ok)(的|吧|啊|呀|了|嘞)?\W*)*"
        r"((这|那|第一|(刚才|原来)(那|的))(个|趟|班|样|么|张|段|程)?(吧|了)?\W*)?([两俩](张|个|趟|程)都)?(先|就|直接)?(帮我们?|给我们?)?(都)?(预?[订訂定]|买|買|下单|要|改)?"
        r"(就?(行|好|可以)|了|吧|掉|下来|它|这[个趟班张段]|那[个趟班张段]|第[一二]段|[去回]程|去的|回来的|票|一下)*\W*((多谢|谢)谢?(您|你|啦|了)?\W*)?"
    ),
    heard=pattern(
        r"\W*((好|行|可以|嗯+|对|没问题|那|就|ok)(的|吧|啊|呀|了|嘞)?\W*)*((多谢|谢)谢?(您|你|啦|了)?\W*)?"
    ),
    hedging=pattern(
        r"但|不过|不過|可是|等等|等一下|先别|先不|换成|改成|^\W*(取消|别|如果|要是|不|(前提|条件)是)"
    ),
    waiting=pattern(r"等等|等一下|慢着|先别|[别先不]要?急|(先|别)不?[订訂买買]|[订买]之前"),
    depending=pattern(r"(如果|要是|万一|除非)[^。！!？?；]*$"),
    onwards=pattern(
        r"第二[段程]|下一?[段程]|后(一|面)?(那|的)?[段程]|"
        r"(然后|接着|继续|再|(?<![点分号天日])之后)[^，。！？；]{0,8}(去|前往|到)(?![家得达了的吧呢])\w"
    ),
    agreed=pattern(r"^\W*(好|行|可以|对|是的)"),
    another=pattern(r"再[订訂买買来來要](多)?(一|1)[张張]|(另外?|重新|新)[订訂买買](一|1)?[张張]"),
    fee=pattern(
        r"手续费|手續費|(退|扣)回?来?多少|扣钱|(退|改).{0,4}(要钱|要不要钱|收费|免费|收钱|花钱|多少钱|费用)|"
        r"能?不?能?全额?退|[退钱].{0,6}(什么时候|多久|几天|何时)|(什么时候|多久|几天|何时).{0,6}(退|到账)"
    ),
    difference=pattern(r"差[价額额].*[退還还补補给]|[退還还补補]差[价額额]"),
    changing=pattern(r"改|换(成|到|个|一)|[两兩][程趟张張]票?能?都"),
    every=pattern(r"都|[两三]个订单|全部|全都|所有|全[退改取]"),
    summed=pattern(
        r"一共|总共|总价|总额|总计|总的|合计|加起来|加在一起|(全部|所有|[两俩三](张|段|趟|程|个订单)|往返|来回).{0,5}(多少|价)"
    ),
    partly=pattern(
        r"(不用|不要|去掉|取消|别管|别用|算上)了?.{0,4}(卡|座|优惠|折扣|孩子|小孩|老人)"
    ),
)
