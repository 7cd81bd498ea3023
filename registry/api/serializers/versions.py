"""Shapes of assets, versions and aliases."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.canonical import MAX_INTEGER
from core.http.serializers import InputSerializer
from registry.models import AliasMove, Asset, AssetVersion, Metric, VersionArtifact, VersionLink
from registry.queries.versions import asset_reference, full_reference, reference_of
from registry.services.versions import IF_SAME


class AssetSerializer(serializers.ModelSerializer[Asset]):
    """An asset as it is answered."""

    workspace = serializers.CharField(source="workspace.slug")
    ref = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username")

    class Meta:
        model = Asset
        fields = (
            "uuid",
            "ref",
            "workspace",
            "kind",
            "name",
            "description",
            "last_number",
            "created_at",
            "created_by",
        )

    def get_ref(self, asset: Asset) -> str:
        """Return workspace/kind/name."""
        return str(asset_reference(asset))


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
        )

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


class AliasSerializer(serializers.Serializer[Any]):
    """Where an alias points."""

    alias = serializers.CharField(source="name")
    asset = serializers.SerializerMethodField()
    ref = serializers.SerializerMethodField()
    number = serializers.IntegerField(source="version.number")
    digest = serializers.CharField(source="version.digest")
    moved_at = serializers.DateTimeField()

    def get_asset(self, alias: Any) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(alias.asset))

    def get_ref(self, alias: Any) -> str:
        """Return the reference by alias."""
        return f"{asset_reference(alias.asset)}@{alias.name}"


class AliasMoveSerializer(serializers.ModelSerializer[AliasMove]):
    """One move of an alias."""

    alias = serializers.CharField(source="name")
    asset = serializers.SerializerMethodField()
    from_number = serializers.IntegerField(source="from_version.number", default=None)
    to_number = serializers.IntegerField(source="to_version.number", default=None)
    moved_by = serializers.CharField(source="moved_by.username")

    class Meta:
        model = AliasMove
        fields = (
            "uuid",
            "asset",
            "alias",
            "from_number",
            "to_number",
            "moved_at",
            "moved_by",
            "reason",
        )

    def get_asset(self, move: AliasMove) -> str:
        """Return the reference of the asset."""
        return str(asset_reference(move.asset))


class AliasMoveInputSerializer(InputSerializer):
    """What moves an alias; leave ``expected`` out to move it wherever it points."""

    asset = serializers.CharField(max_length=1_000)
    alias = serializers.CharField(max_length=1_000)
    to = serializers.IntegerField(min_value=1, max_value=2**31 - 1, allow_null=True)
    expected = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, required=False
    )
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")
