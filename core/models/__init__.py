"""The kernel's tables."""

from __future__ import annotations

from core.models.journal import (
    ConsumerCursor,
    ConsumerFailure,
    JournalEntry,
    JournalPending,
    JournalSequence,
    PersonalDatum,
)
from core.models.request import IdempotentRequest
from core.models.task import Task
from core.models.user import User
from core.models.worker import WorkerHeartbeat

__all__ = [
    "ConsumerCursor",
    "ConsumerFailure",
    "IdempotentRequest",
    "JournalEntry",
    "JournalPending",
    "JournalSequence",
    "PersonalDatum",
    "Task",
    "User",
    "WorkerHeartbeat",
]
