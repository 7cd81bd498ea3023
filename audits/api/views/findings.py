"""Findings over HTTP, and what people decide and say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import StreamingHttpResponse
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from audits.api.serializers.findings import (
    BulkTriageSerializer,
    FindingCommentCreateSerializer,
    FindingCommentSerializer,
    ScanFindingSerializer,
    StorySerializer,
    TriageChangeSerializer,
    TriageSerializer,
)
from audits.api.serializers.trend import (
    FindingTrendSerializer,
    TrendQuerySerializer,
    csv_rows,
)
from audits.api.views.scans import SEVERITIES
from audits.models import Finding, FindingComment
from audits.queries import findings, scope
from audits.queries.controls import serving
from audits.queries.trend import TrendQuery, trend_of
from audits.services import finding_comments, triage
from core.csv_text import lines
from core.http.conditional import IF_MATCH, if_match, with_tag
from core.http.negotiation import FormatIsAParameter
from core.http.views import ActorViewSet

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

ME = "me"


class FindingFilter(filters.FilterSet):
    """Filters of findings; ``owner=me`` are those of the caller."""

    state = filters.ChoiceFilter(choices=Finding.State.choices)
    workspace = filters.CharFilter(field_name="workspace__slug")
    severity = filters.ChoiceFilter(choices=SEVERITIES)
    policy = filters.CharFilter(field_name="policy__name")
    assignment = filters.UUIDFilter(field_name="assignment__uuid")
    resource = filters.UUIDFilter(field_name="resource__uuid")
    origin = filters.ChoiceFilter(choices=Finding.Origin.choices)
    deployment = filters.UUIDFilter(field_name="deployment__uuid")
    owner = filters.CharFilter(method="of_owner")
    has_owner = filters.BooleanFilter(method="with_owner")
    overdue = filters.BooleanFilter(field_name="is_overdue")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    ticket = filters.CharFilter(field_name="triage__ticket")
    has_ticket = filters.BooleanFilter(method="with_ticket")
    control = filters.CharFilter(method="of_control")
    framework = filters.CharFilter(method="of_framework")

    class Meta:
        model = Finding
        fields: tuple[str, ...] = ()

    def of_owner(self, found: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        """Return the findings that an account, or the caller, sees to."""
        if value == ME and self.request is not None:
            return found.filter(triage__owner=self.request.user)
        return found.filter(triage__owner__username=value)

    def with_owner(self, found: QuerySet[Finding], name: str, value: bool) -> QuerySet[Finding]:
        """Return the findings that somebody, or nobody, sees to."""
        return found.filter(triage__owner__isnull=not value)

    def with_ticket(self, found: QuerySet[Finding], name: str, value: bool) -> QuerySet[Finding]:
        """Return the findings with or without a ticket."""
        without = Q(triage__isnull=True) | Q(triage__ticket="")
        return found.exclude(without) if value else found.filter(without)

    def of_control(self, found: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        """Return the findings whose policy serves a control."""
        return found.filter(serving(value))

    def of_framework(self, found: QuerySet[Finding], name: str, value: str) -> QuerySet[Finding]:
        """Return the findings whose policy serves any control of a framework."""
        return found.filter(serving(framework=value))


class FindingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """What fails, or failed, a policy or a threshold in the caller's workspaces, newest first."""

    queryset = Finding.objects.none()
    serializer_class = ScanFindingSerializer
    filterset_class = FindingFilter

    def get_queryset(self) -> QuerySet[Finding]:
        return findings.followed_findings(self.actor)

    def get_object(self) -> Finding:
        return findings.followed_finding(self.actor, self.kwargs["uuid"])

    def _triaged(self) -> Response:
        finding = self.get_object()
        return with_tag(Response(TriageSerializer(finding).data), findings.tag_of(finding))

    @extend_schema(responses=TriageSerializer)
    @action(detail=True)
    def triage(self, request: Request, uuid: UUID) -> Response:
        """Answer who sees to the finding, until when and where, with the ETag of that."""
        return self._triaged()

    @extend_schema(
        parameters=[IF_MATCH], request=TriageChangeSerializer, responses=TriageSerializer
    )
    @triage.mapping.patch
    def change_triage(self, request: Request, uuid: UUID) -> Response:
        """Change that, if it is still as ``If-Match`` says."""
        shape = TriageChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        reason = changes.pop("reason")
        scope.finding_by_uuid(self.actor, uuid)
        triage.triage(
            actor=self.actor,
            findings=[uuid],
            changes=changes,
            reason=reason,
            expected=if_match(request),
        )
        return self._triaged()

    @extend_schema(request=BulkTriageSerializer, responses={204: OpenApiResponse()})
    @action(detail=False, methods=["post"], url_path="triage")
    def triage_many(self, request: Request) -> Response:
        """Change up to 200 findings alike, whatever was decided before: all of them, or none."""
        shape = BulkTriageSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        named, reason = changes.pop("findings"), changes.pop("reason")
        triage.triage(actor=self.actor, findings=named, changes=changes, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=StorySerializer)
    @action(detail=True)
    def story(self, request: Request, uuid: UUID) -> Response:
        """Answer all that happened to the finding, the oldest first."""
        chapters = findings.story_of(self.get_object())
        return Response(StorySerializer({"chapters": chapters}).data)

    @extend_schema(
        parameters=[TrendQuerySerializer],
        responses={
            (200, "application/json"): FindingTrendSerializer,
            (200, "text/csv"): OpenApiTypes.BINARY,
        },
    )
    @action(
        detail=False,
        filter_backends=(),
        pagination_class=None,
        content_negotiation_class=FormatIsAParameter,
    )
    def trend(self, request: Request) -> Response | StreamingHttpResponse:
        """Answer how findings went: open by severity day by day, regressions, time to mend."""
        shape = TrendQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        asked = dict(shape.validated_data)
        form = asked.pop("format")
        found = trend_of(self.actor, TrendQuery(**asked))
        if form == "csv":
            return StreamingHttpResponse(
                lines(csv_rows(found)),
                content_type="text/csv; charset=utf-8; header=present",
                headers={"Content-Disposition": 'attachment; filename="findings-trend.csv"'},
            )
        return Response(FindingTrendSerializer(found).data)


