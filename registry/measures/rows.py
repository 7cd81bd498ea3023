"""Read the rows of an evaluation from JSON lines or CSV, and say what is wrong with them where."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ROWS = 100_000
MAX_LINE = 1024 * 1024
MAX_TEXT = 100_000
MAX_KEY = 200
MAX_REFERENCES = 50
# Sums of all rows, and of their squares, stay finite.
MOST = 1e100
NUMBERS = ("latency_ms", "tokens_in", "tokens_out", "cost")
TEXTS = ("input", "output", "reference")
OWN = ("id", *TEXTS, *NUMBERS, "metrics")
FORMATS = ("jsonl", "csv")


@dataclass(frozen=True)
class Bounds:
    """The range that a metric's values keep to; None is open."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, in which line (from 1) and column (its name, or nothing)."""

    line: int
    column: str
    reason: str


@dataclass
class Row:
    """A row that can be read: ``values`` are its numbers by column."""

    number: int
    line: int
    key: str = ""
    output: str | None = None
    references: tuple[str, ...] = ()
    texts: dict[str, Any] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)


class _Unreadable(ValueError):
    """The rest of the stream makes no sense."""


class _Wrong(ValueError):
    """One value is wrong."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read(
    stream: BinaryIO, *, rows_format: str, metrics: Mapping[str, Bounds]
) -> Iterator[Row | RowProblem]:
    """Yield each row, or the problem that it has; ``metrics`` are the columns beside our own.

    Reads as it yields. A problem that leaves the rest unreadable is the last thing yielded, and
    so is the row over 100,000.
    """
    lines = _csv_lines(stream) if rows_format == "csv" else _json_lines(stream)
    line, number, seen = 0, 0, set[str]()
    bounds = dict.fromkeys(NUMBERS, Bounds(minimum=0)) | dict(metrics)
    try:
        for line, told in lines:
            number += 1
            if number > MAX_ROWS:
                yield RowProblem(line, "", f"there are more than {MAX_ROWS} rows")
                return
            try:
                row = _row(told, number=number, line=line, bounds=bounds)
                if row.key in seen:
                    _wrong("id", f"{row.key[:80]!r} stands twice")
                seen.add(row.key)
                yield row
            except _Wrong as error:
                yield RowProblem(line, error.column, error.reason)
    except _Unreadable as error:
        yield RowProblem(line + 1, "", str(error))


def _json_lines(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any] | _Wrong]]:
    line = 0
    while raw := stream.readline(MAX_LINE + 1):
        line += 1
        if len(raw) > MAX_LINE:
            raise _Unreadable(f"the line is over {MAX_LINE} bytes")
        if not raw.strip():
            continue
        try:
            told = json.loads(
                raw.rstrip(b"\r\n").decode("utf-8-sig" if line == 1 else "utf-8"),
                object_pairs_hook=_unique,
                parse_constant=_no_constant,
            )
        except json.JSONDecodeError as error:
            yield line, _Wrong(f"character {error.colno}", f"is not JSON: {error.msg}")
        except (_Wrong, UnicodeDecodeError, RecursionError, ValueError) as error:
            yield line, _Wrong("", f"is not JSON: {error}"[:300])
        else:
            if not isinstance(told, dict):
                told = _Wrong("", "must be a JSON object")
            yield line, told


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        _wrong("", "a key stands twice in one object")
    return told


def _no_constant(name: str) -> NoReturn:
    _wrong("", f"{name} is not a JSON number")


def _csv_lines(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        if not header or len(set(header)) < len(header):
            raise _Unreadable("the first line must name each column once")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                reason = f"line {reader.line_num} has {len(cells)} cells, the header {len(header)}"
                raise _Unreadable(reason)
            named = zip(header, cells, strict=True)
            yield reader.line_num, {name: cell for name, cell in named if cell != ""}
    except UnicodeDecodeError as error:
        raise _Unreadable(f"is not UTF-8 ({error.reason})") from error
    except csv.Error as error:
        raise _Unreadable(f"is not CSV: {error}") from error
    finally:
        text.detach()


def _row(
    told: dict[str, Any] | _Wrong, *, number: int, line: int, bounds: Mapping[str, Bounds]
) -> Row:
    if isinstance(told, _Wrong):
        raise told
    nested = told.pop("metrics", None) or {}
    if not isinstance(nested, dict):
        _wrong("metrics", "must be an object of numbers")
    if both := nested.keys() & told.keys():
        _wrong(min(both), "stands twice in the row")
    row = Row(number, line, key=_key(told.pop("id", None)))
    _take_texts(row, told)
    for name, value in (told | nested).items():
        if name not in bounds:
            _wrong(name[:80], "is no column of ours and no declared metric")
        if value is not None:
            row.values[name] = _number(name, value, bounds[name])
    return row


def _take_texts(row: Row, told: dict[str, Any]) -> None:
    for name in TEXTS:
        if (value := told.pop(name, None)) is not None:
            row.texts[name] = _text(name, value)
    reference = row.texts.get("reference") or ()
    row.output = row.texts.get("output")
    row.references = (reference,) if isinstance(reference, str) else tuple(reference)


def _key(told: Any) -> str:
    if isinstance(told, int) and not isinstance(told, bool):
        told = str(told)
    if not isinstance(told, str) or not 1 <= len(told) <= MAX_KEY:
        _wrong("id", f"must have 1 to {MAX_KEY} characters")
    return _clean("id", told)


def _text(name: str, told: Any) -> Any:
    if name == "reference" and isinstance(told, list):
        if not 1 <= len(told) <= MAX_REFERENCES:
            _wrong(name, f"must be text, or a list of 1 to {MAX_REFERENCES} texts")
        return [_plain(name, each) for each in told]
    if name == "input" and isinstance(told, dict | list):
        told = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return _plain(name, told)


def _plain(name: str, told: Any) -> str:
    if not isinstance(told, str) or len(told) > MAX_TEXT:
        _wrong(name, f"must be text of at most {MAX_TEXT} characters")
    return _clean(name, told)


def _clean(name: str, text: str) -> str:
    if "\x00" in text:
        _wrong(name, "contains a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        _wrong(name, "contains half of a surrogate pair")
    return text


def _number(name: str, told: Any, bounds: Bounds) -> float:
    try:
        # Python reads "1_000" and blanks as numbers; nobody who writes CSV means that.
        is_number = isinstance(told, int | float | str) and not isinstance(told, bool)
        value = float(told) if is_number and "_" not in str(told) else math.nan
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        _wrong(name, "must be a finite number")
    if abs(value) > MOST:
        _wrong(name, f"is beyond {MOST:g}")
    if bounds.minimum is not None and value < bounds.minimum:
        _wrong(name, f"is below {bounds.minimum:g}")
    if bounds.maximum is not None and value > bounds.maximum:
        _wrong(name, f"is above {bounds.maximum:g}")
    return value


def _wrong(column: str, reason: str) -> NoReturn:
    raise _Wrong(column, reason)
