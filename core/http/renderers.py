"""Write JSON fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from rest_framework.renderers import BaseRenderer

if TYPE_CHECKING:
    from collections.abc import Mapping


class MsgspecJSONRenderer(BaseRenderer):
    """Renders with msgspec, which knows datetimes and UUIDs and is several times faster."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the JSON text of ``data``, empty for None."""
        return b"" if data is None else msgspec.json.encode(data, enc_hook=str)
