"""Azure's built-in policy definitions, by identity: which there are, and which rules answer them.

Only ids, names and effects stand in the product; the definitions themselves are Azure's.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policies.packs.catalog import FOLDER, ShippedPolicy

DEFINITIONS = FOLDER / "azure_definitions.json"
PREFIX = "urn:azure:policy-definition:"


@dataclass(frozen=True, slots=True)
class AzureDefinition:
    """A built-in definition. `effects` are those that an assignment can choose, but disabled."""

    id: str
    name: str
    family: str
    effects: tuple[str, ...]

    @property
    def ref(self) -> str:
        """How a rule names the definition in its ``related_resources``."""
        return f"{PREFIX}{self.id}"


@functools.cache
def definitions() -> tuple[AzureDefinition, ...]:
    """Every definition that the packs are to answer, by family."""
    stored = json.loads(DEFINITIONS.read_text(encoding="utf-8"))
    return tuple(
        AzureDefinition(each["id"], each["name"], family, tuple(each["effects"]))
        for family, members in stored.items()
        for each in members
    )


def answered(policies: Iterable[ShippedPolicy]) -> Mapping[str, list[ShippedPolicy]]:
    """The policies that name each definition, by its id; what none names is missing."""
    found: dict[str, list[ShippedPolicy]] = {}
    for policy in policies:
        for resource in policy.metadata.related_resources:
            if resource.ref.startswith(PREFIX):
                found.setdefault(resource.ref.removeprefix(PREFIX), []).append(policy)
    return found
