"""Comments and assignments over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry import access
from registry.api.filters import by_asset, by_version
from registry.api.serializers.collaboration import (
    CommentChangeSerializer,
    CommentCreateSerializer,
    CommentSerializer,
    RevisionSerializer,
    WorkAssignmentCloseSerializer,
    WorkAssignmentCreateSerializer,
    WorkAssignmentSerializer,
)
from registry.models import Assignment, Comment
from registry.models.subject import SUBJECTS
from registry.queries.comments import visible_comments
from registry.queries.subjects import SUBJECT_ROWS
from registry.services import assignments, comments

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class SubjectFilter(filters.FilterSet):
    """Filters by what a row is about, and where that is."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    asset = by_asset()
    version = by_version()
    promotion = filters.UUIDFilter(field_name="promotion__uuid")
    experiment = filters.UUIDFilter(field_name="experiment__uuid")
    deployment = filters.UUIDFilter(field_name="deployment__uuid")


class CommentFilter(SubjectFilter):
    """Filters of comments."""

    author = filters.CharFilter(field_name="author__username")
    parent = filters.UUIDFilter(field_name="parent__uuid")

    class Meta:
        model = Comment
        fields: tuple[str, ...] = ()


class CommentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Comments that the caller may see, newest first."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer
    filterset_class = CommentFilter

    def get_queryset(self) -> QuerySet[Comment]:
        return visible_comments(self.actor)

    @extend_schema(request=CommentCreateSerializer, responses={201: CommentSerializer})
    def create(self, request: Request) -> Response:
        """Comment on a subject, or reply."""
        shape = CommentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        about = named_subject(given)
        added = comments.add(actor=self.actor, about=about, **given)
        return self._answer(added, code=status.HTTP_201_CREATED)

    @extend_schema(request=CommentChangeSerializer, responses=CommentSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Give one's own comment other words; the earlier ones stay as a revision."""
        shape = CommentChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changed = comments.edit(actor=self.actor, comment=uuid, **shape.validated_data)
        return self._answer(changed, code=status.HTTP_200_OK)

    @extend_schema(responses={200: CommentSerializer})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Take the words of a comment away; the answer is what is left of it."""
        return self._answer(comments.redact(actor=self.actor, comment=uuid), code=200)

    @extend_schema(responses=RevisionSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def revisions(self, request: Request, uuid: UUID) -> Response:
        """Answer every revision of a comment, at most 200, oldest first."""
        found = self.get_object()
        rows = found.revisions.select_related("words").order_by("number")
        return Response(RevisionSerializer(rows, many=True).data)

    def _answer(self, comment: Comment, *, code: int) -> Response:
        fresh = visible_comments(self.actor).get(pk=comment.pk)
        return Response(CommentSerializer(fresh).data, status=code)


def named_subject(given: dict[str, Any]) -> dict[str, Any]:
    """Take the fields that name a subject out of ``given`` and return them."""
    return {name: given.pop(name) for name in SUBJECTS if name in given}


class AssignmentFilter(SubjectFilter):
    """Filters of assignments."""

    kind = filters.CharFilter()
    assignee = filters.CharFilter(field_name="assignee__username")
    open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()


class AssignmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Work that was asked for, in workspaces that the caller may see."""

    queryset = Assignment.objects.none()
    serializer_class = WorkAssignmentSerializer
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        related = ("assignee", "assigned_by", "closed_by", *SUBJECT_ROWS)
        return Assignment.objects.filter(access.in_reach(self.actor)).select_related(*related)

    @extend_schema(
        request=WorkAssignmentCreateSerializer, responses={201: WorkAssignmentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Ask an account that can see the subject for a review or a task."""
        shape = WorkAssignmentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        given = dict(shape.validated_data)
        about = named_subject(given)
        made = assignments.assign(actor=self.actor, about=about, **given)
        return Response(WorkAssignmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WorkAssignmentCloseSerializer, responses=WorkAssignmentSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, uuid: UUID) -> Response:
        """Close an assignment as done or withdrawn."""
        shape = WorkAssignmentCloseSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        closed = assignments.close(actor=self.actor, assignment=uuid, **shape.validated_data)
        return Response(WorkAssignmentSerializer(closed).data)
