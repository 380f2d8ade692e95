"""The bot's REST channel leaves no message without a reply."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, List

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.utils.io import read_yaml_file

from example_bot.channel import AnsweredRestInput

BOT = Path(__file__).resolve().parent.parent / "example_bot"


def replies(monkeypatch: pytest.MonkeyPatch, said: List[str]) -> List[str]:
    """What a traveller hears where the bot says `said`."""
    handlers: List[Any] = []
    monkeypatch.setattr(RestInput, "blueprint", lambda _, handler: handlers.append(handler))

    async def bot(message: UserMessage) -> None:
        for text in said:
            await message.output_channel.send_text_message(message.sender_id, text)

    channel = AnsweredRestInput.from_credentials({"silence": "Nobody is there."})
    channel.blueprint(bot)
    output = CollectingOutputChannel()
    asyncio.run(handlers[0](UserMessage("hello", output)))
    return [message["text"] for message in output.messages]


def test_silence_is_filled_and_replies_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert replies(monkeypatch, []) == ["Nobody is there."]
    assert replies(monkeypatch, ["Hi!"]) == ["Hi!"]


def test_what_is_said_in_parts_is_one_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    assert replies(monkeypatch, ["Yes, there is Wi-Fi.", "On which day?"]) == [
        "Yes, there is Wi-Fi.\nOn which day?"
    ]


@pytest.mark.parametrize("folder", [BOT, BOT / "zh"], ids=["en", "zh"])
def test_it_says_what_the_fallback_says(folder: Path) -> None:
    (section,) = read_yaml_file(folder / "credentials.yml").values()
    (response,) = read_yaml_file(folder / "domain.yml")["responses"]["utter_default"]
    assert section["silence"] == response["text"]
