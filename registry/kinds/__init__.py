"""The kinds of asset, a file each. To add one, write its file and schema and name it here."""

from __future__ import annotations

from registry.kinds.base import Kind
from registry.kinds.dataset import DATASET
from registry.kinds.flow import FLOW
from registry.kinds.model import MODEL
from registry.kinds.prompt import PROMPT
from registry.kinds.result import RESULT

KINDS: dict[str, Kind] = {kind.slug: kind for kind in (MODEL, PROMPT, DATASET, RESULT, FLOW)}

__all__ = ["KINDS", "Kind"]
