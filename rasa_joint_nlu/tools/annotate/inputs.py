"""What `annotate` reads: files and folders of messages, and databases, as a stream of pieces.

Lines, tables and databases are read as they are needed, whatever their size; a file of training
data or of JSON is read whole. The same inputs give the same pieces each time.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import gzip
import json
import re
import shutil
import tempfile
import zlib
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import (
    IO,
    Any,
    Callable,
    Deque,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from rasa_joint_nlu.tools.annotate.records import (
    LONGEST_LINE,
    Found,
    Lines,
    Piece,
    Rejected,
    Rows,
    texts_of_json,
)
from rasa_joint_nlu.tools.errors import InputError
from rasa_joint_nlu.tools.nlu_files import of_another_tool, read_nlu
from rasa_joint_nlu.tools.tracker_store import (
    SQLITE,
    Query,
    Store,
    events,
    last_event,
    text_of_event,
)
from rasa_joint_nlu.tools.wording import printable

RECORDS = 4096
"""The most lines or rows of a piece."""
BYTES = 1 << 22
"""The most of a piece of lines, but for its last one: 4 MiB."""
_PACKED = ".gz"
_DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
_UNREADABLE = (*_DAMAGED, OSError)
"""What may be raised in the middle of a file."""
_TO_INSTALL = "pip install 'rasa-joint-nlu[scale]'"

Pieces = Iterator[Piece]


@dataclass(frozen=True)
class Source:
    """A file or a database.

    name: what it is called in results, without any password.
    column: where the text stands in a row of a table, or in an object of JSON.
    size: bytes; changed: when, in nanoseconds.
    last: of a database, the last event that is read.
    """

    name: str
    address: str
    kind: str
    column: str
    size: int = 0
    changed: int = 0
    last: Optional[int] = None

    def pieces(self) -> Pieces:
        """What is in it. Where it is damaged it ends, with a record that says so.

        Raises:
            InputError: if it cannot be read, or is not what its name says.
        """
        read = _READERS[self.kind]
        is_streamed = self.kind in ("text", "lines of JSON", "table")
        if is_streamed or not self.address.lower().endswith(_PACKED):
            yield from read(self)
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, Path(self.address).stem)
            try:
                with _opened(self) as packed, path.open("wb") as file:
                    shutil.copyfileobj(packed, file)
            except _DAMAGED as error:
                raise InputError(f"'{self.name}' is damaged ({error}); pack it again.") from error
            try:
                yield from read(dataclasses.replace(self, address=str(path)))
            except InputError as error:
                raise InputError(str(error).replace(str(path), self.name)) from error


def sources_of(
    inputs: Sequence[str], column: str, is_output: Callable[[Path], bool] = lambda _: False
) -> List[Source]:
    """The sources that are meant: files, all files of folders, databases.

    Args:
        is_output: whether a file of a folder is what is written, and so none to be read.

    Raises:
        InputError: if there is none, or one is of no kind that is read.
    """
    found: Dict[str, Source] = {}
    for name in inputs:
        is_sqlite = name.startswith(SQLITE)
        if "://" in name and not is_sqlite:
            found.setdefault(name, _database(name, column))
            continue
        path = Path(name[len(SQLITE) :] if is_sqlite else name)
        if not path.exists():
            raise InputError(f"There is no '{name}'; name files, folders or the URL of a database.")
        files = {path: "database" if is_sqlite else _kind(path)}
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file())
            files = {each: _kind(each) for each in inside if _holds(each) and not is_output(each)}
        for file, kind in files.items():
            if kind is None:
                raise InputError(
                    f"'{path}' is of no kind that is read; its name must end in {_KINDS}."
                )
            found.setdefault(str(file.resolve()), _file(file, kind, column))
    if not found:
        names = ", ".join(f"'{name}'" for name in inputs)
        raise InputError(f"There is nothing to read in {names}; names must end in {_KINDS}.")
    return list(found.values())


_SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".log": "log",
    ".jsonl": "lines of JSON",
    ".ndjson": "lines of JSON",
    ".csv": "table",
    ".tsv": "table",
    ".parquet": "Parquet",
    ".yml": "training data",
    ".yaml": "training data",
    ".json": "JSON",
    ".db": "database",
    ".sqlite": "database",
    ".sqlite3": "database",
}
_KINDS = f"{', '.join(_SUFFIXES)}, each also with {_PACKED}"


def _kind(path: Path) -> Optional[str]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [_PACKED]:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def _holds(path: Path) -> bool:
    """Whether a file of a folder may hold messages: of YAML, such as a domain, not each does."""
    kind = _kind(path)
    if kind == "training data" and path.suffix != _PACKED:
        # Of one that cannot be read it is told where the others are read.
        with suppress(OSError):
            return bool(re.search(rb"^\s*nlu\s*:", path.read_bytes(), re.MULTILINE))
    return kind is not None


def _file(path: Path, kind: str, column: str) -> Source:
    status = path.stat()
    source = Source(str(path), str(path), kind, column, status.st_size, status.st_mtime_ns)
    if kind == "log":
        is_json = False
        with _opened(source) as stream, suppress(*_UNREADABLE):
            first = stream.readline(LONGEST_LINE)
            is_json = first.lstrip(codecs.BOM_UTF8).lstrip().startswith(b"{")
        source = dataclasses.replace(source, kind="lines of JSON" if is_json else "text")
    elif kind == "database" and path.suffix != _PACKED:
        # What is said while this is read is left to the next time.
        source = dataclasses.replace(source, last=_last_event(source), size=0, changed=0)
    return source


# Lines ----------------------------------------------------------------------------------------


def _opened(source: Source) -> IO[bytes]:
    is_packed = source.address.lower().endswith(_PACKED)
    try:
        with ExitStack() as stack:
            opened: Any = (gzip.open if is_packed else open)(source.address, "rb")
            stream = stack.enter_context(opened)
            if not is_packed and stream.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise InputError(f"'{source.name}' is UTF-16; save it as UTF-8.")
            stack.pop_all()
    except OSError as error:
        raise InputError(f"'{source.name}' cannot be read: {error.strerror}.") from error
    file: IO[bytes] = stream
    return file


def _bounded(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines, of which those that are too long are cut."""
    line = stream.readline(LONGEST_LINE + 1)
    while line:
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            yield line
        else:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(LONGEST_LINE)
            yield line[:LONGEST_LINE] + b"\n"
        line = stream.readline(LONGEST_LINE + 1)


