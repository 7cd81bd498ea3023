"""Receive OpenLineage events of other systems: into rows, and into the graph."""

from __future__ import annotations

from lineage.services.receiving.batches import Receipt, Refusal, receive, workspace_for
from lineage.services.receiving.own import tell_own

__all__ = ["Receipt", "Refusal", "receive", "tell_own", "workspace_for"]
