"""The bot's channels make each sentence a turn, and leave no message without a reply."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, List

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.utils.io import read_yaml_file

from example_bot.channel import Console, SentencesInput, sentences, turns_of

BOT = Path(__file__).resolve().parent.parent / "example_bot"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("To Milan", ["To Milan"]),
        ("", [""]),
        ("To Milan. How much is it?  Book it!", ["To Milan.", "How much is it?", "Book it!"]),
        ("to milan\ntwo adults", ["to milan", "two adults"]),
        ("At 9 a.m. on Friday. From St. Gallen", ["At 9 a.m. on Friday.", "From St. Gallen"]),
        ("That is 38.50 euros, right?", ["That is 38.50 euros, right?"]),
        ("No! To Milan. Ok then. Book it.", ["No! To Milan.", "Ok then. Book it."]),
        ("Book it. Thank you!", ["Book it. Thank you!"]),
        ("Yes. Please. Then to Rome", ["Yes.", "Please. Then to Rome"]),
        ("去米兰。几点有车？订吧！", ["去米兰。", "几点有车？", "订吧！"]),
        ("对了。两个大人。谢谢", ["对了。两个大人。 谢谢"]),
        ("好的。两个大人", ["好的。", "两个大人"]),
        ("/ask_terms. now", ["/ask_terms. now"]),
    ],
)
def test_each_sentence_is_a_turn_but_one_that_opens_another(text: str, parts: List[str]) -> None:
    assert sentences(text) == parts


@given(st.text(alphabet="ab .!?\n。！？", max_size=30))
def test_no_word_of_a_message_is_lost(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_turn_has_what_stands_before_and_after_it() -> None:
    message = UserMessage("To Milan. Two of us. Now!", sender_id="me", metadata={"by": "phone"})
    first, second = turns_of(message)
    assert (first.text, first.sender_id) == ("To Milan.", "me")
    assert first.metadata == {"by": "phone", "before": [], "after": ["Two of us. Now!"]}
    assert second.metadata == {"by": "phone", "before": ["To Milan."], "after": []}


def test_the_console_takes_what_is_typed_where_rasa_sends_it() -> None:
    console = Console.from_credentials(None)
    assert (console.name(), console.url_prefix()) == ("cmdline", RestInput.name())


def replies(monkeypatch: pytest.MonkeyPatch, said: List[str]) -> List[str]:
    """What a traveller hears where the bot says `said`."""
    handlers: List[Any] = []
    monkeypatch.setattr(RestInput, "blueprint", lambda _, handler: handlers.append(handler))

    async def bot(message: UserMessage) -> None:
        for text in said:
            await message.output_channel.send_text_message(message.sender_id, text)

    channel = SentencesInput.from_credentials({"silence": "Nobody is there."})
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
