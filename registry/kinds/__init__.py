"""The kinds of asset, a file each. To add one, write its file and schema and name it here."""

from __future__ import annotations

from registry.kinds.agent import AGENT
from registry.kinds.application import APPLICATION
from registry.kinds.base import Kind
from registry.kinds.connection import CONNECTION
from registry.kinds.dataset import DATASET
from registry.kinds.flow import FLOW
from registry.kinds.index import INDEX
from registry.kinds.model import MODEL
from registry.kinds.prompt import PROMPT
from registry.kinds.result import RESULT
from registry.kinds.tool import TOOL

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        MODEL,
        PROMPT,
        DATASET,
        RESULT,
        FLOW,
        INDEX,
        TOOL,
        AGENT,
        CONNECTION,
        APPLICATION,
    )
}

# What columns and fields that hold a kind may say, with what people read.
CHOICES = [(kind.slug, kind.label) for kind in KINDS.values()]

__all__ = ["CHOICES", "KINDS", "Kind"]
