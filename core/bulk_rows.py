"""Many rows of one model at once, at a tenth of what the ORM's own bulk methods cost.

``bulk_create`` and ``bulk_update`` build an expression for each value of each row. What a scan
stores goes through here instead, and to the driver as tuples (`core.bulk_loading`). Rows are model
instances before and after, without signals, like there.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState

from core.bulk_loading import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ModelT = TypeVar("ModelT", bound=models.Model)
# Columns of these kinds take what Python has, as it is.
PLAIN_FIELDS = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.PositiveIntegerField,
    models.PositiveBigIntegerField,
    models.BigAutoField,
    models.BooleanField,
)
PLAIN_VALUES = frozenset({str, int, bool, type(None)})


def make_row(
    model: type[ModelT], values: Mapping[str, Any], related: Mapping[str, models.Model | None]
) -> ModelT:
    """Return a new, unsaved row.

    ``values`` has every column without a default by its attribute's name, ``related`` rows by the
    name of their foreign key. No constructor runs: for models that have none of their own.
    """
    row = model.__new__(model)
    state = ModelState()
    constants, made = _defaults(model)
    own = row.__dict__
    own |= constants
    own |= values
    own["_state"] = state
    for name, default in made:
        if name not in values:
            own[name] = default()
    for name, other in related.items():
        own[f"{name}_id"] = None if other is None else other.pk
    state.fields_cache = dict(related)
    return row


def insert_rows(rows: Iterable[ModelT]) -> list[ModelT]:
    """Write new rows of one model in as few statements as databases allow, and give them ids."""
    written = list(rows)
    if not written:
        return written
    model = type(written[0])
    fields = _written_fields(model)
    ids = load(
        model,
        [field.column for field, _ in fields],
        _values(fields, written),
    )
    for row, number in zip(written, ids, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as the ORM
    return written


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> list[int]:
    """Write new rows as the driver takes them, without any instance of ``model``; return their ids.

    ``names`` are the fields of each tuple's values; every other column gets what it holds where
    nothing is given, which must be a constant. JSON is given as its text, a UUID as its hex digits,
    a moment by `as_stored`.
    """
    meta: Any = model._meta
    constants, _ = _defaults(model)
    given = [meta.get_field(name) for name in names]
    rest = [field for field, _ in _written_fields(model) if field not in given]
    others = tuple(
        field.get_db_prep_save(constants[field.attname], connection=connection) for field in rest
    )
    columns = [field.column for field in (*given, *rest)]
    return load(model, columns, [row + others for row in rows] if others else rows)


def as_stored(moment: datetime) -> Any:
    """Return a moment as `insert_values` takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def update_rows(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the columns ``names`` of rows that are stored, by their ids."""
    if not rows:
        return
    meta: Any = type(rows[0])._meta
    quote = connection.ops.quote_name
    fields = [(field, _is_plain(field)) for field in map(meta.get_field, names)]
    changes = ", ".join(f"{quote(field.column)} = %s" for field, _ in fields)
    table, key = quote(meta.db_table), quote(meta.pk.column)
    statement = f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608 - ours
    with connection.cursor() as cursor:
        values = zip(_values(fields, rows), rows, strict=True)
        cursor.executemany(statement, [(*value, row.pk) for value, row in values])


@cache
def _written_fields(model: type[models.Model]) -> list[tuple[Any, bool]]:
    """Return the fields of every column but the id, each with whether it takes plain values."""
    meta: Any = model._meta
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    return [(field, _is_plain(field)) for field in fields]


def _values(fields: Sequence[tuple[Any, bool]], rows: Iterable[models.Model]) -> list[list[Any]]:
    """Return the values of each row, as the driver takes them."""
    real = connections[DEFAULT_DB_ALIAS]
    is_hex = real.vendor == "sqlite"
    # A moment that many rows share is written once.
    moments: dict[datetime, Any] = {}

    def prepared(field: Any, row: models.Model, value: Any) -> Any:
        if type(value) is datetime and value in moments:
            return moments[value]
        if type(value) is UUID and is_hex:
            return value.hex
        value = field.pre_save(row, add=row._state.adding)  # noqa: SLF001 - as the ORM
        told = field.get_db_prep_save(value, connection=real)
        if type(value) is datetime:
            moments[value] = told
        return told

    named = [(field, field.attname, is_plain) for field, is_plain in fields]
    written = []
    for row in rows:
        own = row.__dict__
        written.append(
            [
                value
                if type(value := own[name]) in PLAIN_VALUES and is_plain
                else prepared(field, row, value)
                for field, name, is_plain in named
            ]
        )
    return written


def _is_plain(field: Any) -> bool:
    kept = field.target_field if field.is_relation else field
    return type(kept) in PLAIN_FIELDS


@cache
def _defaults(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Return what columns hold where nothing is given: constants, and what makes the others."""
    fields = model._meta.concrete_fields
    made = [
        (field.attname, field.get_default)
        for field in fields
        if field.has_default() and callable(field.default)
    ]
    names = {name for name, _ in made}
    return {each.attname: each.get_default() for each in fields if each.attname not in names}, made
