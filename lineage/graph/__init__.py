"""The graph of versions: where one came from, and what it went into."""

from __future__ import annotations

from lineage.graph.exploration import explore, sources_of
from lineage.graph.shapes import Direction, Graph, Node

__all__ = ["Direction", "Graph", "Node", "explore", "sources_of"]
