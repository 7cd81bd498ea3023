"""Shapes of tags, descriptions, lifecycle, links, and the rules and past of aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import AliasRule, Lifecycle, VersionLink
from registry.models.life import ACTIVE
from registry.queries.life import STATES
from registry.queries.versions import asset_reference, reference_of
from registry.services.descriptions import MAX_DESCRIPTION
from registry.services.tags import MAX_VALUE

if TYPE_CHECKING:
    from registry.models import AssetVersion
    from registry.queries.aliases import Meaning


class ReasonField(serializers.CharField):
    """Why; a workspace may require it, and some verbs always do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 4_000, "allow_blank": True, "default": "", **options})


class DescriptionSerializer(InputSerializer):
    """Another description."""

    description = serializers.CharField(max_length=MAX_DESCRIPTION, allow_blank=True)
    reason = ReasonField()


class NameSerializer(InputSerializer):
    """Another name."""

    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    reason = ReasonField()


class TagValueSerializer(InputSerializer):
    """The value of a tag."""

    value = serializers.CharField(max_length=MAX_VALUE, allow_blank=True, trim_whitespace=False)
    reason = ReasonField()


class TagSerializer(serializers.Serializer[Any]):
    """A tag as it is answered."""

    key = serializers.CharField()
    value = serializers.CharField()
    updated_at = serializers.DateTimeField()


class LifecycleInputSerializer(InputSerializer):
    """The state that a version is to be in, and why."""

    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.CharField(max_length=4_000)
    replacement = serializers.CharField(max_length=1_000, allow_blank=True, default="")


class LifecycleSerializer(serializers.Serializer[Any]):
    """The state that a version is or was in; of an active one nothing more is told."""

    state = serializers.CharField()
    reason = serializers.CharField()
    replacement = serializers.CharField(allow_null=True)
    set_by = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Lifecycle | None) -> dict[str, Any]:
        """Return the fact, or that there is none."""
        if instance is None:
            empty = dict.fromkeys(("replacement", "set_by", "since"))
            return {"state": ACTIVE, "reason": "", **empty}
        successor = instance.replacement
        return {
            "state": instance.state,
            "reason": instance.reason,
            "replacement": str(reference_of(successor)) if successor else None,
            "set_by": instance.set_by.username if instance.set_by else None,
            "since": instance.valid_from,
        }


class LifecycleChangeSerializer(LifecycleSerializer):
    """The new state, and how many versions rest on the one that changed."""

    dependents = serializers.IntegerField()
    is_truncated = serializers.BooleanField()


class LinkedVersionSerializer(serializers.Serializer[VersionLink]):
    """A link of a version, seen from it: the version at the other end."""

    role = serializers.CharField()
    direction = serializers.CharField()
    ref = serializers.CharField()
    version = serializers.UUIDField()
    kind = serializers.CharField()
    digest = serializers.CharField()

    def to_representation(self, instance: VersionLink) -> dict[str, Any]:
        """Return the other end of the link; ``direction`` in the context tells which it is."""
        direction = self.context["direction"]
        other: AssetVersion = instance.version if direction == "incoming" else instance.target
        return {
            "role": instance.role,
            "direction": direction,
            "ref": str(reference_of(other)),
            "version": str(other.uuid),
            "kind": other.asset.kind,
            "digest": other.digest,
        }


class MeaningSerializer(serializers.Serializer[Any]):
    """What an alias meant at a time; ``number`` is null where it pointed nowhere."""

    asset = serializers.CharField()
    alias = serializers.CharField()
    at = serializers.DateTimeField()
    number = serializers.IntegerField(allow_null=True)
    digest = serializers.CharField(allow_null=True)
    version = serializers.UUIDField(allow_null=True)
    is_deleted = serializers.BooleanField()
    moved_at = serializers.DateTimeField(allow_null=True)
    moved_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()

    def to_representation(self, instance: Meaning) -> dict[str, Any]:
        """Return the meaning, with the move that brought the alias there."""
        move = instance.move
        version = move.to_version if move else None
        return {
            "asset": str(asset_reference(instance.asset)),
            "alias": instance.alias,
            "at": instance.at,
            "number": version.number if version else None,
            "digest": version.digest if version else None,
            "version": str(version.uuid) if version else None,
            "is_deleted": bool(version and getattr(version, "tombstone", None)),
            "moved_at": move.moved_at if move else None,
            "moved_by": move.moved_by.username if move else None,
            "reason": move.reason if move else "",
        }


class AliasUndoSerializer(InputSerializer):
    """What undoes the latest move; leave ``expected`` out to undo it wherever it points."""

    asset = serializers.CharField(max_length=1_000)
    alias = serializers.CharField(max_length=1_000)
    expected = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, required=False
    )
    reason = ReasonField()


def _names(**options: Any) -> serializers.ListField:
    child = serializers.CharField(max_length=200)
    return serializers.ListField(child=child, max_length=50, default=list, **options)


class AliasRuleInputSerializer(InputSerializer):
    """A rule for the aliases of a form."""

    workspace = serializers.CharField(max_length=63)
    pattern = serializers.CharField(max_length=200, trim_whitespace=False)
    roles = _names()
    users = _names()
    groups = _names()
    kinds = _names()
    states = serializers.ListField(
        child=serializers.ChoiceField(choices=STATES), max_length=10, default=list
    )
    tags = serializers.DictField(child=serializers.CharField(max_length=1_000), default=dict)
    reason = ReasonField()


class AliasRuleSerializer(serializers.ModelSerializer[AliasRule]):
    """A rule as it is answered; ``valid_to`` is null while it holds."""

    workspace = serializers.CharField(source="workspace.slug")
    roles = serializers.SerializerMethodField()
    users = serializers.SerializerMethodField()
    groups = serializers.SerializerMethodField()
    kinds = serializers.ListField(child=serializers.CharField())
    states = serializers.ListField(child=serializers.CharField())
    tags = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = AliasRule
        fields = (
            "uuid",
            "workspace",
            "pattern",
            "roles",
            "users",
            "groups",
            "kinds",
            "states",
            "tags",
            "valid_from",
            "valid_to",
        )

    def get_roles(self, rule: AliasRule) -> list[str]:
        """Return the roles that may move by hand."""
        return sorted(mover.role for mover in rule.movers.all() if mover.role)

    def get_users(self, rule: AliasRule) -> list[str]:
        """Return the users who may move by hand."""
        return sorted(mover.user.username for mover in rule.movers.all() if mover.user)

    def get_groups(self, rule: AliasRule) -> list[str]:
        """Return the groups that may move by hand."""
        return sorted(mover.group.name for mover in rule.movers.all() if mover.group)
