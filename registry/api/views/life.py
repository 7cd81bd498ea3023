"""What becomes of assets and versions, over HTTP: parts of their two viewsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from core.errors import InvalidInput
from core.http.views import ActorViewSet
from registry.api.serializers.life import (
    DescriptionSerializer,
    LifecycleChangeSerializer,
    LifecycleInputSerializer,
    LifecycleSerializer,
    LinkedVersionSerializer,
    NameSerializer,
    TagSerializer,
    TagValueSerializer,
)
from registry.api.serializers.versions import AssetDetailSerializer
from registry.queries.life import standing_at
from registry.queries.links import DIRECTIONS, linked
from registry.queries.versions import asset_at, version_at
from registry.services import deletion, descriptions, lifecycle, naming, tags

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from rest_framework.request import Request

    from core.http.serializers import InputSerializer

REASON = OpenApiParameter("reason", str, required=False)
NEEDED_REASON = OpenApiParameter("reason", str, required=True)
KEY = OpenApiParameter("key", str, OpenApiParameter.PATH)
AT = OpenApiParameter("at", {"type": "string", "format": "date-time"}, required=False)


def moment(request: Request) -> datetime | None:
    """Return the time that ``at`` asks for; None where it asks for none."""
    text = request.query_params.get("at", "")
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or is_naive(found):
        raise InvalidInput.of("at", "must be a time with offset, such as 2026-01-31T12:00:00Z")
    return found


def checked(shape: type[InputSerializer], request: Request) -> dict[str, Any]:
    """Return the values of the request's body, which must be of that shape."""
    serializer = shape(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


class AssetLife(ActorViewSet):
    """Describe, rename, tag and delete assets."""

    @extend_schema(responses=AssetDetailSerializer)
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Answer one asset with its tags and former names."""
        return Response(AssetDetailSerializer(asset_at(self.actor, uuid)).data)

    @extend_schema(request=DescriptionSerializer, responses=AssetDetailSerializer)
    def partial_update(self, request: Request, uuid: UUID) -> Response:
        """Describe an asset anew."""
        given = checked(DescriptionSerializer, request)
        found = descriptions.describe_asset(actor=self.actor, asset=uuid, **given)
        return Response(AssetDetailSerializer(found).data)

    @extend_schema(parameters=[NEEDED_REASON], responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete an asset with all its versions; 409 tells what holds it."""
        reason = request.query_params.get("reason", "")
        deletion.delete_asset(actor=self.actor, asset=uuid, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NameSerializer, responses=AssetDetailSerializer)
    @action(detail=True, methods=["post"])
    def rename(self, request: Request, uuid: UUID) -> Response:
        """Give an asset another name; the former one stays its own."""
        given = checked(NameSerializer, request)
        found = naming.rename(actor=self.actor, asset=uuid, **given)
        return Response(AssetDetailSerializer(found).data)

    @extend_schema(parameters=[KEY], request=TagValueSerializer, responses=TagSerializer)
    @action(detail=True, methods=["put"], url_path="tags/<path:key>", url_name="tag")
    def tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Give a tag of an asset a value."""
        given = checked(TagValueSerializer, request)
        found = tags.set_asset_tag(actor=self.actor, asset=uuid, key=key, **given)
        return Response(TagSerializer(found).data)

    @extend_schema(parameters=[KEY, REASON], responses={204: None})
    @tag.mapping.delete
    def remove_tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Remove a tag of an asset."""
        reason = request.query_params.get("reason", "")
        tags.remove_asset_tag(actor=self.actor, asset=uuid, key=key, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)


class VersionLife(ActorViewSet):
    """Tag, deprecate, withdraw and delete versions; see what is linked to them."""

    @extend_schema(parameters=[NEEDED_REASON], responses={204: None})
    def destroy(self, request: Request, uuid: UUID) -> Response:
        """Delete a version; 409 tells what holds it."""
        reason = request.query_params.get("reason", "")
        deletion.delete_version(actor=self.actor, version=uuid, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[KEY], request=TagValueSerializer, responses=TagSerializer)
    @action(detail=True, methods=["put"], url_path="tags/<path:key>", url_name="tag")
    def tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Give a tag of a version a value."""
        given = checked(TagValueSerializer, request)
        found = tags.set_version_tag(actor=self.actor, version=uuid, key=key, **given)
        return Response(TagSerializer(found).data)

    @extend_schema(parameters=[KEY, REASON], responses={204: None})
    @tag.mapping.delete
    def remove_tag(self, request: Request, uuid: UUID, key: str) -> Response:
        """Remove a tag of a version."""
        reason = request.query_params.get("reason", "")
        tags.remove_version_tag(actor=self.actor, version=uuid, key=key, reason=reason)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(parameters=[AT], responses=LifecycleSerializer)
    @action(detail=True, pagination_class=None, filter_backends=())
    def lifecycle(self, request: Request, uuid: UUID) -> Response:
        """Answer the state that a version is in, or was in at a time."""
        found = version_at(self.actor, uuid)
        return Response(
            LifecycleSerializer().to_representation(standing_at(found, moment(request)))
        )

    @extend_schema(request=LifecycleInputSerializer, responses=LifecycleChangeSerializer)
    @lifecycle.mapping.post
    def change_lifecycle(self, request: Request, uuid: UUID) -> Response:
        """Deprecate, archive or withdraw a version, or make it active again."""
        given = checked(LifecycleInputSerializer, request)
        changed = lifecycle.change(actor=self.actor, version=uuid, **given)
        dependents = changed.dependents
        return Response(
            {
                **LifecycleSerializer().to_representation(changed.standing),
                "dependents": len(dependents.version_ids),
                "is_truncated": dependents.is_truncated,
            }
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("direction", str, enum=DIRECTIONS, default="outgoing"),
            OpenApiParameter("role", str),
        ],
        responses=LinkedVersionSerializer(many=True),
    )
    @action(detail=True, filter_backends=())
    def links(self, request: Request, uuid: UUID) -> Response:
        """Answer the versions at the other end of the links, newest first, and how many of them
        the caller may not see (``hidden``)."""
        direction = request.query_params.get("direction", "outgoing")
        role = request.query_params.get("role", "")
        found = linked(self.actor, version_at(self.actor, uuid), direction=direction, role=role)
        page: Any = self.paginate_queryset(found.visible)
        shown = LinkedVersionSerializer(page, many=True, context={"direction": direction})
        answer = self.get_paginated_response(shown.data)
        answer.data["hidden"] = found.hidden
        return answer
