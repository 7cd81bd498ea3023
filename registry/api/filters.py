"""Filters that lists of assets and of versions share.

A filter asks its own index first: what it finds little of is read whole, by key; what is frequent
is soon met along the order of the list. Left to the database, the one is planned as the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from core.errors import InvalidInput
from core.merging import MAX_KEYS, Merged, having
from registry.models import Alias, Asset, AssetTag, AssetVersion, Lifecycle, VersionTag, Workspace
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


def tagged(rows: Merged[Any], wanted: list[str], *, tag: type[AssetTag | VersionTag]) -> Any:
    """Return the ``rows`` that bear every tag of ``wanted``: ``key:value``, or ``key`` alone."""
    owner = "asset" if tag is AssetTag else "version"
    held_tags: QuerySet[Any] = QuerySet(tag)
    if len(wanted) > MAX_TAGS:
        raise InvalidInput.of("tag", f"may be given {MAX_TAGS} times at most")
    conditions = [_of_tag(text) for text in wanted]
    bearers = held_tags.filter(**conditions[0])
    for condition in conditions[1:]:
        also = held_tags.filter(**{owner: OuterRef(owner)}, **condition)
        bearers = bearers.filter(Exists(also))
    few = rows.narrowed(bearers.values_list(f"{owner}_id", flat=True))
    if few is not None:
        return few
    for condition in conditions:
        rows = rows.filter(having(held_tags.filter(**condition), owner))
    return rows


def _of_tag(text: str) -> dict[str, str]:
    key, colon, value = text.partition(":")
    # The head is what the index holds.
    return {"key": key, **({"value_head": value[:HEAD], "value": value} if colon else {})}


def in_workspace(rows: Merged[Any], slug: str) -> Merged[Any]:
    """Return the ``rows`` of the workspace that is called ``slug``."""
    return rows.keyed(
        "workspace_id", Workspace.objects.filter(slug=slug).values_list("pk", flat=True)
    )


class AssetFilter(filters.FilterSet):
    """Filters of assets."""

    workspace = filters.CharFilter(method="of_workspace")
    kind = filters.CharFilter(method="of_kind")
    name = filters.CharFilter(method="called")
    search = filters.CharFilter(field_name="name", lookup_expr="icontains")
    tag = filters.CharFilter(method="with_tags", label="key:value; may be repeated")

    class Meta:
        model = Asset
        fields: tuple[str, ...] = ()

    def of_workspace(self, rows: Merged[Asset], name: str, value: str) -> Any:
        """Keep the assets of that workspace."""
        return in_workspace(rows, value)

    def of_kind(self, rows: Merged[Asset], name: str, value: str) -> Any:
        """Keep the assets of that kind."""
        return _or_few(rows, {"kind": value})

    def called(self, rows: Merged[Asset], name: str, value: str) -> Any:
        """Keep the assets of that name."""
        return _or_few(rows, {"name": value})

    def with_tags(self, rows: Merged[Asset], name: str, value: str) -> Any:
        """Keep the assets that bear every tag asked for."""
        return tagged(rows, self.data.getlist("tag"), tag=AssetTag)


class VersionFilter(filters.FilterSet):
    """Filters of versions. Archived ones are left out unless they are asked for."""

    workspace = filters.CharFilter(method="of_workspace")
    kind = filters.CharFilter(method="of_asset")
    name = filters.CharFilter(method="of_asset")
    digest = filters.CharFilter(method="with_digest")
    alias = filters.CharFilter(method="aliased")
    tag = filters.CharFilter(method="with_tags", label="key:value; may be repeated")
    state = filters.ChoiceFilter(choices=Lifecycle.State.choices, method="in_that_state")
    include = filters.ChoiceFilter(choices=[("archived", "archived")], method="as_they_are")

    class Meta:
        model = AssetVersion
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: Merged[AssetVersion]) -> Any:
        """Leave archived versions out, unless ``include`` or ``state`` asks for them."""
        asked = self.form.cleaned_data
        if not asked.get("include") and not asked.get("state"):
            queryset = queryset.filter(~in_state(Lifecycle.State.ARCHIVED))
        return super().filter_queryset(queryset)

    def of_workspace(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions of that workspace."""
        return in_workspace(rows, value)

    def of_asset(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions of the assets of that name and kind; the first filter asks for both."""
        asked = self.form.cleaned_data
        wanted = {key: text for key in ("kind", "name") if (text := asked.get(key))}
        if name != next(iter(wanted)):
            return rows
        bearing: Merged[Asset] = Merged(Asset)
        bearing = rows.keyed_alike(bearing.filter(**wanted))
        assets = list(bearing.values_list("pk", flat=True)[: MAX_KEYS + 1])
        if len(assets) <= MAX_KEYS:
            return rows.keyed("asset_id", assets)
        return rows.filter(having(Asset.objects.filter(**wanted), "pk", own="asset"))

    def with_digest(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions of that digest."""
        return _or_few(rows, {"digest": value})

    def aliased(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions that an alias of that name points at."""
        aliases = Alias.objects.filter(name=value)
        few = rows.narrowed(aliases.values_list("version_id", flat=True))
        return rows.filter(having(aliases, "version")) if few is None else few

    def with_tags(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions that bear every tag asked for."""
        return tagged(rows, self.data.getlist("tag"), tag=VersionTag)

    def in_that_state(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep the versions that are in the state asked for."""
        facts = Lifecycle.objects.filter(state=value, valid_to__isnull=True)
        few = rows.narrowed(facts.values_list("version_id", flat=True))
        return rows.filter(having(facts, "version")) if few is None else few

    def as_they_are(self, rows: Merged[AssetVersion], name: str, value: str) -> Any:
        """Keep all: ``filter_queryset`` has looked at it."""
        return rows


def _or_few(rows: Merged[Any], wanted: dict[str, str]) -> Merged[Any]:
    """Return the ``rows`` whose columns say what is ``wanted``."""
    saying: QuerySet[Any] = QuerySet(rows.model).filter(**wanted)
    few = rows.narrowed(saying.values_list("pk", flat=True))
    return rows.filter(**wanted) if few is None else few
