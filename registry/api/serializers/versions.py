"""Shapes of assets, versions and aliases."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.canonical import MAX_INTEGER
from core.http.serializers import InputSerializer
from registry.models import Asset, AssetVersion, Metric, VersionArtifact, VersionLink
from registry.models.life import ACTIVE
from registry.queries.life import standing_of
from registry.queries.versions import asset_reference, full_reference, reference_of
from registry.services.versions import IF_SAME


class AssetSerializer(serializers.ModelSerializer[Asset]):
    """An asset as it is answered."""

    workspace = serializers.CharField(source="workspace.slug")
    ref = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = Asset
        fields: tuple[str, ...] = (
            "uuid",
            "ref",
            "workspace",
            "kind",
            "name",
            "description",
            "last_number",
            "created_at",
            "created_by",
            "updated_at",
        )

    def get_ref(self, asset: Asset) -> str:
        """Return workspace/kind/name."""
        return str(asset_reference(asset))


class AssetDetailSerializer(AssetSerializer):
    """An asset with its tags, and the names that it bore."""

    tags = serializers.SerializerMethodField()
    former_names = serializers.SerializerMethodField()

    class Meta(AssetSerializer.Meta):
        fields = (*AssetSerializer.Meta.fields, "tags", "former_names")

    def get_tags(self, asset: Asset) -> dict[str, str]:
        """Return the tags, key to value."""
        return dict(asset.tags.order_by("key").values_list("key", "value"))

    def get_former_names(self, asset: Asset) -> list[str]:
        """Return the names that it bore, oldest first."""
        former = asset.former_names.order_by("id").exclude(name=asset.name)
        return list(former.values_list("name", flat=True))


class VersionSerializer(serializers.ModelSerializer[AssetVersion]):
    """A version as lists answer it."""

    ref = serializers.SerializerMethodField()
    full_ref = serializers.SerializerMethodField()
    workspace = serializers.CharField(source="asset.workspace.slug")
    kind = serializers.CharField(source="asset.kind")
    name = serializers.CharField(source="asset.name")
    asset = serializers.UUIDField(source="asset.uuid")
    created_by = serializers.CharField(source="created_by.username")
    aliases = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    replacement = serializers.SerializerMethodField()

    class Meta:
        model = AssetVersion
        fields: tuple[str, ...] = (
            "uuid",
            "ref",
            "full_ref",
            "workspace",
            "kind",
            "name",
            "number",
            "digest",
            "schema_version",
            "asset",
            "aliases",
            "state",
            "replacement",
            "created_at",
            "created_by",
        )

    def get_ref(self, version: AssetVersion) -> str:
        """Return workspace/kind/name/number."""
        return str(reference_of(version))

    def get_full_ref(self, version: AssetVersion) -> str:
        """Return the reference that is unique between installations."""
        return full_reference(version)

    def get_aliases(self, version: AssetVersion) -> list[str]:
        """Return the aliases that point at the version."""
        return sorted(alias.name for alias in version.aliases.all())

    def get_state(self, version: AssetVersion) -> str:
        """Return active, deprecated, archived or withdrawn."""
        standing = standing_of(version)
        return standing.state if standing else ACTIVE

    def get_replacement(self, version: AssetVersion) -> str | None:
        """Return the reference of the version to use instead, where one was named."""
        standing = standing_of(version)
        successor = standing.replacement if standing else None
        return str(reference_of(successor)) if successor else None


class MetricSerializer(serializers.ModelSerializer[Metric]):
    """A metric of a version."""

    class Meta:
        model = Metric
        fields = ("name", "value", "evaluator")


class ArtifactSerializer(serializers.ModelSerializer[VersionArtifact]):
    """An artifact of a version."""

    class Meta:
        model = VersionArtifact
        fields = ("path", "uri", "digest", "size", "media_type")


class LinkSerializer(serializers.Serializer[VersionLink]):
    """A link of a version; a target that the caller may not see has neither ref nor digest."""

    role = serializers.CharField()
    to = serializers.CharField(allow_null=True)
    digest = serializers.CharField(allow_null=True)

    def to_representation(self, instance: VersionLink) -> dict[str, Any]:
        """Return the link; ``readable`` in the context are the workspaces that may be shown."""
        target = instance.target
        if target.asset.workspace_id not in self.context["readable"]:
            return {"role": instance.role, "to": None, "digest": None}
        return {"role": instance.role, "to": str(reference_of(target)), "digest": target.digest}


class VersionDetailSerializer(VersionSerializer):
    """A version with everything that hangs on it."""

    spec = serializers.JSONField(source="spec.body")
    links = LinkSerializer(many=True)
    metrics = MetricSerializer(many=True)
    artifacts = ArtifactSerializer(many=True)
    promoted_from = serializers.SerializerMethodField()
    description = serializers.CharField(source="details.description", allow_null=True)
    tags = serializers.SerializerMethodField()
    provenance = serializers.JSONField(source="provenance.body", default=None)

    class Meta(VersionSerializer.Meta):
        fields = (
            *VersionSerializer.Meta.fields,
            "spec",
            "links",
            "metrics",
            "artifacts",
            "promoted_from",
            "provenance",
            "description",
            "tags",
        )

    def get_tags(self, version: AssetVersion) -> dict[str, str]:
        """Return the tags, key to value."""
        return {tag.key: tag.value for tag in version.tags.all()}

    def get_promoted_from(self, version: AssetVersion) -> str | None:
        """Return the reference of the version that this one is a copy of."""
        origin = version.promoted_from
        return str(reference_of(origin)) if origin else None


class LinkInputSerializer(InputSerializer):
    """A link to write: its role, and the reference that it points at."""

    role = serializers.CharField(max_length=20)
    to = serializers.CharField(max_length=1_000)


class MetricInputSerializer(InputSerializer):
    """A metric to write."""

    name = serializers.CharField(max_length=200)
    value = serializers.FloatField()
    evaluator = serializers.CharField(max_length=200, allow_blank=True, default="")


class ArtifactInputSerializer(InputSerializer):
    """An artifact to declare by ``uri`` and ``digest``, or one that is stored here: by the
    ``upload`` that brought it, or as it stands in the version ``from``, there at ``from_path``."""

    path = serializers.CharField(max_length=500)
    uri = serializers.CharField(max_length=2_000, required=False)
    digest = serializers.CharField(max_length=200, required=False)
    upload = serializers.UUIDField(required=False)
    from_path = serializers.CharField(max_length=500, required=False)
    size = serializers.IntegerField(
        min_value=0, max_value=MAX_INTEGER, allow_null=True, required=False, default=None
    )
    media_type = serializers.CharField(max_length=200, allow_blank=True, default="")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields, with the one that is named by a word of the language."""
        return {
            **super().get_fields(),
            "from": serializers.CharField(max_length=1_000, required=False),
        }


