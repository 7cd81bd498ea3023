"""Grow the transparency log, and keep its keys and anchors."""
