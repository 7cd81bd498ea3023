"""Bodies that hold catalogs: of megabytes, and so taken compressed too."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from django.conf import settings

from core.errors import TooLarge
from core.http.compressed import GZIP, inflated
from core.http.parsers import LimitedParser, StrictJSONParser
from core.http.yaml_parser import PlainYAMLParser

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CATALOG_BYTES: Final = 16 * 1024 * 1024


class InflatingParser(LimitedParser):
    """Reads a body of at most ``settings.MAX_BODY_BYTES`` as sent; one that is sent with
    ``Content-Encoding: gzip`` may be MAX_CATALOG_BYTES once inflated."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the decoded body; raises InvalidInput or TooLarge."""
        request = (parser_context or {}).get("request")
        coding = request.headers.get("Content-Encoding", "").strip().lower() if request else ""
        if coding not in GZIP:
            return super().parse(stream, media_type, parser_context)
        limit = settings.MAX_BODY_BYTES
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge(f"The body is over the limit of {limit} bytes.")
        return self.decode(inflated(raw, limit=MAX_CATALOG_BYTES))


class CatalogJSONParser(InflatingParser, StrictJSONParser):
    """Strict JSON, compressed or not."""


class CatalogYAMLParser(InflatingParser, PlainYAMLParser):
    """YAML that means JSON, compressed or not."""
