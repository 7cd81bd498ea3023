"""Filters that lists of assets and of versions share."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from core.errors import InvalidInput
from registry.models import Asset, AssetTag, AssetVersion, Lifecycle, VersionTag
from registry.models.tag import HEAD
from registry.queries.life import in_state

MAX_TAGS = 10


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