def _damage(line: int, error: BaseException) -> Rejected:
    return Rejected(line, f"the file is damaged ({error}); nothing from here on is read")


def _texts(source: Source) -> Pieces:
    return _lines(source, None)


def _lines_of_json(source: Source) -> Pieces:
    return _lines(source, source.column)


def _lines(source: Source, column: Optional[str]) -> Pieces:
    """The lines of a file, as many at a time as make a piece."""
    lines: List[bytes] = []
    first, size = 1, 0
    problem = None
    with _opened(source) as stream:
        raw = getattr(stream, "fileobj", None) or stream
        try:
            for line in _bounded(stream):
                lines.append(line)
                size += len(line)
                if len(lines) == RECORDS or size >= BYTES:
                    yield Lines(source.name, first, b"".join(lines), column, raw.tell())
                    first += len(lines)
                    lines, size = [], 0
        except _UNREADABLE as error:
            problem = _damage(first + len(lines), error)
    if lines:
        yield Lines(source.name, first, b"".join(lines), column, source.size)
    if problem:
        yield Rows(source.name, (problem,))


def _grouped(source: Source, rows: Iterable[Union[Found, Rejected]]) -> Pieces:
    """Rows, as many at a time as make a piece."""
    some: List[Union[Found, Rejected]] = []
    size = 0
    for row in rows:
        some.append(row)
        size += len(row[1])
        if len(some) == RECORDS or size >= BYTES:
            yield Rows(source.name, tuple(some))
            some, size = [], 0
    if some:
        yield Rows(source.name, tuple(some))


# Tables ---------------------------------------------------------------------------------------


def _table(source: Source) -> Pieces:
    with _opened(source) as stream:
        yield from _grouped(source, _rows(source, stream))


def _rows(source: Source, stream: IO[bytes]) -> Iterator[Union[Found, Rejected]]:
    """The texts of a table; a row may have several lines."""
    names: List[str] = []
    for line, row in _cut(_Lines(_bounded(stream))):
        if isinstance(row, Rejected):
            yield row
        elif row and not names:
            names = row
            if source.column not in names:
                raise _no_column(source, names)
        elif row:
            yield _field(line, row, names.index(source.column), len(names))


