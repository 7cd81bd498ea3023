"""The published description of the API, made once per process."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SCHEMA_KWARGS, SpectacularAPIView
from rest_framework.request import Request


class DescriptionView(SpectacularAPIView):
    """Serves the description, which is the same for everybody, from memory.

    Making it costs more than half a second of a processor, and whoever comes may ask for it.
    """

    _made: dict[type, HttpResponse] = {}

    @extend_schema(**SCHEMA_KWARGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The description in the format that the request accepts."""
        described: Any = super()
        if request.query_params:
            # Another language or version than those that nearly everybody asks for.
            answer: HttpResponse = described.get(request, *args, **kwargs)
            return answer
        renderer = request.accepted_renderer
        made: Any = self._made.get(type(renderer))
        if made is None:
            made = described.get(request, *args, **kwargs)
            made.accepted_renderer = renderer
            made.accepted_media_type = renderer.media_type
            made.renderer_context = self.get_renderer_context()
            made.render()
            self._made[type(renderer)] = made
        kept = ("Content-Type", "Content-Disposition")
        return HttpResponse(made.content, headers={name: made[name] for name in kept})
