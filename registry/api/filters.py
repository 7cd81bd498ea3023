"""Filters that lists of assets and of versions share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from core.errors import InvalidInput
from registry.models import Asset, AssetTag, AssetVersion, Lifecycle, VersionTag
from registry.models.tag import HEAD
from registry.queries.life import in_state
from registry.queries.versions import asset_by_reference, resolve

MAX_TAGS = 10


class ReferenceFilter(filters.CharFilter):
    """Keeps the rows about what a public id or a reference names, as the caller sees it.

    ``field_name`` leads to the foreign key; ``find`` is ``asset_by_reference`` or ``resolve``. An
    id that nothing bears keeps no row; a reference that is malformed, or names what is not there
    or not to be seen, raises InvalidInput.
    """

    def __init__(self, *, find: Callable[..., Asset | AssetVersion], **options: Any) -> None:
        super().__init__(**options)
        self.find = find

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return the rows of ``qs`` about what ``value`` names."""
        if not value:
            return qs
        try:
            return qs.filter(**{f"{self.field_name}__uuid": UUID(value)})
        except ValueError:
            name = self.field_name.rpartition("__")[2]
            named = self.find(self.parent.request.auth, value, field=name)
            return qs.filter(**{self.field_name: named})


def by_asset(path: str = "asset") -> ReferenceFilter:
    """Return a filter of rows by the asset at ``path``: its id, or ``workspace/kind/name``."""
    return ReferenceFilter(field_name=path, find=asset_by_reference)


def by_version(path: str = "version") -> ReferenceFilter:
    """Return a filter of rows by the version at ``path``: its id, or a reference to it."""
    return ReferenceFilter(field_name=path, find=resolve)


def tagged(rows: QuerySet[Any], wanted: list[str], *, tag: type[AssetTag | VersionTag]) -> Any:
    """Return the ``rows`` that bear every tag of ``wanted``: ``key:value``, or ``key`` alone."""
    owner = "asset" if tag is AssetTag else "version"
    held_tags: QuerySet[Any] = QuerySet(tag)
    if len(wanted) > MAX_TAGS:
        raise InvalidInput.of("tag", f"may be given {MAX_TAGS} times at most")
    for text in wanted:
        key, colon, value = text.partition(":")
        held = held_tags.filter(**{owner: OuterRef("pk")}, key=key)
        if colon:
            # The head is what the index holds.
            held = held.filter(value_head=value[:HEAD], value=value)
        rows = rows.filter(Exists(held))
    return rows


class AssetFilter(filters.FilterSet):
    """Filters of assets."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    kind = filters.CharFilter()
    name = filters.CharFilter()
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")
    tag = filters.CharFilter(method="with_tags", label="key:value; may be repeated")

    class Meta:
        model = Asset
        fields: tuple[str, ...] = ()

    def with_tags(self, rows: QuerySet[Asset], name: str, value: str) -> Any:
        """Keep the assets that bear every tag asked for."""
        return tagged(rows, self.data.getlist("tag"), tag=AssetTag)


class VersionFilter(filters.FilterSet):
    """Filters of versions. Archived ones are left out unless they are asked for."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    kind = filters.CharFilter(field_name="asset__kind")
    name = filters.CharFilter(field_name="asset__name")
    digest = filters.CharFilter()
    alias = filters.CharFilter(field_name="aliases__name")
    tag = filters.CharFilter(method="with_tags", label="key:value; may be repeated")
    state = filters.ChoiceFilter(choices=Lifecycle.State.choices, method="in_that_state")
    include = filters.ChoiceFilter(choices=[("archived", "archived")], method="as_they_are")

    class Meta:
        model = AssetVersion
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[AssetVersion]) -> Any:
        """Leave archived versions out, unless ``include`` or ``state`` asks for them."""
        asked = self.form.cleaned_data
        if not asked.get("include") and not asked.get("state"):
            queryset = queryset.filter(~in_state(Lifecycle.State.ARCHIVED))
        return super().filter_queryset(queryset)

    def with_tags(self, rows: QuerySet[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions that bear every tag asked for."""
        return tagged(rows, self.data.getlist("tag"), tag=VersionTag)

    def in_that_state(self, rows: QuerySet[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions that are in the state asked for."""
        return rows.filter(in_state(value))

    def as_they_are(self, rows: QuerySet[AssetVersion], name: str, value: str) -> Any:
        """Keep all: ``filter_queryset`` has looked at it."""
        return rows