class FindingCommentFilter(filters.FilterSet):
    """Filters of comments on findings."""

    finding = filters.UUIDFilter(field_name="finding__uuid")
    workspace = filters.CharFilter(field_name="finding__workspace__slug")
    author = filters.CharFilter(field_name="author__username")

    class Meta:
        model = FindingComment
        fields: tuple[str, ...] = ()


class FindingCommentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Comments on findings that the caller may see, newest first."""

    queryset = FindingComment.objects.none()
    serializer_class = FindingCommentSerializer
    filterset_class = FindingCommentFilter
    workspace_path = "finding__workspace"

    def get_queryset(self) -> QuerySet[FindingComment]:
        return findings.visible_comments(self.actor)

    @extend_schema(
        request=FindingCommentCreateSerializer, responses={201: FindingCommentSerializer}
    )
    def create(self, request: Request) -> Response:
        """Comment on a finding."""
        shape = FindingCommentCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        added = finding_comments.add(actor=self.actor, **shape.validated_data)
        return self._answer(added.uuid, code=status.HTTP_201_CREATED)

    @extend_schema(responses={200: FindingCommentSerializer})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Take the words of a comment away; the answer is what is left of it."""
        finding_comments.redact(actor=self.actor, comment=uuid)
        return self._answer(uuid)

    def _answer(self, uuid: UUID, *, code: int = status.HTTP_200_OK) -> Response:
        found = findings.comment_by_uuid(self.actor, uuid)
        return Response(FindingCommentSerializer(found).data, status=code)
