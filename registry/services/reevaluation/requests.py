"""Open requests to evaluate again where rules say so, and close them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from registry import access
from registry.events import ReevaluationClosed, ReevaluationRequested
from registry.models import ReevaluationRequest, ReevaluationRule
from registry.permissions import Permission
from registry.queries.reevaluation import due, visible_requests
from registry.queries.versions import full_reference, reference_of, resolve
from registry.services.experiments import recording_user

if TYPE_CHECKING:
    from uuid import UUID

    from core.actors import Actor
    from core.tasks import TaskRun
    from registry.models import AssetVersion

MAX_REASON = 4_000


def open_due(*, actor: Actor, run: TaskRun) -> int:
    """Open a request for every rule that asks for one now; return how many were opened."""
    rules = list(ReevaluationRule.objects.as_of(None).order_by("id").values_list("pk", flat=True))
    opened = 0
    for done, pk in enumerate(rules):
        with transaction.atomic():
            run.progress(done, len(rules), "asking rules")
            opened += _open(pk, actor=actor)
    return opened


def _open(pk: int, *, actor: Actor) -> bool:
    # The lock is on the rule: of two workers one asks, and the other then sees the open request.
    ReevaluationRule.objects.select_for_update(no_key=True).get(pk=pk)
    rule = ReevaluationRule.objects.select_related("asset__workspace", "dataset").get(pk=pk)
    found = due(rule, now=timezone.now())
    if rule.valid_to is not None or found is None:
        return False
    request = ReevaluationRequest.objects.create(
        rule=rule, version=found.version, dataset=found.dataset, causes=found.causes
    )
    publish(
        ReevaluationRequested(
            subject=full_reference(found.version),
            workspace=rule.asset.workspace.uuid,
            digest=found.version.digest,
            request=str(request.uuid),
            dataset=str(reference_of(found.dataset)),
            causes=found.causes,
        ),
        actor=actor,
    )
    return True


def close(
    *, actor: Actor, request: UUID, result: str = "", reason: str = ""
) -> ReevaluationRequest:
    """Close a request by the result that answers it, or without one for a reason.

    The result must evaluate the version on the dataset version asked for, or a newer one. Needs
    record_run. Raises Conflict for a request that is closed.
    """
    found = ReevaluationRequest.objects.select_related(
        "rule__asset__workspace", "version__asset__workspace", "dataset"
    ).filter(uuid=request)
    asked = found.first()
    if asked is None:
        raise NotFound
    workspace = asked.rule.asset.workspace
    access.require(actor, Permission.RECORD_RUN, workspace, subject=f"reevaluation/{request}")
    user = recording_user(actor)
    if not result and not reason.strip():
        raise InvalidInput.of("reason", "is required where no result answers the request")
    answer = _answer(actor, asked, result) if result else None
    with transaction.atomic():
        closed = ReevaluationRequest.objects.filter(pk=asked.pk, closed_at=None).update(
            closed_at=timezone.now(), closed_by=user, result=answer, reason=reason[:MAX_REASON]
        )
        if not closed:
            raise Conflict("The request is closed already.")
        publish(
            ReevaluationClosed(
                subject=full_reference(asked.version),
                workspace=workspace.uuid,
                reason=reason,
                request=str(asked.uuid),
                result=str(reference_of(answer)) if answer else "",
            ),
            actor=actor,
            roles=access.roles(actor, workspace.pk),
        )
    return visible_requests(actor).get(pk=asked.pk)


def _answer(actor: Actor, asked: ReevaluationRequest, result: str) -> AssetVersion:
    answer = resolve(actor, result, field="result")
    if not answer.links.filter(role="evaluates", target=asked.version).exists():
        raise InvalidInput.of("result", "does not evaluate the version that the request is about")
    on_data = answer.links.filter(
        role="evaluated_on",
        target__asset=asked.dataset.asset_id,
        target__number__gte=asked.dataset.number,
    )
    if not on_data.exists():
        raise InvalidInput.of("result", "was not found on the dataset version asked for, or newer")
    return answer
