"""Lineage's tables."""

from __future__ import annotations

from lineage.models.delivery import DeadLetter, Sink
from lineage.models.edge import PROMOTED, Edge
from lineage.models.event import LineageEvent, Mention

__all__ = ["PROMOTED", "DeadLetter", "Edge", "LineageEvent", "Mention", "Sink"]
