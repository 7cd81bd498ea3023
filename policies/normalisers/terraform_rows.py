"""What a type of a Terraform provider is on its platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.normalisers.rows import Row


@dataclass(frozen=True, slots=True)
class Kind:
    """The platform's type, the rows of its arguments, and what the provider's type stands for by
    itself (`fixed`)."""

    type: str
    rows: tuple[Row, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)

    def targets(self) -> tuple[str, ...]:
        """The paths that the type can tell."""
        return (*(row.target for row in self.rows), *self.fixed, "name")
