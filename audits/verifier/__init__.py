"""The verifier that strangers run: one file, no code shared with the server."""

from __future__ import annotations

from pathlib import Path


def source() -> str:
    """Return the text of the verifier."""
    return (Path(__file__).parent / "muniment_verify.py").read_text(encoding="utf-8")
