"""What changed between two versions of a framework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audits.frameworks.model import Control, Framework

FIELDS = ("title", "statement", "group", "parent", "is_withdrawn")


@dataclass(frozen=True)
class ControlChange:
    """A control that both versions have, and the names of what differs."""

    control: str
    fields: tuple[str, ...]
    before: Control
    after: Control


@dataclass(frozen=True)
class FrameworkDifference:
    """Controls by how they changed, in the order of the version that has them."""

    added: tuple[Control, ...]
    removed: tuple[Control, ...]
    changed: tuple[ControlChange, ...]


def difference(before: Framework, after: Framework) -> FrameworkDifference:
    """Return what ``after`` has that ``before`` did not, the reverse, and what it says anew."""
    changes = []
    for name, new in after.by_name.items():
        old = before.by_name.get(name)
        if old is None:
            continue
        fields = tuple(each for each in FIELDS if getattr(old, each) != getattr(new, each))
        if fields:
            changes.append(ControlChange(name, fields, old, new))
    return FrameworkDifference(
        added=tuple(each for each in after.controls if each.name not in before.by_name),
        removed=tuple(each for each in before.controls if each.name not in after.by_name),
        changed=tuple(changes),
    )
