"""The registry's pages in the back office."""

from __future__ import annotations

from registry.admin import assets, members, promotions, tokens, versions, workspaces

__all__ = ["assets", "members", "promotions", "tokens", "versions", "workspaces"]
