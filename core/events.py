"""What happened, as data. Each app declares its events as frozen dataclasses of this base."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import uuid

CATALOGUE: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every journalled event.

    ``action`` is ``<app>.<noun>.<past participle>``. ``subject`` is the reference of what changed,
    ``digest`` its content digest where it has one. The fields that a subclass adds become the
    entry's ``data``; they hold journal values only (core.canonical.journal_bytes).
    """

    action: ClassVar[str] = ""
    outcome: ClassVar[str] = "success"

    subject: str
    workspace: uuid.UUID | None = None
    digest: str = ""
    reason: str = ""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.action:
            return
        if cls.action in CATALOGUE and CATALOGUE[cls.action].__qualname__ != cls.__qualname__:
            raise TypeError(f"two events share the action {cls.action}")
        CATALOGUE[cls.action] = cls

    def data(self) -> dict[str, Any]:
        """Return the subclass's own fields."""
        own = {item.name for item in fields(Event)}
        return {
            item.name: getattr(self, item.name) for item in fields(self) if item.name not in own
        }


@dataclass(frozen=True, kw_only=True)
class AccessWasDenied(Event):
    """An authenticated caller was refused."""

    action = "core.access.denied"
    outcome = "denied"

    permission: str
