"""The command `logs`: texts of a tracker store that Rasa itself wrote, without personal data."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any, Dict, List

import pytest

from rasa_joint_nlu.__main__ import main
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.logs import without_personal_data
from rasa_joint_nlu.tools.tracker_store import Store, events

ENTITIES = [
    {"entity": "PERSON", "start": 5, "end": 8, "value": "Ada"},
    {"entity": "city", "start": 14, "end": 18, "value": "Rome"},
]


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bot's folder, with the tracker store of two conversations."""
    pytest.importorskip("rasa.core.tracker_store", reason="Rasa is not installed")
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    store = SQLTrackerStore(Domain.empty(), db=str(tmp_path / "rasa.db"))
    for sender, texts in {
        "x": ["hello", "I am Ada from Rome"],
        "y": ["hello", "two\nlines"],
    }.items():
        events: List[Any] = [UserUttered("/session_start"), ActionExecuted("action_listen")]
        for text in texts:
            entities = ENTITIES if "Ada" in text else []
            parsed: Dict[str, Any] = {"text": text, "intent": {}, "entities": entities}
            events += [UserUttered(text, entities=entities, parse_data=parsed), BotUttered("Hi")]
        asyncio.run(store.save(DialogueStateTracker.from_events(sender, events)))
    content = "tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: rasa.db\n"
    (tmp_path / "endpoints.yml").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def texts_of(*arguments: str) -> List[str]:
    assert main(["logs", "--out", "texts.txt", *arguments]) == 0
    return Path("texts.txt").read_text(encoding="utf-8").splitlines()


def test_each_distinct_text_of_users_is_a_line_without_personal_data(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert texts_of() == ["hello", "I am <PERSON> from Rome", "two lines"]
    assert "3 distinct texts of 4 that users wrote, 1 of them with something masked" in (
        capsys.readouterr().out
    )
    assert texts_of("--mask", "City")[1] == "I am <PERSON> from <city>"
    assert texts_of("--as-they-are", "--endpoints", "endpoints.yml")[1] == "I am Ada from Rome"


def test_events_in_no_order_are_an_error_and_not_read_for_ever() -> None:
    with pytest.raises(InputError, match="is damaged: behind event 7 is 3"):
        list(events(lambda _: [(7, "{}"), (3, "{}")], 9))


def test_what_is_no_event_is_left_out_and_told_of(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect("rasa.db") as connection:
        connection.execute(
            "INSERT INTO events (id, sender_id, type_name, data) VALUES (99, 'x', 'user', '{')"
        )
    assert len(texts_of()) == 3
    assert "1 events of 'rasa.db' are none of Rasa's" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ada.l+x@mail.example.org now", "write to <email> now"),
        ("see https://example.org/u/ada?token=1 or www.example.org", "see <link> or <link>"),
        ("card 4111 1111-1111 1111, code 1234", "card 0000 0000-0000 0000, code 1234"),
        ("+49 (0)30 123456 and 2024", "+00 (0)00 000000 and 2024"),
        ("(555) 123-4567, (555)-1234 or 555–1234", "(000) 000-0000, (000)-0000 or 000–0000"),
        ("1,234.50 € at 10.30 - 11.45, 1.5. - 3.5.", "0,000.00 € at 10.30 - 11.45, 1.5. - 3.5."),
        ("order 12345", "order 00000"),
        ("十二 四 ٣٤٥٦٧", "十二 四 00000"),
    ],
)
def test_what_looks_personal_is_masked_without_any_model(text: str, masked: str) -> None:
    assert without_personal_data({"text": text}, frozenset()) == masked


@pytest.mark.parametrize(
    "parsed",
    [
        None,
        {},
        [],
        ["entities"],
        "entities",
        {"entities": None},
        {"entities": [None, {}, {"entity": "name", "start": "0", "end": 2}]},
        {"entities": [{"entity": "name", "start": 3, "end": 1}]},
    ],
)
def test_odd_entities_do_no_harm(parsed: Any) -> None:
    assert without_personal_data({"text": "I am", "parse_data": parsed}, {"name"}) == "I am"


def test_overlapping_entities_hide_all_that_they_cover() -> None:
    entities = [
        {"entity": "name", "start": 0, "end": 7},
        {"entity": "first_name", "start": 0, "end": 3},
        {"entity": "city", "role": "Address", "start": 5, "end": 12},
    ]
    event = {"text": "Ada King Rome!", "parse_data": {"entities": entities}}
    assert without_personal_data(event, {"name", "first_name", "address"}) == "<first_name>e!"


# Endpoints ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "store",
    [
        {"db": "a/rasa.db"},
        {},
        {
            "dialect": "postgresql",
            "url": "host",
            "db": "rasa",
            "username": "me",
            "password": "p@:s",
        },
        {"dialect": "mysql+pymysql", "url": "host:3307", "db": "d", "username": "me"},
        {"dialect": "postgresql", "url": "host", "port": 5433, "db": "d", "login_db": "other"},
        {"dialect": "postgresql", "url": "h", "db": "d", "query": {"sslmode": "require"}},
        {"url": "postgresql://me:secret@host/d"},
    ],
)
def test_the_database_is_the_one_that_rasa_takes(tmp_path: Path, store: Dict[str, Any]) -> None:
    pytest.importorskip("rasa.core.tracker_store", reason="Rasa is not installed")
    from rasa.core.tracker_store import SQLTrackerStore
    from sqlalchemy.engine.url import make_url

    path = tmp_path / "endpoints.yml"
    path.write_text(json.dumps({"tracker_store": {"type": "SQL", **store}}), encoding="utf-8")
    named = {"host" if name == "url" else name: value for name, value in store.items()}
    theirs = make_url(SQLTrackerStore.get_db_url(**named))
    ours = Store.of_endpoints(path)
    address = ours.address if "://" in ours.address else f"sqlite:///{ours.address}"
    assert make_url(address) == theirs
    assert "p@" not in ours.name and "secret" not in ours.name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "has no 'tracker_store', so Rasa forgets"),
        ("action_endpoint:\n  url: x\n", "has no 'tracker_store'"),
        ("tracker_store:\n  type: redis\n  url: x\n", "is of the type 'redis'; what is read is"),
        ("tracker_store:\n  type: SQL\n  query: x\n", "'query: x' of the tracker store"),
        ("tracker_store:\n  type: SQL\n  db: none.db\n", "There is no database 'none.db';"),
    ],
)
def test_endpoints_without_a_database_say_what_is_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str,
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("endpoints.yml").write_text(content, encoding="utf-8")
    assert main(["logs", "--out", "texts.txt"]) == 2
    assert reason in capsys.readouterr().err
    assert not Path("texts.txt").exists()
