"""Rasa's tracker store in a SQL database: where it is, and the events in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, List, Mapping, NamedTuple, Optional, Tuple
from urllib.parse import quote, urlencode

from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.yaml_files import read_yaml

AT_ONCE = 4096
"""So many events are asked for at once."""
SQLITE = "sqlite:///"
_EVENTS = "SELECT id, data FROM events WHERE id > {} AND id <= {} ORDER BY id LIMIT {}"
"""What Rasa's tracker store, and its event broker, keep in a SQL database."""
_TYPES = ("sql", "rasa.core.tracker_store.SQLTrackerStore")

Query = Callable[[str], List[Tuple[Any, ...]]]


class Store(NamedTuple):
    """A database.

    name: what to call it, without any password; address: its URL, or the path of a file of SQLite.
    """

    name: str
    address: str

    @classmethod
    def of_url(cls, url: str) -> Store:
        """The database of a URL."""
        if url.startswith(SQLITE):
            return cls(url[len(SQLITE) :], url[len(SQLITE) :])
        scheme, _, rest = url.partition("://")
        # Without what stands before an @: a password may be there.
        return cls(f"{scheme}://{rest.rpartition('@')[2]}", url)

    @classmethod
    def of_endpoints(cls, path: Path) -> Store:
        """The database that an endpoints.yml names as Rasa's tracker store.

        Raises:
            InputError: if it names none, or one that is no SQL database.
        """
        endpoints = read_yaml(path)
        found = endpoints.get("tracker_store") if isinstance(endpoints, dict) else None
        if not isinstance(found, dict):
            raise InputError(
                f"'{path}' has no 'tracker_store', so Rasa forgets what was said when it stops. "
                f"Name a SQL database there, such as 'type: SQL, dialect: sqlite, db: rasa.db'."
            )
        kind = found.get("type")
        if str(kind).lower() != _TYPES[0] and kind != _TYPES[1]:
            raise InputError(
                f"The tracker store of '{path}' is of the type '{kind}'; what is read is 'SQL'."
            )
        if not isinstance(found.get("query") or {}, dict):
            raise InputError(
                f"'query: {found['query']}' of the tracker store of '{path}' must be a mapping, "
                f"such as 'sslmode: require'."
            )
        return cls.of_url(_url_of(found))

    @contextmanager
    def connected(self) -> Iterator[Query]:
        """What answers a query to the database, which is only read.

        Raises:
            InputError: if it cannot be read.
        """
        if "://" not in self.address:
            if not Path(self.address).is_file():
                raise InputError(
                    f"There is no database '{self.name}'; its name counts from the folder in which "
                    f"the command runs, as it does in Rasa."
                )
            address = f"file:{quote(self.address)}?mode=ro"
            try:
                with closing(sqlite3.connect(address, uri=True)) as of_file:
                    yield lambda query: of_file.execute(query).fetchall()
            except sqlite3.Error as error:
                raise self._no_events(error) from error
            return
        try:
            import sqlalchemy
        except ModuleNotFoundError as error:
            raise self._no_events(error) from error
        try:
            engine = sqlalchemy.create_engine(self.address)
        except (sqlalchemy.exc.NoSuchModuleError, ModuleNotFoundError) as error:
            raise self._no_events(error) from error
        except (sqlalchemy.exc.ArgumentError, ValueError):
            # What is wrong with it is told with the password in it.
            raise self._no_events(ValueError("that is no URL of a database")) from None
        try:
            with engine.connect() as connection:
                yield lambda query: [
                    tuple(row) for row in connection.execute(sqlalchemy.text(query))
                ]
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise self._no_events(error) from error
        finally:
            engine.dispose()

    def _no_events(self, error: Exception) -> InputError:
        reason = " ".join(str(error).split("\n")[0].split())
        return InputError(
            f"'{self.name}' cannot be read ({reason}); it must be a database with the table "
            f"'events' of Rasa's tracker store."
        )


def last_event(query: Query) -> int:
    """The number of the last event; 0 if there is none."""
    return query("SELECT MAX(id) FROM events")[0][0] or 0


def events(query: Query, last: int) -> Iterator[Tuple[int, str]]:
    """The number and the JSON of each event up to this one, in order, as they are asked for.

    Raises:
        InputError: if they are in no order: with a damaged database, it would never end.
    """
    number = 0
    while True:
        rows = query(_EVENTS.format(number, last, AT_ONCE))
        if not rows:
            return
        for following, data in rows:
            if following <= number:
                raise InputError(f"The database is damaged: behind event {number} is {following}.")
            number = following
            yield number, data


def text_of_event(event: Any) -> Optional[str]:
    """What a user wrote, of an event as Rasa keeps it; commands such as /restart are no messages.

    >>> text_of_event({"event": "user", "text": "hi"}), text_of_event({"event": "action"})
    ('hi', None)
    """
    if not isinstance(event, dict) or event.get("event") != "user":
        return None
    text = event.get("text")
    if not isinstance(text, str) or not text.strip() or text.lstrip().startswith("/"):
        return None
    return text


def _url_of(store: Mapping[str, Any]) -> str:
    """The URL that Rasa makes of what its endpoints say."""
    host, dialect = str(store.get("url") or ""), str(store.get("dialect") or "sqlite")
    database = str(store.get("login_db") or store.get("db") or "rasa.db")
    if "://" in host:
        return host
    if dialect == "sqlite":
        return SQLITE + database
    user = quote(str(store.get("username") or ""), safe="")
    if store.get("password"):
        user += ":" + quote(str(store["password"]), safe="")
    port = f":{store['port']}" if store.get("port") and ":" not in host else ""
    query = f"?{urlencode(store['query'])}" if store.get("query") else ""
    return f"{dialect}://{user}{'@' if user else ''}{host}{port}/{database}{query}"
