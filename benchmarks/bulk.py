"""Rows straight into tables: what a driver takes fastest, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Model


BATCH = 10_000


def batched(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """Return ``rows`` in lists of ``size``."""
    source = iter(rows)
    while part := list(itertools.islice(source, size)):
        yield part


def next_id(model: type[Model]) -> int:
    """Return the id that the next row of ``model`` may bear."""
    last = models.QuerySet(model).aggregate(last=Max("pk"))["last"]
    return (last or 0) + 1


def insert(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    constant: Mapping[str, Any] | None = None,
) -> None:
    """Insert ``rows``, each the values of the columns ``names``, in one transaction.

    ``constant`` gives the same value to every row. Numbers, texts and None go in as they are; the
    other values of a row must come from ``stored``.
    """
    fixed = {name: stored(model, name, value) for name, value in (constant or {}).items()}
    columns = ", ".join(f'"{name}"' for name in (*names, *fixed))
    tail = tuple(fixed.values())
    whole = ((*row, *tail) for row in rows)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            places = ", ".join(["%s"] * (len(names) + len(tail)))
            statement = f'INSERT INTO "{table}" ({columns}) VALUES ({places})'  # noqa: S608 - ours
            for part in batched(whole, BATCH):
                cursor.executemany(statement, part)
            return
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in whole:
                copy.write_row(row)


def stored(model: type[Model], column: str, value: Any) -> Any:
    """Return ``value`` as the database keeps it in that column."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    return fields[column].get_db_prep_save(value, connection)


def settle(tables: Sequence[type[Model]]) -> None:
    """Let the next ids of ``tables`` follow the inserted ones, and the planner know the rows."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
