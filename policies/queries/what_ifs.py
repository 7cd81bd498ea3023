"""What-ifs that an actor may see, and the questions of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import Denial, NotFound
from policies.models import WhatIf, WhatIfResult
from policies.queries.configurations import configurations_by_workspace
from policies.queries.questions import Question, configuration_questions
from policies.queries.standing import standing_questions
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from policies.queries.assignments import Rule
    from registry.models import Workspace


def visible_what_ifs(actor: Actor) -> QuerySet[WhatIf]:
    """Return the what-ifs that the actor asked; administrators of the organisation see all."""
    rows = WhatIf.objects.select_related("task", "requested_by")
    return rows if access.administers_organisation(actor) else rows.filter(requested_by=actor.user)


def what_if_by_uuid(actor: Actor, uuid: UUID) -> WhatIf:
    """Return that what-if; raises NotFound for a missing one or somebody else's."""
    if found := visible_what_ifs(actor).filter(uuid=uuid).first():
        return found
    if not WhatIf.objects.filter(uuid=uuid).exists():
        raise NotFound
    raise NotFound(denial=Denial(Permission.ASSIGN_POLICY.value, f"what-if/{uuid}", None))


def results_of(what_if: WhatIf, actor: Actor) -> QuerySet[WhatIfResult]:
    """Return what would not pass, in workspaces that the actor may still see."""
    return (
        WhatIfResult.objects.filter(access.in_reach(actor), what_if=what_if)
        .select_related("workspace", "policy_version__policy", "resource", "version__asset")
        .defer("policy_version__source", "policy_version__tests")
    )


HEADINGS = (
    "would",
    "state",
    "workspace",
    "policy",
    "severity",
    "reference_id",
    "subject",
    "findings",
    "error",
)


def csv_rows(results: QuerySet[WhatIfResult]) -> Iterator[Iterable[object]]:
    """Yield the headings and a row for each result."""
    yield HEADINGS
    for row in results.order_by("would", "id").iterator(chunk_size=500):
        yield (
            row.would,
            row.state,
            row.workspace.slug,
            row.policy_version.reference,
            row.severity,
            row.reference_id,
            row.subject,
            "; ".join(each["msg"] for each in row.findings),
            row.error,
        )


@dataclass(frozen=True)
class _Unit:
    """A workspace with the aliases that are protected there now."""

    workspace: Workspace

    @property
    def workspace_id(self) -> int:
        return self.workspace.pk

    @property
    def protected_aliases(self) -> Sequence[str]:
        return sorted(self.workspace.protected_aliases)


def what_if_questions(
    workspace: Workspace, rules: Sequence[Rule], *, at: datetime
) -> list[Question]:
    """Return what the rules would ask in a workspace: about each configuration in scope and, for
    rules about promotions, about what stands under protected aliases."""
    configurations = configurations_by_workspace([workspace], at=at)[workspace.pk]
    questions = configuration_questions(workspace, rules, configurations)
    return [*questions, *standing_questions(_Unit(workspace), rules, at=at)]
