"""What policies under the effect ``modify`` propose: shown as a difference, never applied."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies.engines.base import State
from policies.engines.patches import PatchError, conflicting, patched
from policies.models import DocumentKind, Effect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policies.models import PolicyVersion
    from policies.queries.questions import Question

CONTEXT = 3


@dataclass(frozen=True)
class Modification:
    """A JSON Patch of a configuration and, unless it does not fit (``error``), what it would
    change: lines of a unified difference of the configuration as JSON."""

    patch: tuple[Mapping[str, Any], ...]
    lines: tuple[str, ...] = ()
    error: str = ""

    @property
    def diff(self) -> str:
        """Return the difference as one text."""
        return "\n".join(self.lines)


def modification_of(
    version: PolicyVersion, document: Mapping[str, Any], *, state: str
) -> Modification | None:
    """Return what a policy proposes for the configuration that it judged; None unless it failed
    and proposes something."""
    operations = version.described.modify
    configuration = document.get("configuration")
    if state != State.FAIL or not operations or not isinstance(configuration, Mapping):
        return None
    try:
        changed = patched(configuration, operations)
    except PatchError as error:
        return Modification(operations, error=str(error))
    lines = difflib.unified_diff(
        _written(configuration), _written(changed), "as it is", "modified", lineterm="", n=CONTEXT
    )
    return Modification(operations, tuple(lines))


def _written(value: Any) -> list[str]:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def modify_conflicts(
    questions: Sequence[Question], states: Sequence[str]
) -> dict[int, tuple[int, ...]]:
    """Return the places of the questions that fail under ``modify`` and whose patches contradict
    each other on one subject, each with those that it contradicts."""
    subjects: dict[tuple[int, str, int | None], dict[int, Any]] = defaultdict(dict)
    for place, (question, state) in enumerate(zip(questions, states, strict=True)):
        if question.rule.effect != Effect.MODIFY or state != State.FAIL:
            continue
        operations = question.rule.policy_version.described.modify
        if operations and question.kind == DocumentKind.CONFIGURATION:
            about = question.snapshot.resource_id if question.snapshot else None
            subjects[question.workspace.pk, question.subject, about][place] = operations
    found: dict[int, tuple[int, ...]] = {}
    for patches in subjects.values():
        found |= conflicting(patches)
    return found
