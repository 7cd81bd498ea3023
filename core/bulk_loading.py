"""Many rows into one table by the quickest way that each database has, with their ids.

What Django's cursor does to each statement (placeholders are rewritten, every value is adapted by
its type) costs more than the insert itself once a statement has thousands of values. Rows are
plain tuples here, of values as the driver takes them.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db import models

# As many rows are in one statement of SQLite, within the number of values that it takes in one.
MAX_ROWS = 200
MAX_PARAMETERS = 32_000
NEXT_IDS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def load(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[int]:
    """Write ``rows`` of ``columns`` into the table of ``model``; return their ids, in order.

    The table has an id that counts upwards. Every column that is left out must have a default in
    the database. Raises what the ORM raises for what a constraint refuses.
    """
    if not rows:
        return []
    meta: Any = model._meta
    if connection.vendor == "postgresql":
        return _copy(meta.db_table, meta.pk.column, columns, rows)
    return _insert(meta.db_table, tuple(columns), rows)


def _insert(table: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> list[int]:
    size = min(MAX_ROWS, MAX_PARAMETERS // len(columns))
    ids: list[int] = []
    with connection.cursor() as cursor, connection.wrap_database_errors:
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            values = list(chain.from_iterable(part))
            # The driver's own method: Django's would look for placeholders in all of it.
            sqlite3.Cursor.execute(cursor.cursor, _statement(table, columns, len(part)), values)
            # SQLite has one writer, and gives the rows of one statement ids one after the other.
            last = cursor.lastrowid
            ids += range(last - len(part) + 1, last + 1)
    return ids


@lru_cache(maxsize=1024)
def _statement(table: str, columns: tuple[str, ...], rows: int) -> str:
    group = f"({', '.join('?' * len(columns))})"
    groups = ", ".join([group] * rows)
    return f"INSERT INTO {_quoted(table)} ({_listed(columns)}) VALUES {groups}"  # noqa: S608 - ours


def _copy(table: str, key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_IDS, [table, key, len(rows)])
        ids = [number for (number,) in cursor.fetchall()]
        statement = f"COPY {_quoted(table)} ({_listed((key, *columns))}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for number, row in zip(ids, rows, strict=True):
                copy.write_row((number, *row))
    return ids


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
