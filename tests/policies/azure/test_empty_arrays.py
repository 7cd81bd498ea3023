"""Which definitions ask whether elements of an array exist: the answer on none is in the docs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policies.engines.base import State
from policies.engines.embedded import EmbeddedEngine
from tests.policies.azure.cases import with_value
from tests.policies.azure.entries import ENTRIES
from tests.policies.azure.harness import states


def _conditions(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a definition that is a condition on a field, whether it exists."""
    if isinstance(value, dict):
        if "exists" in value and "[*]" in str(value.get("field")):
            yield value
        for inner in value.values():
            yield from _conditions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _conditions(inner)


def test_two_definitions_ask_whether_elements_exist(definitions: Path) -> None:
    asking = {
        entry.file: str(condition["exists"]).casefold()
        for entry in ENTRIES
        for condition in _conditions(
            json.loads((definitions / entry.file).read_text(encoding="utf-8"))
        )
    }

    assert asking == {
        # Whether none exists: true of an empty array however it is read.
        "Azure Ai Services/NetworkAcls_Audit.json": "false",
        "Azure Ai Services/DiagnosticLogs_Audit.json": "true",
    }


@pytest.mark.parametrize("logs", [[], None], ids=["empty", "untold"])
def test_a_setting_without_logs_sends_none(engine: EmbeddedEngine, logs: Any) -> None:
    for entry in ENTRIES:
        if entry.rule == "azure_ai.diagnostic_logs":
            changed = with_value(entry.base, "diagnosticSettings.0.properties.logs", logs)
            documents = [entry.document(changed, entry.parameters[0])]
            assert states(engine, entry, documents) == [State.FAIL]
