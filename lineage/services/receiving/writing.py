"""Read and write many rows at a constant number of statements.

Receiving is where this service writes most: building and compiling what the ORM needs to insert a
few hundred rows would cost more than all the rest of a batch.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from django.db import connection
from django.db.models import BinaryField, DateTimeField, JSONField, UUIDField

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from django.db.models import Field, Model, QuerySet

T = TypeVar("T")

# Databases bound how many values a statement takes: SQLite 32,766.
CHUNK = 5_000
MAX_VALUES = 30_000
MAX_ROWS = 500
_json = msgspec.json.Encoder().encode


def among(rows: QuerySet[Any, T], column: str, values: Collection[Any]) -> Iterator[T]:
    """Yield the rows that have one of ``values`` in ``column``."""
    ordered = list(values)
    for start in range(0, len(ordered), CHUNK):
        yield from rows.filter(**{f"{column}__in": ordered[start : start + CHUNK]})


def insert_rows(
    model: type[Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    on_conflict: str = "",
) -> list[int]:
    """Insert rows of values for ``columns`` (attributes as the ORM names them); return their ids,
    in the same order unless ``on_conflict`` leaves some out. No default of the model applies."""
    ids: list[int] = []
    if not rows:
        return ids
    fields = _fields(model, tuple(columns))
    prepare = [_preparation(field) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    place = "(" + ", ".join(["%s"] * len(fields)) + ")"
    step = max(1, min(MAX_ROWS, MAX_VALUES // len(fields)))
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            places = ", ".join([place] * len(part))
            sql = f"INSERT INTO {table} ({names}) VALUES {places} {on_conflict} RETURNING id"  # noqa: S608 - ours
            values = [
                None if value is None else ready(value)
                for row in part
                for ready, value in zip(prepare, row, strict=True)
            ]
            cursor.execute(sql, values)
            ids.extend(pk for (pk,) in cursor.fetchall())
    return ids


def copy_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values, as ``insert_rows`` does, whose ids nobody needs: on PostgreSQL by
    COPY, which costs both sides less."""
    if connection.vendor != "postgresql" or not rows:
        insert_rows(model, columns, rows)
        return
    fields = _fields(model, tuple(columns))
    prepare = [_preparation(field) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        opened: Any = cursor  # psycopg's own, which Django's wraps
        with opened.copy(f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    [
                        None if value is None else ready(value)
                        for ready, value in zip(prepare, row, strict=True)
                    ]
                )


def insert_new(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, and give them their ids."""
    if not rows:
        return
    model = type(rows[0])
    meta: Any = model._meta
    columns = [field.attname for field in meta.local_concrete_fields if not field.primary_key]
    ids = insert_rows(model, columns, [[getattr(row, name) for name in columns] for row in rows])
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding = False  # noqa: SLF001 - the ORM's own mark of a row that is stored


def update_all(rows: Sequence[Model], *columns: str) -> None:
    """Write ``columns`` of stored rows of one model, as they are now in memory."""
    if not rows:
        return
    model = type(rows[0])
    fields = _fields(model, columns)
    ready = [(_preparation(field), field.attname) for field in fields]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE id = %s"  # noqa: S608 - ours
    values = [[*_values(row, ready), row.pk] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def _values(row: Model, ready: Sequence[tuple[Callable[[Any], Any], str]]) -> Iterator[Any]:
    for prepare, name in ready:
        value = getattr(row, name)
        yield None if value is None else prepare(value)


@cache
def _fields(model: type[Model], columns: tuple[str, ...]) -> list[Field[Any, Any]]:
    meta: Any = model._meta
    known: Mapping[str, Field[Any, Any]] = {field.attname: field for field in meta.concrete_fields}
    return [known[name] for name in columns]


def _preparation(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """Return what makes a value of the field one that the database driver takes."""
    if isinstance(field, JSONField):
        return _as_json
    if isinstance(field, DateTimeField | UUIDField | BinaryField):
        return lambda value: field.get_db_prep_value(value, connection)
    return _as_it_is


def _as_json(value: Any) -> str:
    return _json(value).decode()


def _as_it_is(value: T) -> T:
    return value