class _Lines:
    """The lines of a table; `taken` are those that were read and not given back."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = (line.decode("utf-8", "surrogateescape") for line in lines)
        self._again: Deque[str] = deque()
        self.taken: List[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        return line

    def give_back(self, first: int) -> None:
        """Let all but so many of those that were taken be read again."""
        self._again.extendleft(reversed(self.taken[first:]))
        del self.taken[first:]


def _cut(lines: _Lines) -> Iterator[Tuple[int, Union[List[str], Rejected]]]:
    """The rows of a table, its head among them, each with the number of its first line.

    Of what is no row, such as what follows a quote that is never closed, the first line is
    rejected, and the others are read as rows of their own.
    """
    csv.field_size_limit(LONGEST_LINE - 1)
    number, reader = 1, None
    while True:
        try:
            if reader is None:
                head = next((line for line in lines if line.strip("\ufeff\r\n ")), "")
                lines.taken[:1] = [line.lstrip("\ufeff") for line in lines.taken[:1]]
                lines.give_back(0)
                reader = csv.reader(lines, delimiter=max(",;\t|", key=head.count), strict=True)
            row = next(reader, None)
        except csv.Error as error:
            lines.give_back(1)
            yield number, Rejected(number, f"no row of a table ({error})", _as_text(lines.taken[0]))
        except _UNREADABLE as error:
            yield number, _damage(number, error)
            return
        else:
            if row is None:
                return
            yield number, row
        number += len(lines.taken)
        lines.taken.clear()


def _as_text(line: str) -> str:
    """The begin of a line, where what is no UTF-8 is escaped."""
    return line[:200].encode("utf-8", "backslashreplace").decode()


def _field(line: int, row: List[str], place: int, columns: int) -> Union[Found, Rejected]:
    shown = _as_text(",".join(row))
    if len(row) <= place:
        return Rejected(line, f"the row has {len(row)} of {columns} columns", shown)
    if any(map(str.strip, row[columns:])):
        # Else a part of it would be taken for the whole text.
        reason = f"the row has {len(row)} fields for {columns} columns: what has the delimiter in"
        return Rejected(line, f"{reason} it must stand in quotes", shown)
    if not row[place].isascii():
        try:
            row[place].encode("utf-8")
        except UnicodeEncodeError:
            return Rejected(line, "no UTF-8", shown)
    return Found(line, row[place])


def _no_column(source: Source, names: Sequence[str]) -> InputError:
    return InputError(
        f"'{source.name}' has no column '{source.column}'; name one with --column, of: "
        f"{printable(', '.join(names[:20]))}."
    )


def parquet() -> Any:
    """The module that reads and writes Parquet.

    Raises:
        InputError: if it is not installed.
    """
    try:
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise InputError(f"Parquet takes the package 'pyarrow': {_TO_INSTALL}.") from error
    return pyarrow.parquet


def _parquet(source: Source) -> Pieces:
    module = parquet()
    import pyarrow

    try:
        file = module.ParquetFile(source.address)
    except (pyarrow.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"'{source.name}' is no Parquet file ({reason}).") from error
    with file:
        names = file.schema_arrow.names
        if source.column not in names:
            raise _no_column(source, names)
        if names.count(source.column) > 1:
            raise InputError(f"'{source.name}' has the column '{source.column}' more than once.")
        kind = file.schema_arrow.field(source.column).type
        if pyarrow.types.is_dictionary(kind):
            kind = kind.value_type
        if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)):
            raise InputError(f"The column '{source.column}' of '{source.name}' is {kind}, no text.")
        number = 1
        try:
            for batch in file.iter_batches(RECORDS, columns=[source.column]):
                texts = batch.column(0).to_pylist()
                rows = (
                    Rejected(row, "there is no text") if text is None else Found(row, text)
                    for row, text in enumerate(texts, number)
                )
                yield from _grouped(source, rows)
                number += len(texts)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            yield Rows(source.name, (_damage(number, error),))


# Files that are read whole --------------------------------------------------------------------


def _training_data(source: Source) -> Pieces:
    data = read_nlu([Path(source.address)])
    yield from _grouped(
        source,
        [
            *(Found(m.place.line or n, m.text) for n, m in enumerate(data.messages, 1)),
            *(Rejected(note.place.line or 0, note.text) for note in data.notes),
        ],
    )


def _json(source: Source) -> Pieces:
    try:
        content = json.loads(Path(source.address).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"'{source.name}' cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            # Each line is JSON, although the name does not say so.
            yield from _lines_of_json(source)
            return
        raise InputError(f"'{source.name}' is no JSON ({error}).") from error
    if isinstance(content, dict) and not {"events", source.column} & content.keys():
        problem = of_another_tool(content, Path(source.address))
        if problem:
            raise InputError(f"'{source.name}': {problem}")
    if isinstance(content, dict) and "rasa_nlu_data" in content:
        yield from _training_data(source)
    else:
        yield from _grouped(source, texts_of_json(content, source.column))


# Databases ------------------------------------------------------------------------------------


def _database(url: str, column: str) -> Source:
    store = Store.of_url(url)
    source = Source(store.name, store.address, "database", column)
    return dataclasses.replace(source, last=_last_event(source))


def _last_event(source: Source) -> int:
    with Store(source.name, source.address).connected() as query:
        return last_event(query)


def _events(source: Source) -> Pieces:
    last = _last_event(source) if source.last is None else source.last
    with Store(source.name, source.address).connected() as query:
        yield from _grouped(source, _users_of(query, last))


def _users_of(query: Query, last: int) -> Iterator[Union[Found, Rejected]]:
    """What users wrote, by the number of its event."""
    for number, data in events(query, last):
        try:
            text = text_of_event(json.loads(data))
        except (ValueError, TypeError, RecursionError) as error:
            yield Rejected(number, f"no event of Rasa ({error})", str(data)[:200])
            continue
        if text is not None:
            yield Found(number, text)


_READERS: Dict[str, Callable[[Source], Pieces]] = {
    "text": _texts,
    "lines of JSON": _lines_of_json,
    "table": _table,
    "Parquet": _parquet,
    "training data": _training_data,
    "JSON": _json,
    "database": _events,
}
