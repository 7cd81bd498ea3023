"""The promotions of a version: what gates said, who approved, and which decisions that rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, Q

from audits.dossiers.sources import person
from audits.dossiers.standing import Approved, Decided, Promoted, Verdict
from audits.reports.moments import moment
from policies.models import Decision
from registry.models import Approval, Promotion, PromotionMember

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from registry.models import AssetVersion

    Uri = Callable[[AssetVersion], str]
BINDINGS = ("source_version__asset__workspace", "target", "requested_by")


def promotions_of(
    version: AssetVersion, *, places: Collection[int], at: datetime, uri: Uri
) -> tuple[Promoted, ...]:
    """Return the promotions into ``places`` that were completed by ``at`` and took the version
    along or brought it, oldest first. A constant number of queries."""
    along = PromotionMember.objects.filter(Q(source_version=version) | Q(target_version=version))
    members = PromotionMember.objects.select_related("target_version__asset__workspace").order_by(
        "id"
    )
    given = Approval.objects.filter(decided_at__lte=at).select_related("decided_by").order_by("id")
    rows = list(
        Promotion.objects.filter(
            pk__in=along.values("promotion"),
            target__in=places,
            closed_at__lte=at,
            status=Promotion.Status.COMPLETED,
        )
        .select_related(*BINDINGS)
        .prefetch_related(Prefetch("members", members), Prefetch("approvals", given))
        .order_by("closed_at", "id")
    )
    decisions = _decisions(rows)
    return tuple(_promoted(row, decisions=decisions, at=at, uri=uri) for row in rows)


def _decisions(promotions: Iterable[Promotion]) -> dict[str, Decided]:
    """Return the decisions that verdicts name as their evidence, by id."""
    named = {
        each
        for promotion in promotions
        for verdict in promotion.verdicts
        for each in verdict["evidence"]
        if _is_uuid(each)
    }
    if not named:
        return {}
    rows = (
        Decision.objects.filter(uuid__in=named)
        .select_related("policy_version__policy", "evaluation")
        .defer("policy_version__source", "policy_version__tests", "evaluation__parameters")
    )
    return {str(row.uuid): _decided(row) for row in rows}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _decided(row: Decision) -> Decided:
    return Decided(
        uuid=str(row.uuid),
        policy=f"{row.policy_version.policy.name}/{row.policy_version.number}",
        policy_digest=row.policy_version.digest,
        input_digest=row.input_id,
        bundle_digest=row.bundle_digest,
        state=row.state,
        engine=f"{row.engine} {row.engine_version}".strip(),
        evaluated_at=moment(row.evaluated_at),
    )


def _promoted(
    row: Promotion, *, decisions: Mapping[str, Decided], at: datetime, uri: Uri
) -> Promoted:
    assert row.closed_at is not None
    undone = row.rolled_back_at
    evidence = [each for verdict in row.verdicts for each in verdict["evidence"]]
    return Promoted(
        uuid=str(row.uuid),
        source=uri(row.source_version),
        source_digest=row.source_version.digest,
        target=row.target.slug,
        results=tuple(uri(member.target_version) for member in row.members.all()),
        alias=row.alias,
        reason=row.reason,
        requested_by=person(row.requested_by),
        requested_at=moment(row.requested_at),
        completed_at=moment(row.closed_at),
        rolled_back_at=moment(undone) if undone and undone <= at else None,
        binding=row.binding,
        required_approvals=row.required_approvals,
        verdicts=tuple(_verdict(verdict) for verdict in row.verdicts),
        approvals=tuple(_approved(each, row) for each in row.approvals.all()),
        decisions=tuple(decisions[each] for each in sorted(set(evidence)) if each in decisions),
    )


def _verdict(stored: Mapping[str, Any]) -> Verdict:
    return Verdict(
        gate=stored["gate"],
        outcome=stored["outcome"],
        reasons=tuple(reason["message"] for reason in stored["reasons"]),
        evidence=tuple(stored["evidence"]),
        binding=stored["binding"],
    )


def _approved(row: Approval, promotion: Promotion) -> Approved:
    return Approved(
        uuid=str(row.uuid),
        decision=row.decision,
        by=person(row.decided_by),
        at=moment(row.decided_at),
        binding=row.binding,
        comment=row.comment,
        counts=row.binding == promotion.binding,
    )
