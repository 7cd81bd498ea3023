"""The entries of every family."""

from __future__ import annotations

from tests.policies.azure import (
    ai_services,
    bot,
    cognitive,
    cognitive_deployments,
    databricks,
    machine_learning,
    machine_learning_children,
    machine_learning_jobs,
    machine_learning_models,
    search,
)
from tests.policies.azure.cases import Entry

ENTRIES: tuple[Entry, ...] = (
    *ai_services.ENTRIES,
    *bot.ENTRIES,
    *cognitive.ENTRIES,
    *cognitive_deployments.ENTRIES,
    *databricks.ENTRIES,
    *machine_learning.ENTRIES,
    *machine_learning_children.ENTRIES,
    *machine_learning_jobs.ENTRIES,
    *machine_learning_models.ENTRIES,
    *search.ENTRIES,
)
