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
    cancelling: Pattern[str]
    """In a message that takes back a booking, if there is one."""
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


ENGLISH = Bookings(
    returning=pattern(
        r"\b(round trip|return (ticket|trip|journey|train)|(come|coming|get|getting|go|going|be|"
        r"travel|travelling|head|heading|way|ticket|tickets|trip|train|and|now|us|me) back(?! to)|"
        r"(go|goes|going|come|comes|travel|way) (back )?home|"
        r"(the|my|our|a) return|(return|returning|back) (again )?(on|at|in the|the (same|next)))\b"
    ),
    booking=pattern(r"\b(booking|booked|ticket|tickets|reservation|rebook)\b"),
    single=pattern(r"\b(one[- ]way|single|no return)\b"),
    alike=pattern(
        r"\bthe same( \w+)? (again|for)\b|\bsame (trip|journey|ticket|train|connection|thing)\b|"
        r"\b(ticket|one|booking) (just )?like (that|this|mine|it|the last)\b"
    ),
    for_whom=pattern(r"\bfor (?!the same|that|this|first|second)[a-z]|\b(book|put|get) me\b"),
    just_made=pattern(
        r"\b(just|a (minute|moment) ago) ?(made|booked)?\b|\b(last|latest|newest) booking\b"
    ),
    cancelling=pattern(r"\b(cancel|refund)\b"),
    spare=pattern(r"\b(don't|do not|dont|not|wait|hold on|no)\b"),
    buying=pattern(r"\b(book|buy|take|get|want|reserve)\b"),
    pausing=pattern(
        r"\b(think (about|over|on)|think (it|this|that) over|thinking about it|sleep on it|"
        r"decide (later|tomorrow|tonight)|(talk|speak) (to|with) my|(ask|consult|check with) my)\b"
    ),
    afresh=pattern(r"\b(start|restart|begin|scratch|reset|everything|forget (all|about))\b"),
    keep=pattern(
        r"\b(leave|keep) (it|that|everything) (as|like) (it (was|is)|this|that)\b|\bas it was\b"
    ),
)


CHINESE = Bookings(
    returning=pattern(r"往返|来回|返程|回程|返回|回来|回去|來回|回來|(?<!折)返的"),
    booking=pattern(r"订单|訂單|车票|票|预订|预定|改签|改簽"),
    single=pattern(r"单程|單程|不用回程"),
    alike=pattern(
        r"(一样|同样|相同)的?(车?票|车次?|行程)|[张份个趟]一?模?(一样|同样|相同)的|同一(趟|班)车"
    ),
    for_whom=pattern(
        r"[帮給给替为](我的?|我们)?(他|她|弟|哥|姐|妹|爸|妈|朋友|同[学事]|孩子|[儿女]|奶奶|爷爷|家人|老[公婆师])"
    ),
    just_made=pattern(r"(刚刚?|刚才|最近|最后)(我)?(订|买|下)"),
    cancelling=pattern(r"取消|退"),
    spare=pattern(r"别|不要|不退|不取消|等等|等一下|先不"),
    buying=pattern(r"[订訂买買要]|就这|就那"),
    pausing=pattern(r"考虑|考慮|想一?想|再想|商量"),
    afresh=pattern(r"重新|重来|从头|清掉|全部|都不要"),
    keep=pattern(r"(还是|就|照|按)(那)?(原来|原样|之前)"),
)
