"""The posture of a workspace over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.posture import PostureQuerySerializer, PostureSerializer
from policies.models import Decision
from policies.queries.posture import posture_of
from registry import access

if TYPE_CHECKING:
    from rest_framework.request import Request


class PostureViewSet(ActorViewSet):
    """What the rules of a workspace said last, now or as of a time."""

    queryset = Decision.objects.none()
    serializer_class = PostureSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        parameters=[PostureQuerySerializer], responses=forced_singular_serializer(PostureSerializer)
    )
    def list(self, request: Request) -> Response:
        """Answer the state of each rule on each subject from stored decisions, and what the gates
        would make of them; nothing is evaluated."""
        shape = PostureQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        wanted: dict[str, Any] = shape.validated_data
        place = access.workspace_by_slug(self.actor, wanted["workspace"], field="workspace")
        return Response(PostureSerializer(posture_of(place, at=wanted["at"])).data)
