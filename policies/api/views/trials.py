"""The playground over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.http.views import ActorViewSet
from policies.api.serializers.trials import TrialCreateSerializer, TrialSerializer
from policies.models import PolicyVersion
from policies.services import playground

if TYPE_CHECKING:
    from rest_framework.request import Request


class PlaygroundViewSet(ActorViewSet):
    """Policies that are not stored, tried on a document; nothing is kept."""

    queryset = PolicyVersion.objects.none()
    workspace_path = ""
    serializer_class = TrialSerializer

    @extend_schema(request=TrialCreateSerializer, responses={200: TrialSerializer})
    def create(self, request: Request) -> Response:
        """Evaluate a text on every engine of this machine: result, time, what it prints and why."""
        shape = TrialCreateSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        told = dict(shape.validated_data)
        trial = playground.try_policy(
            actor=self.actor,
            source=told["source"],
            explain=told["explain"],
            given=playground.Given(
                snapshot=told.get("snapshot"),
                fixture=told.get("fixture"),
                document=told.get("input"),
                parameters=told.get("parameters", {}),
            ),
        )
        return Response(TrialSerializer(trial).data)
