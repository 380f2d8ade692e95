"""The REST channel of the bot, which has one reply to every message.

What answers a question and what goes on with the form are two messages to Rasa. And when it does
not reach the action server, Rasa logs that, and says nothing.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Awaitable, Callable, Dict, Iterator, List, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint

TEXT = {"recipient_id", "text"}
"""What a message has that is nothing but text."""


class AnsweredRestInput(RestInput):
    """Rasa's REST channel, with all that the bot says in one reply.

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
            result = await on_new_message(message)
            channel = message.output_channel
            if type(channel) is CollectingOutputChannel:
                if not channel.messages:
                    await channel.send_text_message(message.sender_id, self._silence)
                channel.messages = [*_as_one(channel.messages)]
            return result

        return super().blueprint(answered)


def _as_one(messages: List[Dict[str, Any]]) -> Iterator[Dict[str, Any]]:
    """Messages of which those that follow each other with nothing but text are one."""
    for are_text, some in groupby(messages, lambda message: message.keys() == TEXT):
        if are_text:
            parts = list(some)
            yield {**parts[0], "text": "\n".join(part["text"] for part in parts)}
        else:
            yield from some
