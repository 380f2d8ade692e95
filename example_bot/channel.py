"""The channels of the bot: each sentence of a message is a turn, and all turns have one reply.

Rasa gives a message one intent, so "No stops please. How much is it?" would be one or the other.
What answers a question and what goes on with the form are two messages to Rasa, too. And when it
does not reach the action server, Rasa logs that, and says nothing.
"""

from __future__ import annotations

import re
from copy import copy
from itertools import groupby
from typing import Any, Awaitable, Callable, Dict, Iterator, List, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint

TEXT = {"recipient_id", "text"}
"""What a message has that is nothing but text."""
END = re.compile(
    r"(?<=[.!?])(?<!\b[ap]\.m\.)(?<!\b(?:St|No|Nr|Mr|Dr|vs)\.)(?<!\bMrs\.)\s+|(?<=[。！？])|\n",
    re.IGNORECASE,
)
"""Between sentences."""
OPENING = re.compile(
    r"\W*(((all ?right|please|thank you|thanks|sorry|(no|nope|okay|ok|k|hello|hi|hey|"
    r"well|h+m+|oh|ah|wait|right|so|good|great|fine|perfect|then|now|actually)\b)\W*)+|"
    r"((不是?|嗯+|哦|啊|[你您]好|对了|那|谢谢|抱歉|不好意思|等等)[的吧啊呀了]?\W*)+)",
    re.IGNORECASE,
)
"""A sentence that is about the next one: "No! To Milan". A yes is about what was asked."""


def sentences(text: str) -> List[str]:
    """The sentences of a message; a button's payload is one, and none only opens another."""
    if text.startswith("/"):
        return [text]
    cuts = [0, *(one.end() for one in END.finditer(text)), len(text)]
    parts = [text[start:end] for start, end in zip(cuts, cuts[1:])]
    found, opening = [], ""
    for part in filter(str.strip, parts):
        opening += part
        if not OPENING.fullmatch(part):
            found.append(opening.strip())
            opening = ""
    if opening and found:
        # "Book it. Thank you!"
        found[-1] = f"{found[-1]} {opening.strip()}"
    return found or [text]


def turns_of(message: UserMessage) -> Iterator[UserMessage]:
    """The turns of a message: its sentences, and in their metadata those `before` and `after`."""
    said = sentences(message.text or "")
    for number, text in enumerate(said):
        turn = copy(message)
        around = {"before": said[:number], "after": said[number + 1 :]}
        turn.text, turn.metadata = text, {**(message.metadata or {}), **around}
        yield turn


class SentencesInput(RestInput):
    """Rasa's REST channel, with each sentence a turn, and all that the bot says in one reply.

    Where the bot says nothing, it says `silence` of credentials.yml.
    """

    def __init__(self, silence: str) -> None:
        self._silence = silence

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """The channel with the text of its section."""
        return cls((credentials or {})["silence"])

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Optional[Any]]]
    ) -> Blueprint:
        """Rasa's routes, with a reply to everything."""

        async def answered(message: UserMessage) -> Optional[Any]:
            channel = message.output_channel
            for turn in turns_of(message):
                result = await on_new_message(turn)
            if type(channel) is CollectingOutputChannel:
                if not channel.messages:
                    await channel.send_text_message(message.sender_id, self._silence)
                channel.messages = [*as_one(channel.messages)]
            return result

        return super().blueprint(answered)


class Console(SentencesInput):
    """The same turns, typed where the bot runs, as with `rasa shell`: it takes no such channel."""

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[str, Any]]) -> InputChannel:
        """The channel, which needs none."""
        return cls(silence="")

    @classmethod
    def name(cls) -> str:
        """The name by which Rasa starts its console."""
        return "cmdline"

    def url_prefix(self) -> str:
        """Where the console sends what is typed."""
        return RestInput.name()


def as_one(messages: List[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    """Messages of which those that follow each other with nothing but text are one."""
    for are_text, some in groupby(messages, lambda message: message.keys() == TEXT):
        if are_text:
            parts = list(some)
            yield {**parts[0], "text": "\n".join(dict.fromkeys(part["text"] for part in parts))}
        else:
            yield from some
