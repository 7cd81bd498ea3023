"""The caller's notifications over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry.api.serializers.collaboration import (
    CountSerializer,
    NotificationSerializer,
    ReadAllSerializer,
)
from registry.models import Notification
from registry.queries.notifications import own_notifications, unread_count
from registry.services.notices import reading

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class NotificationFilter(filters.FilterSet):
    """Filters of notifications."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")
    reason = filters.CharFilter()
    action = filters.CharFilter()

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


class NotificationViewSet(mixins.ListModelMixin, ActorViewSet):
    """What the caller was told, as far as it may still see what that is about."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    filterset_class = NotificationFilter

    def get_queryset(self) -> QuerySet[Notification]:
        return own_notifications(self.actor)

    @extend_schema(responses=CountSerializer, filters=False)
    @action(detail=False, pagination_class=None)
    def unread(self, request: Request) -> Response:
        """Answer how many are unread; counting stops at 1,000."""
        return Response({"count": unread_count(self.actor)})

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, uuid: UUID) -> Response:
        """Mark one as read."""
        found = reading.read(actor=self.actor, notification=uuid)
        return Response(NotificationSerializer(found).data)

    @extend_schema(request=ReadAllSerializer, responses=CountSerializer)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all as read, or all up to one; answers how many that were."""
        shape = ReadAllSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        return Response({"count": reading.read_all(actor=self.actor, **shape.validated_data)})
