"""What the console journals."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AdministratorWasCreated(Event):
    """The first start of an installation made its administrator."""

    action = "console.administrator.created"
