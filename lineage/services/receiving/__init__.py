"""Receive OpenLineage events of other systems: into rows, and into the graph."""

from __future__ import annotations

from lineage.services.receiving.batches import Receipt, Refusal, receive, workspace_for
from lineage.services.receiving.telling import tell

__all__ = ["Receipt", "Refusal", "receive", "tell", "workspace_for"]
