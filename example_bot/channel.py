"""The REST channel of the bot, which never leaves a message without a reply.

Rasa logs it when it does not reach the action server, and says nothing.
"""

from __future__ import annotations

from typing import Any, Awaitable, Callable, Dict, Optional

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint


class AnsweredRestInput(RestInput):
    """Rasa's REST channel; where the bot says nothing, it says `silence` of credentials.yml."""

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
            if type(channel) is CollectingOutputChannel and not channel.messages:
                await channel.send_text_message(message.sender_id, self._silence)
            return result

        return super().blueprint(answered)
