"""Assets, versions, kinds and references over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import InvalidInput, NotFound
from core.http.views import ActorViewSet
from registry import access
from registry.api.filters import AssetFilter, VersionFilter
from registry.api.serializers.kinds import KindPageSerializer, KindSerializer
from registry.api.serializers.life import DescriptionSerializer
from registry.api.serializers.versions import (
    AssetSerializer,
    BulkCreateSerializer,
    BulkPageSerializer,
    VersionCreateSerializer,
    VersionDetailSerializer,
    VersionSerializer,
)
from registry.api.views.life import AssetLife, VersionLife, checked
from registry.kinds import KINDS
from registry.kinds.cards import card_schema
from registry.models import Asset, AssetVersion
from registry.queries.life import with_standing
from registry.queries.versions import resolve, version_detail, visible_assets, visible_versions
from registry.services import descriptions, versions

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class AssetViewSet(mixins.ListModelMixin, AssetLife):
    """Assets that the caller may see."""

    queryset = Asset.objects.none()
    serializer_class = AssetSerializer
    filterset_class = AssetFilter

    def get_queryset(self) -> QuerySet[Asset]:
        return visible_assets(self.actor)


class VersionViewSet(mixins.ListModelMixin, VersionLife):
    """Versions that the caller may see, newest first."""

    queryset = AssetVersion.objects.none()
    serializer_class = VersionSerializer
    filterset_class = VersionFilter

    def get_queryset(self) -> QuerySet[AssetVersion]:
        return with_standing(visible_versions(self.actor)).prefetch_related("aliases")

    @extend_schema(responses=VersionDetailSerializer)
    def retrieve(self, request: Request, uuid: Any) -> Response:
        """Answer one version with everything that hangs on it."""
        return Response(self._detail(version_detail(self.actor, uuid)))

    @extend_schema(request=DescriptionSerializer, responses=VersionDetailSerializer)
    def partial_update(self, request: Request, uuid: Any) -> Response:
        """Describe a version anew."""
        given = checked(DescriptionSerializer, request)
        descriptions.describe_version(actor=self.actor, version=uuid, **given)
        return Response(self._detail(version_detail(self.actor, uuid)))

    @extend_schema(
        request=VersionCreateSerializer,
        responses={200: VersionDetailSerializer, 201: VersionDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Register a version; 200 instead of 201 when ``if_same`` found it there already."""
        shape = VersionCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        registered = versions.register(actor=self.actor, **shape.validated_data)
        code = status.HTTP_201_CREATED if registered.is_new else status.HTTP_200_OK
        detail = self._detail(version_detail(self.actor, registered.version.uuid))
        return Response(detail, status=code)

    @extend_schema(request=BulkCreateSerializer, responses={201: BulkPageSerializer})
    @action(detail=False, methods=["post"], filter_backends=(), pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Register up to 1,000 versions: all of them, or none."""
        shape = BulkCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        body = dict(shape.validated_data)
        done = versions.register_many(actor=self.actor, drafts=body.pop("items"), **body)
        answer = BulkPageSerializer({"results": done}).data
        return Response(answer, status=status.HTTP_201_CREATED)

    def _detail(self, version: AssetVersion) -> Any:
        places = {link.target.asset.workspace_id for link in version.links.all()}
        context = {"readable": access.readable(self.actor, places)}
        return VersionDetailSerializer(version, context=context).data


class ResolveViewSet(ActorViewSet):
    """Explains a reference."""

    queryset = AssetVersion.objects.none()
    serializer_class = VersionSerializer
    pagination_class = None
    lists_whole = True

    @extend_schema(
        parameters=[OpenApiParameter("ref", str, required=True)], responses=VersionSerializer
    )
    def list(self, request: Request) -> Response:
        """Answer the version that ``ref`` means now."""
        text = request.query_params.get("ref", "")
        if not text:
            raise InvalidInput.of("ref", "is required")
        return Response(VersionSerializer(resolve(self.actor, text)).data)


KIND_IN_PATH = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))


class KindViewSet(ActorViewSet):
    """The kinds of asset and their published schemas."""

    lookup_field = "kind"
    lookup_value_converter = "str"
    pagination_class = None
    filter_backends = ()
    lists_whole = True

    @extend_schema(operation_id="registry_kinds_list", responses=KindPageSerializer)
    def list(self, request: Request) -> Response:
        """Answer every kind."""
        return Response({"results": [_kind(slug) for slug in KINDS], "next": None})

    @extend_schema(parameters=[KIND_IN_PATH], responses=KindSerializer)
    def retrieve(self, request: Request, kind: str) -> Response:
        """Answer one kind."""
        return Response(_kind(kind))

    @extend_schema(parameters=[KIND_IN_PATH], responses={200: {"type": "object"}})
    @action(detail=True, url_path="schema")
    def spec_schema(self, request: Request, kind: str) -> Response:
        """Answer the JSON Schema that a spec of this kind must fit."""
        if kind not in KINDS:
            raise NotFound
        return Response(KINDS[kind].schema)

    @extend_schema(parameters=[KIND_IN_PATH], responses={200: {"type": "object"}})
    @action(detail=True, url_path="card-schema")
    def card_schema(self, request: Request, kind: str) -> Response:
        """Answer the JSON Schema that the fields of a card of this kind must fit."""
        if kind not in KINDS:
            raise NotFound
        return Response(card_schema(kind))


def _kind(slug: str) -> dict[str, Any]:
    if slug not in KINDS:
        raise NotFound
    return KindSerializer(KINDS[slug]).data
