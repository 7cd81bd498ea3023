"""Read YAML bodies where an address takes files that people write."""

from __future__ import annotations

from typing import Any

from core.http.parsers import LimitedParser
from core.plain_yaml import MEDIA_TYPE, loads


class PlainYAMLParser(LimitedParser):
    """Parses YAML that means JSON."""

    media_type = MEDIA_TYPE

    def decode(self, raw: bytes) -> Any:
        """Return the value of the YAML subset; raises InvalidInput."""
        return loads(raw)
