"""Was a version permitted, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from audits.api.serializers.permitted import PermitQuerySerializer, VersionPermitSerializer
from audits.queries.permitted import permitted
from core.http.views import ActorViewSet
from registry.models import Promotion

if TYPE_CHECKING:
    from rest_framework.request import Request


class PermitViewSet(ActorViewSet):
    """Whether a version was permitted in production at a time, by whom, on what evidence."""

    queryset = Promotion.objects.none()
    serializer_class = VersionPermitSerializer
    filter_backends = ()
    pagination_class = None
    lists_whole = True

    @extend_schema(parameters=[PermitQuerySerializer], responses=VersionPermitSerializer)
    def list(self, request: Request) -> Response:
        """Answer for one version and one moment; the answer about a moment does not change."""
        shape = PermitQuerySerializer(data=request.query_params)
        shape.is_valid(raise_exception=True)
        wanted = shape.validated_data
        answer = permitted(self.actor, wanted["ref"], wanted["at"])
        return Response(VersionPermitSerializer(answer).data)
