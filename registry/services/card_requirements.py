"""Say which fields cards need, by kind and stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from core.errors import InvalidInput
from core.facts import end
from core.journal import publish
from registry import access
from registry.events import CardRequirementSet
from registry.kinds import KINDS
from registry.kinds.cards import card_fields, required_by_default
from registry.models import CardRequirement, Workspace
from registry.permissions import Permission
from registry.queries.cards import required_fields
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor


def set_required_fields(
    *,
    actor: Actor,
    workspace: str,
    kind: str,
    stage: str,
    fields: Sequence[str] | None,
    reason: str = "",
) -> list[str]:
    """Set which fields cards of ``kind`` need at ``stage``, from now on, and return them.

    None goes back to what the product asks for by default. Earlier requirements stay on record.
    Needs change_workspace. Raises InvalidInput for a field that such cards do not have.
    """
    place = access.workspace_by_slug(actor, workspace, permission=Permission.CHANGE_WORKSPACE)
    check_reason(place, reason)
    _require_known(kind, stage, fields)
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        before, now = required_fields(place, kind, stage), timezone.now()
        what: dict[str, Any] = {"workspace": place, "kind": kind, "stage": stage}
        end(CardRequirement.objects.filter(**what), at=now)
        after = list(required_by_default(kind, stage))
        if fields is not None:
            after = [name for name in card_fields(kind) if name in fields]
            CardRequirement.objects.create(**what, fields=after, set_by=actor.user, valid_from=now)
        publish(
            CardRequirementSet(
                subject=place.slug,
                workspace=place.uuid,
                reason=reason,
                before={"fields": before},
                after={"fields": after},
                kind=kind,
                stage=stage,
            ),
            actor=actor,
            roles=access.roles(actor, place.pk),
        )
    return after


def _require_known(kind: str, stage: str, fields: Sequence[str] | None) -> None:
    if kind not in KINDS:
        raise InvalidInput.of("kind", f"must be one of {', '.join(KINDS)}")
    if stage not in Workspace.Stage.values:
        raise InvalidInput.of("stage", f"must be one of {', '.join(Workspace.Stage.values)}")
    known = card_fields(kind)
    if unknown := sorted(set(fields or ()) - set(known)):
        raise InvalidInput.of(
            "fields", f"a {kind} card has no field {unknown[0][:80]!r}; it has {', '.join(known)}"
        )
