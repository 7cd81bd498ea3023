"""Read YAML bodies where an address takes files that people write."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import TooLarge
from core.plain_yaml import MEDIA_TYPE, loads

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlainYAMLParser(BaseParser):
    """Parses YAML that means JSON; a body over ``settings.MAX_BODY_BYTES`` is an error."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body; raises InvalidInput or TooLarge."""
        limit = settings.MAX_BODY_BYTES
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"The body is over the limit of {limit} bytes.")
        return loads(raw)
