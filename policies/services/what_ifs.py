"""Ask what an assignment would find and do before there is one, and do the asking."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core import tasks
from core.errors import Conflict, InvalidInput
from core.ids import new_uuid
from core.journal import publish
from policies.events import WhatIfAsked
from policies.models import WhatIf
from policies.queries.what_ifs import what_if_by_uuid
from policies.services.assignments import assign, prepare
from policies.services.terms import Terms
from registry import access

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor
    from policies.models import Assignment
    from policies.services.assignments import Prepared

WHAT_IF_TASK = "policies.what_if"
LIFE = timedelta(days=7)
BATCH = 500


def ask(
    *, actor: Actor, scope: str, terms: Terms, policy: str = "", policy_set: str = ""
) -> WhatIf:
    """Ask in the background what `assign` with the same arguments would find and do.

    Nothing is assigned, no decision is stored, and nothing is enforced. The answer is kept for a
    week. Needs what assigning needs, and raises as that does.
    """
    prepared = prepare(actor=actor, scope=scope, terms=terms, policy=policy, policy_set=policy_set)
    if actor.user is None:
        raise InvalidInput("A what-if needs somebody to ask it.")
    of = prepared.version or prepared.chosen
    assert of is not None  # prepare() has looked up one of the two
    body = {
        "scope": scope,
        "policy": of.reference if prepared.version else "",
        "set": of.reference if prepared.chosen else "",
        **{name: _plain(value) for name, value in asdict(terms).items()},
    }
    uuid, now = new_uuid(), timezone.now()
    with transaction.atomic():
        asked = WhatIf.objects.create(
            uuid=uuid,
            terms=body,
            task=tasks.enqueue(WHAT_IF_TASK, {"what_if": str(uuid)}, requested_by=actor.user),
            requested_by=actor.user,
            as_of=now,
            expires_at=now + LIFE,
        )
        _publish(asked, prepared, actor=actor)
    return asked


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if hasattr(value, "items") else value


def prepared_of(asked: WhatIf, *, actor: Actor) -> Prepared:
    """Return what was asked about, looked up again by ``actor``; raises as `assign` does."""
    return prepare(actor=actor, **_arguments(asked))


def assign_as_asked(*, actor: Actor, what_if: UUID, reason: str = "") -> Assignment:
    """Assign what was asked about, with the versions that the answer is about.

    The assignment has the what-if's own id, so that a staged roll-out begins in the very
    workspaces that the answer names. Raises as `assign` does; Conflict where that was done.
    """
    asked = what_if_by_uuid(actor, what_if)
    try:
        return assign(actor=actor, reason=reason, uuid=asked.uuid, **_arguments(asked))
    except IntegrityError as error:  # the id is taken: also by somebody who asked just now
        raise Conflict("It has been assigned already.") from error


def _arguments(asked: WhatIf) -> dict[str, Any]:
    body = dict(asked.terms)
    scope, policy, policy_set = (body.pop(name) for name in ("scope", "policy", "set"))
    return {"scope": scope, "policy": policy, "policy_set": policy_set, "terms": Terms(**body)}


def forget(*, now: datetime | None = None) -> int:
    """Delete what-ifs whose time is over, with their results; return how many."""
    over = WhatIf.objects.filter(expires_at__lte=now or timezone.now())
    ids = list(over.values_list("pk", flat=True)[:BATCH])
    WhatIf.objects.filter(pk__in=ids).delete()
    return len(ids)


def _publish(asked: WhatIf, prepared: Prepared, *, actor: Actor) -> None:
    place = prepared.place["workspace"]
    publish(
        WhatIfAsked(
            subject=f"what-if/{asked.uuid}",
            workspace=place.uuid if place else None,
            scope=asked.terms["scope"],
            of=asked.terms["policy"] or asked.terms["set"],
            effect=prepared.terms.effect,
        ),
        actor=actor,
        roles=access.roles(actor, place.pk) if place else (),
    )
