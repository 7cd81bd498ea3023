"""How pages show what gates said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

register = template.Library()
# A reason's detail may tell its effect; these had none on the outcome.
WITHOUT_EFFECT = frozenset({"audit", "disabled"})


@dataclass(frozen=True)
class Split:
    """Reasons that counted, and those that are on record only."""

    counted: list[Mapping[str, Any]]
    recorded: list[Mapping[str, Any]]


@register.simple_tag
def split(reasons: Sequence[Mapping[str, Any]]) -> Split:
    """Return the reasons of a verdict in two parts."""
    recorded = [reason for reason in reasons if _is_recorded(reason["detail"])]
    return Split([reason for reason in reasons if reason not in recorded], recorded)


def _is_recorded(detail: Mapping[str, Any]) -> bool:
    return detail.get("effect") in WITHOUT_EFFECT or detail.get("state") == "exempt"
