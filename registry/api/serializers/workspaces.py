"""Shapes of workspaces, members and tokens."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.models import Grant, Token, Workspace
from registry.permissions import Permission, Role


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    """A workspace as it is answered."""

    class Meta:
        model = Workspace
        fields = (
            "uuid",
            "slug",
            "title",
            "stage",
            "description",
            "protected_aliases",
            "delete_rule",
            "requires_reason",
            "is_discoverable",
            "created_at",
        )


class WorkspaceCreateSerializer(InputSerializer):
    """What creates a workspace."""

    slug = serializers.CharField(max_length=63)
    title = serializers.CharField(max_length=200)
    stage = serializers.ChoiceField(choices=Workspace.Stage.choices)
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    protected_aliases = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=100, required=False
    )


class WorkspaceChangeSerializer(InputSerializer):
    """What changes a workspace; only the fields given are changed."""

    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    protected_aliases = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=100, required=False
    )
    delete_rule = serializers.ChoiceField(choices=Workspace.DeleteRule.choices, required=False)
    requires_reason = serializers.BooleanField(required=False)
    is_discoverable = serializers.BooleanField(required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class PromotionRuleSerializer(InputSerializer):
    """How many approvals a promotion into the workspace needs."""

    required_approvals = serializers.IntegerField(min_value=0, max_value=20)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="", write_only=True)


class MemberSerializer(serializers.ModelSerializer[Grant]):
    """A grant as it is answered."""

    workspace = serializers.CharField(source="workspace.slug")
    username = serializers.CharField(source="user.username", default=None)
    group = serializers.CharField(source="group.name", default=None)

    class Meta:
        model = Grant
        fields = ("uuid", "workspace", "username", "group", "role", "valid_from", "valid_to")


class MemberCreateSerializer(InputSerializer):
    """What grants a role to a user or a group."""

    workspace = serializers.CharField(max_length=63)
    role = serializers.ChoiceField(choices=[role.value for role in Role])
    username = serializers.CharField(max_length=150, default="")
    group = serializers.CharField(max_length=150, default="")
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class TokenSerializer(serializers.ModelSerializer[Token]):
    """A token without its secret; ``workspaces`` is null for a token that no list narrows."""

    workspaces = serializers.SerializerMethodField()

    class Meta:
        model = Token
        fields: tuple[str, ...] = (
            "uuid",
            "prefix",
            "label",
            "scopes",
            "workspaces",
            "created_at",
            "expires_at",
            "revoked_at",
            "last_used_at",
        )

    def get_workspaces(self, token: Token) -> list[str] | None:
        """Return the slugs of the workspaces that the token is narrowed to."""
        if not token.is_limited_to_workspaces:
            return None
        return sorted(workspace.slug for workspace in token.workspaces.all())


class TokenCreateSerializer(InputSerializer):
    """What issues a token for the caller."""

    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[permission.value for permission in Permission]),
        required=False,
        allow_null=True,
        default=None,
    )
    workspaces = serializers.ListField(
        child=serializers.CharField(max_length=63), required=False, allow_null=True, default=None
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``label``, which as a class attribute would hide a field's own."""
        label = serializers.CharField(max_length=200, allow_blank=True, default="")
        return {"label": label, **super().get_fields()}


class IssuedTokenSerializer(TokenSerializer):
    """A token that was just issued, with the secret that is shown this once."""

    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "token")
