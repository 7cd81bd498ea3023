"""The graph of versions: where one came from, and what it went into."""

from __future__ import annotations

from lineage.graph.exploration import Direction, Graph, Node, explore

__all__ = ["Direction", "Graph", "Node", "explore"]
