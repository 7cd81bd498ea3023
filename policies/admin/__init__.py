"""The policies' pages in the back office. Changes come over the REST API."""

from __future__ import annotations

from policies.admin import decisions, fleet, policies

__all__ = ["decisions", "fleet", "policies"]
