"""Webhooks and their deliveries over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.http.views import ActorViewSet
from registry import access
from registry.api.serializers.webhooks import (
    DeliveryDetailSerializer,
    DeliverySerializer,
    KeyedWebhookSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    RotateSerializer,
    WebhookChangeSerializer,
    WebhookCreateSerializer,
    WebhookReasonSerializer,
    WebhookSerializer,
)
from registry.models import Webhook, WebhookAttempt, WebhookDelivery
from registry.permissions import Permission
from registry.services.webhooks import managing, replaying

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request

    from registry.services.webhooks.managing import Keyed

SHOWN_TRIES = 20


class WebhookFilter(filters.FilterSet):
    """Filters of webhooks."""

    workspace = filters.CharFilter(field_name="workspace__slug")
    state = filters.CharFilter()

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = ()


class WebhookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """Webhooks of the workspaces whose settings the caller may change."""

    queryset = Webhook.objects.none()
    view_right = Permission.CHANGE_WORKSPACE
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter

    def get_queryset(self) -> QuerySet[Webhook]:
        reach = access.in_reach(self.actor, permission=Permission.CHANGE_WORKSPACE)
        alive = Webhook.objects.exclude(state=Webhook.State.DELETED)
        return alive.filter(reach).select_related("workspace")

    @extend_schema(request=WebhookCreateSerializer, responses={201: KeyedWebhookSerializer})
    def create(self, request: Request) -> Response:
        """Make a webhook; its secret is answered this once."""
        shape = WebhookCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        return _keyed(managing.create(actor=self.actor, **shape.validated_data), code=201)

    @extend_schema(request=WebhookChangeSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Change address, events or description."""
        shape = WebhookChangeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        changes = dict(shape.validated_data)
        reason = changes.pop("reason")
        changed = managing.change(actor=self.actor, webhook=uuid, changes=changes, reason=reason)
        return Response(WebhookSerializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete a webhook with its secrets."""
        managing.delete(actor=self.actor, webhook=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=WebhookReasonSerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, uuid: UUID) -> Response:
        """Switch a webhook on again; what was queued before goes out."""
        return self._switch(request, uuid, enabled=True)

    @extend_schema(request=WebhookReasonSerializer, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def disable(self, request: Request, uuid: UUID) -> Response:
        """Switch a webhook off."""
        return self._switch(request, uuid, enabled=False)

    def _switch(self, request: Request, uuid: UUID, *, enabled: bool) -> Response:
        shape = WebhookReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        switched = managing.switch(
            actor=self.actor, webhook=uuid, enabled=enabled, **shape.validated_data
        )
        return Response(WebhookSerializer(switched).data)

    @extend_schema(request=RotateSerializer, responses=KeyedWebhookSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, uuid: UUID) -> Response:
        """Make a new secret, answered this once; the earlier one signs, too, for a while."""
        shape = RotateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        keyed = managing.rotate(actor=self.actor, webhook=uuid, **shape.validated_data)
        return _keyed(keyed, code=200)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, uuid: UUID) -> Response:
        """Send a test delivery; the log tells what came of it."""
        delivery = replaying.ping(actor=self.actor, webhook=uuid)
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReplaySerializer, responses={202: ReplayedSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uuid: UUID) -> Response:
        """Send every dead letter once more, or one delivery."""
        shape = ReplaySerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        queued = replaying.replay(actor=self.actor, webhook=uuid, **shape.validated_data)
        return Response({"queued": queued}, status=status.HTTP_202_ACCEPTED)


def _keyed(keyed: Keyed, *, code: int) -> Response:
    body = WebhookSerializer(keyed.webhook).data | {"secret": keyed.secret}
    return Response(body, status=code, headers={"Cache-Control": "no-store"})


class DeliveryFilter(filters.FilterSet):
    """Filters of deliveries."""

    workspace = filters.CharFilter(field_name="webhook__workspace__slug")
    webhook = filters.UUIDFilter(field_name="webhook__uuid")
    state = filters.CharFilter()
    action = filters.CharFilter()

    class Meta:
        model = WebhookDelivery
        fields: tuple[str, ...] = ()


class DeliveryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ActorViewSet):
    """The log of deliveries, newest first."""

    queryset = WebhookDelivery.objects.none()
    workspace_path = "webhook__workspace"
    view_right = Permission.CHANGE_WORKSPACE
    filterset_class = DeliveryFilter

    def get_serializer_class(self) -> type[DeliverySerializer]:
        return DeliveryDetailSerializer if self.action == "retrieve" else DeliverySerializer

    def get_queryset(self) -> QuerySet[Any]:
        reach = access.in_reach(
            self.actor, path="webhook__workspace", permission=Permission.CHANGE_WORKSPACE
        )
        found = WebhookDelivery.objects.filter(reach).select_related("webhook", "entry")
        if self.action != "retrieve":
            return found
        newest = WebhookAttempt.objects.order_by("-pk")[:SHOWN_TRIES]
        return found.prefetch_related(Prefetch("attempts_made", queryset=newest, to_attr="tries"))
