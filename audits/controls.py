"""Controls as policies name them: ``framework/control``. Free of Django."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Control:
    """A requirement of a framework, like ``art-15.5`` of ``eu-ai-act``."""

    framework: str
    name: str

    @classmethod
    def parse(cls, reference: str) -> Control:
        """Return the control of a reference; without a slash it belongs to no framework."""
        framework, slash, name = reference.partition("/")
        return cls(framework, name) if slash else cls("", reference)

    @property
    def order(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        """Return a key that sorts as people number controls: ``art-9`` before ``art-15``."""
        parts = NUMBERS.split(self.name)
        return self.framework, tuple(
            (int(part), "") if part.isdigit() else (-1, part) for part in parts
        )
