"""The entries of every family."""

from __future__ import annotations

from tests.policies.azure import databricks, machine_learning, search
from tests.policies.azure.cases import Entry

ENTRIES: tuple[Entry, ...] = (
    *machine_learning.ENTRIES,
    *search.ENTRIES,
    *databricks.ENTRIES,
)
