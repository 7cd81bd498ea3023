"""Which attestations count."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from django.utils import timezone

from policies.models import Attestation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from policies.models import Assignment
    from policies.queries.questions import Question
    from registry.models import Workspace

# What an attestation is of: assignment, workspace, and member of the assignment's set.
Key: TypeAlias = "tuple[int, int, str]"


def attestations_in_force(
    assignments: Iterable[Assignment],
    workspaces: Sequence[Workspace],
    *,
    at: datetime | None = None,
) -> dict[Key, tuple[Attestation, ...]]:
    """Return the attestations that have neither ended nor expired, now or as of ``at``; one query,
    none where there are no assignments."""
    ids = [assignment.pk for assignment in assignments]
    if not ids:
        return {}
    rows = (
        Attestation.objects.as_of(at)
        .filter(
            assignment__in=ids,
            workspace__in=[workspace.pk for workspace in workspaces],
            expires_at__gt=at or timezone.now(),
        )
        .order_by("id")
    )
    found: dict[Key, list[Attestation]] = defaultdict(list)
    for row in rows:
        found[row.assignment_id, row.workspace_id, row.reference_id].append(row)
    return {key: tuple(each) for key, each in found.items()}


def attestation_of(question: Question) -> Attestation | None:
    """Return the attestation that answers the question: the newest of those that are closest to
    its subject."""
    about = question.snapshot.resource_id if question.snapshot else None
    covering = [
        row
        for row in question.rule.attestations
        if (row.resource_id is None or row.resource_id == about)
        and row.asset in {"", question.asset}
    ]
    return max(covering, key=_closeness, default=None)


def _closeness(row: Attestation) -> tuple[bool, int]:
    return row.resource_id is not None or bool(row.asset), row.pk
