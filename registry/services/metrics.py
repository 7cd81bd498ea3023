"""Define metrics."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.db import transaction

from core.errors import Conflict, InvalidInput
from core.journal import publish
from registry import access
from registry.events import MetricDefined
from registry.models import MetricDefinition, Workspace
from registry.permissions import Permission

if TYPE_CHECKING:
    from core.actors import Actor

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}\Z")
MAX_TEXT = 20_000


class Definition(TypedDict, total=False):
    """What a definition says; the range is open where a bound is left out."""

    evaluator_kind: str
    direction: str
    unit: str
    minimum: float | None
    maximum: float | None
    description: str
    source: str


def define(
    *, actor: Actor, name: str, workspace: str = "", **definition: Unpack[Definition]
) -> MetricDefinition:
    """Define a metric for a workspace (needs record_run), or without one for the organisation
    (needs its administrator). A name that is defined there gets a further revision.

    What the organisation defines, no workspace may define otherwise: Conflict.
    """
    place = _place(actor, workspace)
    _check(name, definition)
    with transaction.atomic():
        # One writer at a time per place: revisions count without gaps.
        if place is not None:
            Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
            common = MetricDefinition.objects.filter(workspace=None, name=name, is_current=True)
            if common.exists():
                raise Conflict(f"The organisation defines {name!r}; choose another name.")
        revisions = MetricDefinition.objects.select_for_update().filter(workspace=place, name=name)
        last = max((found.revision for found in revisions), default=0)
        MetricDefinition.objects.filter(workspace=place, name=name).update(is_current=False)
        made = MetricDefinition.objects.create(
            workspace=place, name=name, revision=last + 1, created_by=actor.user, **definition
        )
        publish(
            MetricDefined(
                subject=f"metric/{name}",
                workspace=place.uuid if place else None,
                name=name,
                revision=made.revision,
                evaluator_kind=made.evaluator_kind,
                direction=made.direction,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk) if place else (),
        )
    return made


def _place(actor: Actor, workspace: str) -> Workspace | None:
    if not workspace:
        access.require_organisation_admin(actor, subject="metrics")
        return None
    return access.workspace_by_slug(
        actor, workspace, permission=Permission.RECORD_RUN, field="workspace"
    )


def _check(name: str, definition: Definition) -> None:
    if not NAME.match(name):
        reason = "must start with a letter and hold up to 100 letters, digits, dots, - and _"
        raise InvalidInput.of("name", reason)
    for field, choices in (
        ("evaluator_kind", MetricDefinition.EvaluatorKind.values),
        ("direction", MetricDefinition.Direction.values),
    ):
        if definition.get(field) not in choices:
            raise InvalidInput.of(field, f"must be one of {', '.join(choices)}")
    if not definition.get("description", "").strip():
        raise InvalidInput.of("description", "must say what the numbers mean")
    minimum, maximum = definition.get("minimum"), definition.get("maximum")
    for field, bound in (("minimum", minimum), ("maximum", maximum)):
        if bound is not None and not math.isfinite(bound):
            raise InvalidInput.of(field, "must be a finite number")
    if minimum is not None and maximum is not None and minimum >= maximum:
        raise InvalidInput.of("minimum", "must be below maximum")
