"""Resources that the submitter has in the shape of their platform already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import DECLARED, Draft, Hints, Reach, mapping, text

_KEYS = {"type", "external_id", "configuration"}


class Native:
    """One object with ``type``, ``external_id`` and ``configuration``, or a list of them; with
    type and id told beside it, the configuration alone."""

    name = "native"
    title = "The platform's own shape, taken as it is"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """Take each configuration as it is."""
        if isinstance(document, dict) and not document.keys() >= _KEYS:
            document = {
                "type": hints.type,
                "external_id": hints.external_id,
                "configuration": document,
            }
        items = document if isinstance(document, list) else [document]
        for index, item in enumerate(items):
            path = f"[{index}]" if isinstance(document, list) else ""
            told = mapping(item, path)
            yield Draft(
                text(told.get("type"), f"{path}.type".lstrip(".")),
                text(told.get("external_id"), f"{path}.external_id".lstrip(".")),
                mapping(told.get("configuration"), f"{path}.configuration".lstrip(".")),
            )

    def reach(self, resource_type: str) -> Reach | None:
        """Nothing is known of what such a document leaves out."""
        return None
