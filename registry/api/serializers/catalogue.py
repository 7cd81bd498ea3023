"""Shapes of the catalogue."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.models import CatalogueEntry, CatalogueLabel, CatalogueMetric
from registry.queries.catalogue.comparison import Comparison
from registry.queries.catalogue.excerpts import excerpt
from registry.queries.versions import reference_of

Field = CatalogueLabel.Field


class PieceSerializer(serializers.Serializer[Any]):
    """A piece of an excerpt, as it was written; ``hit`` marks a word that was asked for."""

    text = serializers.CharField()
    hit = serializers.BooleanField()


class EntryOwnerSerializer(serializers.Serializer[Any]):
    """Who answers for an asset: an account or a group."""

    username = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)


class EntryMetricSerializer(serializers.Serializer[Any]):
    """The last value of a metric, and the version that reports it."""

    name = serializers.CharField()
    value = serializers.FloatField()
    evaluator = serializers.CharField()
    version = serializers.SerializerMethodField()

    def get_version(self, metric: CatalogueMetric) -> str:
        """Return the reference of the reporting version."""
        asset = metric.version.asset
        return f"{asset.workspace.slug}/{asset.kind}/{asset.name}/{metric.version.number}"


class EntrySerializer(serializers.ModelSerializer[CatalogueEntry]):
    """An asset as the catalogue shows it to somebody who may read it."""

    asset = serializers.UUIDField(source="asset.uuid")
    ref = serializers.SerializerMethodField()
    workspace = serializers.CharField(source="workspace.slug")
    kind = serializers.CharField()
    version = serializers.SerializerMethodField()
    number = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    price = serializers.SerializerMethodField()
    owners = serializers.SerializerMethodField()
    former_names = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    aliases = serializers.SerializerMethodField()
    modalities = serializers.SerializerMethodField()
    metrics = EntryMetricSerializer(many=True)
    excerpt = serializers.SerializerMethodField()

    class Meta:
        model = CatalogueEntry
        fields = (
            "asset",
            "ref",
            "workspace",
            "kind",
            "name",
            "former_names",
            "summary",
            "version",
            "number",
            "task",
            "provider",
            "license",
            "risk_tier",
            "source_type",
            "parameters",
            "context_length",
            "modalities",
            "price",
            "currency",
            "card_status",
            "lifecycle",
            "scan_verdict",
            "tags",
            "aliases",
            "owners",
            "metrics",
            "created_at",
            "updated_at",
            "excerpt",
        )

    def get_ref(self, entry: CatalogueEntry) -> str:
        """Return the reference of the newest version, or of the asset where there is none."""
        name = f"{entry.workspace.slug}/{entry.kind}/{entry.name}"
        return f"{name}/{entry.version.number}" if entry.version else name

    def get_version(self, entry: CatalogueEntry) -> str | None:
        """Return the id of the newest version."""
        return str(entry.version.uuid) if entry.version else None

    def get_price(self, entry: CatalogueEntry) -> str | None:
        """Return the dearest price of a million tokens, as a decimal without idle zeros."""
        if entry.price is None:
            return None
        text = f"{entry.price:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    @extend_schema_field(EntryOwnerSerializer(many=True))
    def get_owners(self, entry: CatalogueEntry) -> list[dict[str, str | None]]:
        """Return who answers for the asset: its creator, where nobody is named."""
        held = getattr(entry.asset, "open_owners", [])
        if not held:
            return [{"username": entry.asset.created_by.username, "group": None}]
        return [
            {
                "username": row.user.username if row.user else None,
                "group": row.group.name if row.group else None,
            }
            for row in held
        ]

    def _labels(self, entry: CatalogueEntry, field: str) -> list[str]:
        return [label.value for label in entry.labels.all() if label.field == field]

    def get_former_names(self, entry: CatalogueEntry) -> list[str]:
        """Return the names that the asset bore."""
        return self._labels(entry, Field.FORMER_NAME)

    def get_tags(self, entry: CatalogueEntry) -> list[str]:
        """Return the tags of asset and version, ``key:value``; values are cut at 200 characters."""
        return self._labels(entry, Field.TAG)

    def get_aliases(self, entry: CatalogueEntry) -> list[str]:
        """Return the aliases of the asset."""
        return self._labels(entry, Field.ALIAS)

    def get_modalities(self, entry: CatalogueEntry) -> list[str]:
        """Return what goes in and comes out."""
        return self._labels(entry, Field.MODALITY)

    def get_excerpt(self, entry: CatalogueEntry) -> list[dict[str, Any]]:
        """Return the part of the texts around the first hit."""
        found = excerpt(entry.prose, self.context.get("query", ""))
        return list(PieceSerializer(found, many=True).data)


class CataloguePageSerializer(serializers.Serializer[Any]):
    """A page; ``as_of_seq`` is the place in the journal up to which the catalogue was told."""

    results = EntrySerializer(many=True)
    next = serializers.URLField(allow_null=True)
    as_of_seq = serializers.IntegerField()


class FacetValueSerializer(serializers.Serializer[Any]):
    """A value of a fact, and how many entries have it."""

    value = serializers.CharField()
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    """The values of each fact, the most frequent first; of the 1,000 entries that were changed
    last, where more fit and the counts are not complete."""

    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    is_complete = serializers.BooleanField()
    as_of_seq = serializers.IntegerField()


class StubSerializer(serializers.ModelSerializer[CatalogueEntry]):
    """What somebody sees of an asset that they may not read, and where to ask for it."""

    asset = serializers.UUIDField(source="asset.uuid")
    kind = serializers.CharField()
    workspace = serializers.CharField(source="workspace.slug")
    workspace_title = serializers.CharField(source="workspace.title")
    request_access = serializers.SerializerMethodField()

    class Meta:
        model = CatalogueEntry
        fields = (
            "asset",
            "kind",
            "name",
            "summary",
            "workspace",
            "workspace_title",
            "request_access",
        )

    def get_request_access(self, entry: CatalogueEntry) -> dict[str, str]:
        """Return the address to post to, and the body."""
        return {"address": "/api/registry/access-requests/", "asset": str(entry.asset.uuid)}


class ComparedRowSerializer(serializers.Serializer[Any]):
    """A fact with each version's value."""

    equal = serializers.BooleanField(source="is_equal")
    values = serializers.ListField(child=serializers.JSONField(allow_null=True))

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``field``, which as a class attribute would hide the serializer's own."""
        return {"field": serializers.CharField(), **super().get_fields()}


class SideBySideSerializer(serializers.Serializer[Any]):
    """Versions side by side."""

    versions = serializers.SerializerMethodField()
    rows = ComparedRowSerializer(many=True)

    def get_versions(self, comparison: Comparison) -> list[str]:
        """Return the references, in the order of the values."""
        return [str(reference_of(version)) for version in comparison.versions]
