"""The facts beside the results: each value with its count, to be clicked on and off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from console.pages.catalogue.question import Question

# In the order of the page, with how people call them.
TITLES = {
    "kind": "Kind",
    "workspace": "Workspace",
    "stage": "Stage",
    "task": "Task",
    "provider": "Provider",
    "license": "Licence",
    "risk_tier": "Risk tier",
    "modality": "Modality",
    "tag": "Tag",
    "alias": "Alias",
    "lifecycle": "State",
    "card_status": "Card",
    "scan_verdict": "Content scan",
    "source_type": "Source",
}
MORE_TITLES = {
    "owner": "Owner",
    "metric": "Metric",
    "fresh": "Changed in",
    "parameters_min": "Parameters from",
    "parameters_max": "Parameters to",
    "context_length_min": "Context from",
    "price_max": "Price to",
    "updated_after": "Changed after",
}
SHOWN = 6


@dataclass(frozen=True)
class Choice:
    """A value of a fact; ``address`` turns it on or off."""

    label: str
    count: int
    is_on: bool
    address: str


@dataclass(frozen=True)
class Facet:
    """A fact with its first values, and those behind a fold."""

    title: str
    choices: Sequence[Choice]
    more: Sequence[Choice]

    @property
    def is_asked(self) -> bool:
        """Tell whether a filter by this fact holds."""
        return any(choice.is_on for choice in (*self.choices, *self.more))


def shown(question: Question, counts: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Facet]:
    """Return the facts that have a value to choose; what is chosen comes first."""
    found = []
    for name, title in TITLES.items():
        held = question.given.get(name, ())
        counted = {each["value"]: each["count"] for each in counts.get(name, ())}
        values = [*held, *(value for value in counted if value not in held)]
        choices = [
            Choice(
                label_of(name, value),
                counted.get(value, 0),
                value in held,
                question.toggled(name, value),
            )
            for value in values
        ]
        if choices:
            cut = max(SHOWN, len(held))
            found.append(Facet(title, choices[:cut], choices[cut:]))
    return found


def label_of(name: str, value: str) -> str:
    """Return how people read a value of a filter."""
    if name == "kind" and value in KINDS:
        return KINDS[value].label
    if name == "alias":
        return f"@{value}"
    return value.replace("_", " ") if name in {"card_status", "scan_verdict"} else value


def total(question: Question, counts: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
    """Return how many entries fit; every entry has a kind, and the filter by it counts not."""
    wanted = question.given.get("kind")
    kinds = counts.get("kind", ())
    return sum(each["count"] for each in kinds if not wanted or each["value"] in wanted)
