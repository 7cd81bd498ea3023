"""Read and write many rows at a constant number of statements."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from django.db.models import Model, QuerySet

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound="Model")

# Databases bound how many values a statement takes.
CHUNK = 5_000


def among(rows: QuerySet[Any, T], column: str, values: Collection[Any]) -> Iterator[T]:
    """Yield the rows that have one of ``values`` in ``column``."""
    ordered = list(values)
    for start in range(0, len(ordered), CHUNK):
        yield from rows.filter(**{f"{column}__in": ordered[start : start + CHUNK]})


def update_all(rows: Sequence[Model], *columns: str) -> None:
    """Write ``columns`` of stored rows of one model, as they are now in memory."""
    if not rows:
        return
    sql, fields = _update(type(rows[0]), columns, connection.vendor)
    values = [
        [
            *(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields),
            row.pk,
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


@cache
def _update(model: type[Model], columns: Sequence[str], vendor: str) -> tuple[str, list[Any]]:
    meta = model._meta
    fields: list[Any] = [meta.get_field(name) for name in columns]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key: Any = meta.pk
    table = quote(meta.db_table)
    return f"UPDATE {table} SET {assignments} WHERE {quote(key.column)} = %s", fields  # noqa: S608 - ours
