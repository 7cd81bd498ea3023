"""Many rows at once, to see what costs more with more of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model


def repeat(model: type[Model], count: int, make: Callable[[int], dict[str, Any]]) -> list[Any]:
    """``count`` rows of ``model``, each with the values of ``make(index)``."""
    rows = [model(**make(index)) for index in range(count)]
    return list(model._default_manager.bulk_create(rows, batch_size=1_000))


def copies(row: Model, count: int, **changes: Callable[[int], Any]) -> list[Any]:
    """``count`` rows like ``row`` with new ids, and ``changes`` per index."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name != "uuid"
    }
    return repeat(
        type(row), count, lambda index: kept | {key: make(index) for key, make in changes.items()}
    )
