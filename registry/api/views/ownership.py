"""Owners of assets, and who watches what, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import InvalidInput
from core.http.views import ActorViewSet
from registry import access
from registry.api.filters import by_asset
from registry.api.serializers.collaboration import (
    OwnerCreateSerializer,
    OwnerFactSerializer,
    OwnersSerializer,
    WatchCreateSerializer,
    WatchSerializer,
)
from registry.models import AssetOwner, Watch
from registry.queries.owners import owners_of
from registry.queries.versions import asset_by_reference, asset_reference
from registry.services import owners, watches

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request


class OwnerFilter(filters.FilterSet):
    """Filters of ownerships."""

    asset = by_asset()
    workspace = filters.CharFilter(field_name="asset__workspace__slug")
    username = filters.CharFilter(field_name="user__username")
    group = filters.CharFilter(field_name="group__name")
    open = filters.BooleanFilter(field_name="valid_to", lookup_expr="isnull")

    class Meta:
        model = AssetOwner
        fields: tuple[str, ...] = ()


class OwnerViewSet(mixins.ListModelMixin, ActorViewSet):
    """Who was named the owner of which asset, past ownerships included."""

    queryset = AssetOwner.objects.none()
    workspace_path = "asset__workspace"
    serializer_class = OwnerFactSerializer
    filterset_class = OwnerFilter

    def get_queryset(self) -> QuerySet[Any]:
        reach = access.in_reach(self.actor, path="asset__workspace")
        return AssetOwner.objects.filter(reach).select_related("asset__workspace", "user", "group")

    @extend_schema(
        parameters=[OpenApiParameter("asset", str, required=True)],
        responses=OwnersSerializer,
        filters=False,
    )
    @action(detail=False, pagination_class=None)
    def current(self, request: Request) -> Response:
        """Answer who owns the asset ``asset`` (a reference) now; the creator if nobody else."""
        text = request.query_params.get("asset", "")
        if not text:
            raise InvalidInput.of("asset", "is required")
        asset = asset_by_reference(self.actor, text)
        body = {"asset": str(asset_reference(asset)), "owners": owners_of(asset)}
        return Response(OwnersSerializer(body).data)

    @extend_schema(request=OwnerCreateSerializer, responses={201: OwnerFactSerializer})
    def create(self, request: Request) -> Response:
        """Make an account or a group an owner."""
        shape = OwnerCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        owner = owners.add(actor=self.actor, **shape.validated_data)
        return Response(OwnerFactSerializer(owner).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """End an ownership; that it was held stays on record."""
        owners.remove(actor=self.actor, owner=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)


class WatchViewSet(mixins.ListModelMixin, ActorViewSet):
    """What the caller watches."""

    queryset = Watch.objects.none()
    serializer_class = WatchSerializer

    def get_queryset(self) -> QuerySet[Watch]:
        mine = Watch.objects.filter(access.in_reach(self.actor), user=self.actor.user)
        return mine.select_related("workspace", "asset__workspace")

    @extend_schema(request=WatchCreateSerializer, responses={201: WatchSerializer})
    def create(self, request: Request) -> Response:
        """Watch an asset or a whole workspace."""
        shape = WatchCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        watch = watches.start(actor=self.actor, **shape.validated_data)
        return Response(WatchSerializer(watch).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Stop watching."""
        watches.stop(actor=self.actor, watch=uuid)
        return Response(status=status.HTTP_204_NO_CONTENT)
