"""The entries of every family."""

from __future__ import annotations

from tests.policies.azure import (
    ai_services,
    bot,
    cognitive,
    cognitive_deployments,
    machine_learning,
)
from tests.policies.azure.cases import Entry

ENTRIES: tuple[Entry, ...] = (
    *machine_learning.ENTRIES,
    *ai_services.ENTRIES,
    *bot.ENTRIES,
    *cognitive.ENTRIES,
    *cognitive_deployments.ENTRIES,
)
