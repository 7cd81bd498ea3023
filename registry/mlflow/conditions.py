"""Comparisons of a filter as conditions on our rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from core.errors import InvalidInput
from registry.mlflow import prompts
from registry.mlflow.filters import Entity
from registry.models import AssetTag, VersionTag
from registry.models.tag import HEAD
from registry.queries import patterns  # noqa: F401 - brings the lookups like and ilike

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from registry.mlflow.filters import Comparison

MODEL_FIELDS = {"name": "name"}
VERSION_FIELDS = {
    "name": "asset__name",
    "run_id": "origin__run_id",
    "source_path": "origin__source",
    "version_number": "number",
}
LOOKUPS = {
    "=": "exact",
    "LIKE": "like",
    "ILIKE": "ilike",
    "<": "lt",
    "<=": "lte",
    ">": "gt",
    ">=": "gte",
}
KINDS = {"prompt": prompts.TRUE, "model": "false"}
# A tag that so few bear is read first: with more, their keys would cost more than the walk.
RARE = 100


def condition(comparisons: Sequence[Comparison], *, is_version: bool = False) -> Q:
    """Return the condition that all comparisons hold, and which kinds they speak of.

    A filter that does not ask for prompts finds models alone.
    """
    wanted = set(KINDS)
    asks_for_kind = False
    found = Q()
    for one in comparisons:
        if one.entity is Entity.ATTRIBUTE:
            found &= _attribute(one, VERSION_FIELDS if is_version else MODEL_FIELDS)
        elif one.key == prompts.IS_PROMPT:
            asks_for_kind = True
            wanted &= {kind for kind, value in KINDS.items() if _holds(one, value)}
        elif is_version and one.key in prompts.CONTENT:
            raise InvalidInput.of("filter", f"the content of prompts ({one.key}) is not searched")
        else:
            found &= _tag(one, is_version=is_version)
    kinds = sorted(wanted) if asks_for_kind else ["model"]
    column = "asset__kind" if is_version else "kind"
    # One kind is equality: rows of one kind lie in the order of their names.
    return found & (Q(**{column: kinds[0]}) if len(kinds) == 1 else Q(**{f"{column}__in": kinds}))


def _attribute(one: Comparison, fields: Mapping[str, str]) -> Q:
    field, value = fields[one.key], one.value
    match one.comparator:
        case "IN":
            return Q(**{f"{field}__in": value})
        case "NOT IN":
            return ~Q(**{f"{field}__in": value})
        case "!=":
            return ~Q(**{field: value})
    return Q(**{f"{field}__{LOOKUPS[one.comparator]}": value})


def _tag(one: Comparison, *, is_version: bool) -> Q:
    """Return that there is such a tag: one that is missing differs from nothing."""
    values = _value(one)
    if is_version:
        tags = VersionTag.objects.filter(values, version=OuterRef("pk"), key=one.key)
        return Q(Exists(tags))
    return Q(Exists(AssetTag.objects.filter(values, asset=OuterRef("pk"), key=one.key)))


def _value(one: Comparison) -> Q:
    """Return the condition on a tag's value; equality goes by the indexed head first."""
    value = str(one.value)
    match one.comparator:
        case "=":
            return Q(value_head=value[:HEAD], value=value)
        case "!=":
            return ~Q(value=value)
    return Q(**{f"value__{LOOKUPS[one.comparator]}": value})


def _holds(one: Comparison, actual: str) -> bool:
    """Tell whether a comparison holds of a value that no row keeps."""
    value: Any = one.value
    match one.comparator:
        case "=":
            return bool(actual == value)
        case "!=":
            return bool(actual != value)
    pattern = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in str(value))
    flags = re.DOTALL | (re.IGNORECASE if one.comparator == "ILIKE" else 0)
    return re.fullmatch(pattern, actual, flags) is not None


def among_few(
    rows: QuerySet[Any], comparisons: Sequence[Comparison], *, is_version: bool = False
) -> QuerySet[Any]:
    """Return ``rows``, cut down to those with a rare tag that the filter asks for.

    Without that, rows would be walked in their order until a page is full: all of them where few or
    none have the tag. It takes one more query for each tag that is asked for by its value.
    """
    tags: Any = VersionTag if is_version else AssetTag
    owner = "version_id" if is_version else "asset_id"
    for one in comparisons:
        if one.entity is not Entity.TAG or one.comparator != "=" or one.key == prompts.IS_PROMPT:
            continue
        bearing = tags.objects.filter(_value(one), key=one.key)
        few = list(bearing.values_list(owner, flat=True)[: RARE + 1])
        if len(few) <= RARE:
            return rows.filter(pk__in=few)
    return rows
