"""Workspaces, members and tokens over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.promotion_rules import RuleProposalSerializer
from registry.api.serializers.workspaces import (
    IssuedTokenSerializer,
    MemberCreateSerializer,
    MemberSerializer,
    PromotionRuleSerializer,
    TokenCreateSerializer,
    TokenSerializer,
    WorkspaceChangeSerializer,
    WorkspaceCreateSerializer,
    WorkspaceSerializer,
)
from registry.models import Grant, PromotionRuleProposal, Token, Workspace
from registry.queries.rules import required_approvals
from registry.queries.tokens import own_tokens
from registry.services import members, rules, tokens, workspaces

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class WorkspaceViewSet(mixins.ListModelMixin, ActorViewSet):
    """Workspaces that the caller may see."""

    queryset = Workspace.objects.none()
    serializer_class = WorkspaceSerializer
    lookup_field = "slug"
    lookup_value_converter = "slug"
    filterset_fields = ("stage",)

    def get_queryset(self) -> QuerySet[Workspace]:
        return access.visible_workspaces(self.actor)

    def get_object(self) -> Workspace:
        return access.workspace_by_slug(self.actor, self.kwargs["slug"])

    def retrieve(self, request: Request, slug: str) -> Response:
        """Answer one workspace, with the tag of its settings."""
        return self._tagged(self.get_object())

    def _tagged(self, workspace: Workspace) -> Response:
        return with_tag(Response(WorkspaceSerializer(workspace).data), workspaces.tag_of(workspace))

    @extend_schema(request=WorkspaceCreateSerializer, responses={201: WorkspaceSerializer})
    def create(self, request: Request) -> Response:
        """Create a workspace; needs an administrator of the organisation."""
        shape = WorkspaceCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        created = workspaces.create(actor=self.actor, **shape.validated_data)
        return Response(WorkspaceSerializer(created).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[IF_MATCH], request=WorkspaceChangeSerializer, responses=WorkspaceSerializer
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change the workspace's settings, if they are still as ``If-Match`` says."""
        shape = WorkspaceChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        reason = changes.pop("reason")
        changed = workspaces.change(
            actor=self.actor,
            slug=slug,
            changes=changes,
            expected=if_match(request),
            reason=reason,
        )
        return self._tagged(changed)

    @extend_schema(request=None, responses=PromotionRuleSerializer)
    @action(detail=True, url_path="promotion-rule")
    def promotion_rule(self, request: Request, slug: str) -> Response:
        """Tell how many approvals a promotion into the workspace needs."""
        return Response({"required_approvals": required_approvals(self.get_object())})

    @extend_schema(
        request=PromotionRuleSerializer,
        responses={200: PromotionRuleSerializer, 202: RuleProposalSerializer},
    )
    @promotion_rule.mapping.put
    def set_promotion_rule(self, request: Request, slug: str) -> Response:
        """Set how many approvals a promotion into the workspace needs.

        202 where the number is smaller and the workspace is production: a second admin accepts.
        """
        shape = PromotionRuleSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        rule = rules.set_required_approvals(
            actor=self.actor, workspace=slug, **shape.validated_data
        )
        if isinstance(rule, PromotionRuleProposal):
            return Response(RuleProposalSerializer(rule).data, status=status.HTTP_202_ACCEPTED)
        return Response(PromotionRuleSerializer(rule).data)


class MemberFilter(filters.FilterSet):
    """Filters of grants."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    role = filters.CharFilter()
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()


class MemberViewSet(mixins.ListModelMixin, ActorViewSet):
    """Grants of roles, past ones included."""

    queryset = Grant.objects.none()
    serializer_class = MemberSerializer
    filterset_class = MemberFilter

    def get_queryset(self) -> QuerySet[Any]:
        grants = Grant.objects.select_related("workspace", "user", "group")
        return grants.filter(access.in_reach(self.actor))

    @extend_schema(request=MemberCreateSerializer, responses={201: MemberSerializer})
    def create(self, request: Request) -> Response:
        """Grant a role."""
        shape = MemberCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        granted = members.grant(actor=self.actor, **shape.validated_data)
        return Response(MemberSerializer(granted).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """End a grant; the fact that it was held stays on record."""
        members.revoke(actor=self.actor, grant_uuid=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenViewSet(mixins.ListModelMixin, ActorViewSet):
    """The caller's API tokens; a narrowed one sees itself alone."""

    queryset = Token.objects.none()
    serializer_class = TokenSerializer

    def get_queryset(self) -> QuerySet[Token]:
        return own_tokens(self.actor).prefetch_related("workspaces")

    @extend_schema(request=TokenCreateSerializer, responses={201: IssuedTokenSerializer})
    def create(self, request: Request) -> Response:
        """Issue a token for the caller; its secret is answered this once."""
        shape = TokenCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        user = self.actor.user
        assert user is not None  # authenticated callers are users
        issued = tokens.issue(actor=self.actor, user=user, **shape.validated_data)
        body = TokenSerializer(issued.token).data | {"token": issued.text}
        unstored = {"Cache-Control": "no-store"}
        return Response(body, status=status.HTTP_201_CREATED, headers=unstored)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Revoke a token at once."""
        tokens.revoke(actor=self.actor, token_uuid=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)