class VersionCreateSerializer(InputSerializer):
    """What registers a version."""

    workspace = serializers.CharField(max_length=63)
    kind = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    spec = serializers.DictField()
    links = LinkInputSerializer(many=True, default=list)
    metrics = MetricInputSerializer(many=True, default=list)
    artifacts = ArtifactInputSerializer(many=True, default=list)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=1_000), max_length=20, default=list
    )
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    if_same = serializers.ChoiceField(choices=IF_SAME, default="new")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class BulkItemSerializer(VersionCreateSerializer):
    """One version of a bulk registration; the call says which workspace, and why."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Leave out what the whole call says."""
        fields = super().get_fields()
        del fields["workspace"]
        return fields


class BulkCreateSerializer(InputSerializer):
    """What registers many versions, all or none."""

    workspace = serializers.CharField(max_length=63)
    items = BulkItemSerializer(many=True)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one item: its version, and whether this call made it."""

    uuid = serializers.UUIDField(source="version.uuid")
    ref = serializers.SerializerMethodField()
    number = serializers.IntegerField(source="version.number")
    digest = serializers.CharField(source="version.digest")
    is_new = serializers.BooleanField()

    def get_ref(self, registered: Any) -> str:
        """Return the reference of the version."""
        return str(reference_of(registered.version))


class BulkPageSerializer(serializers.Serializer[Any]):
    """What became of every item, in their order."""

    results = BulkResultSerializer(many=True)
