"""The risk register as an actor may see it, now or as of a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from audits.models import Risk, RiskLink, RiskRevision
from audits.models.risk import Level, level
from core.errors import Denial, NotFound
from core.preconditions import state_tag
from registry import access
from registry.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor

LIKELIHOOD = Coalesce("residual_likelihood", "inherent_likelihood")
IMPACT = Coalesce("residual_impact", "inherent_impact")
BOUNDS = {Level.LOW: (1, 4), Level.MEDIUM: (5, 9), Level.HIGH: (10, 16), Level.CRITICAL: (17, 25)}
OPEN_STATES = (Risk.State.OPEN, Risk.State.TREATED, Risk.State.ACCEPTED)
HEADER = (
    "risk",
    "workspace",
    "title",
    "category",
    "state",
    "level",
    "inherent_likelihood",
    "inherent_impact",
    "inherent_level",
    "residual_likelihood",
    "residual_impact",
    "residual_level",
    "treatment",
    "treatment_reason",
    "owner",
    "accepted_by",
    "review_on",
    "revision",
    "revised_at",
    "description",
)


def in_sight(actor: Actor, *, path: str = "risk") -> Q:
    """Return the condition that ``actor`` may see a risk: of a workspace that it sees, or of the
    organisation where it may triage findings anywhere."""
    place = f"{path}__workspace" if path else "workspace"
    triaging = access.visible_workspaces(actor, permission=Permission.TRIAGE_FINDINGS)
    of_organisation = Q(**{f"{place}__isnull": True})
    if access.administers_organisation(actor):
        return of_organisation | access.in_reach(actor, path=place)
    return access.in_reach(actor, path=place) | (of_organisation & Q(Exists(triaging)))


def register(actor: Actor, *, at: datetime | None = None) -> QuerySet[RiskRevision]:
    """Return the risks that ``actor`` may see, each by the revision that stood at ``at`` or stands
    now."""
    rows = RiskRevision.objects.filter(in_sight(actor))
    if at is None:
        rows = rows.filter(risk__current=F("pk"))
    else:
        before = RiskRevision.objects.filter(risk=OuterRef("risk"), made_at__lte=at)
        rows = rows.filter(number=Subquery(before.order_by("-number").values("number")[:1]))
    return rows.select_related(
        "risk__workspace", "risk__created_by", "owner", "made_by", "accepted_by"
    )


def risk_by_uuid(actor: Actor, uuid: UUID, *, at: datetime | None = None) -> RiskRevision:
    """Return how a risk stands, or stood at ``at``; raises NotFound where there is none, or none
    that ``actor`` may see."""
    found = register(actor, at=at).filter(risk__uuid=uuid).first()
    if found is not None:
        return found
    hidden = Risk.objects.select_related("workspace").filter(uuid=uuid).first()
    if hidden is None or register(actor).filter(risk=hidden).exists():
        raise NotFound
    place = hidden.workspace.uuid if hidden.workspace else None
    raise NotFound(denial=Denial(Permission.VIEW.value, f"risk/{uuid}", place))


def history(revision: RiskRevision) -> QuerySet[RiskRevision]:
    """Return every revision of the risk, newest first."""
    return (
        RiskRevision.objects.filter(risk=revision.risk)
        .select_related("risk__workspace", "risk__created_by", "owner", "made_by", "accepted_by")
        .order_by("-number")
    )


def links_of(
    actor: Actor, revision: RiskRevision, *, at: datetime | None = None
) -> QuerySet[RiskLink]:
    """Return what the risk is linked to, now or at ``at``, as far as ``actor`` sees it."""
    return (
        RiskLink.objects.as_of(at)
        .filter(Q(workspace__isnull=True) | access.in_reach(actor), risk=revision.risk)
        .select_related(
            "workspace",
            "asset__workspace",
            "version__asset__workspace",
            "finding__latest_result__policy_version",
            "finding__latest_sighting",
            "exemption__assignment__policy_version__policy",
            "exemption__assignment__set_version__policy_set",
            "linked_by",
        )
        .defer(
            "finding__latest_result__policy_version__source",
            "finding__latest_result__policy_version__tests",
        )
        .order_by("id")
    )


def tag_of(revision: RiskRevision) -> str:
    """Return the tag of the state that a revision is."""
    return state_tag({"risk": str(revision.risk.uuid), "number": revision.number})


def at_level(wanted: Level) -> Q:
    """Return the condition that a risk stands at the level, after treatment where that was
    judged; the rows need `scored`."""
    least, most = BOUNDS[wanted]
    return Q(score__gte=least, score__lte=most)


def scored(rows: QuerySet[RiskRevision]) -> QuerySet[RiskRevision]:
    """Return the rows with ``score``: likelihood times impact as they stand."""
    return rows.annotate(score=LIKELIHOOD * IMPACT)


def overdue() -> Q:
    """Return the condition that the review of a risk is overdue today."""
    return Q(review_on__lt=timezone.now().date()) & ~Q(state=Risk.State.CLOSED)


@dataclass(frozen=True)
class Cell:
    """How many risks that are not closed have this likelihood and impact, before treatment and as
    they stand."""

    likelihood: int
    impact: int
    level: Level
    inherent: int
    standing: int


def matrix(rows: QuerySet[RiskRevision]) -> list[Cell]:
    """Return the five by five cells of the rows, the likeliest first, by rising impact. One
    query."""
    counted = (
        rows.filter(state__in=OPEN_STATES)
        .order_by()
        .values_list(
            "inherent_likelihood", "inherent_impact", "residual_likelihood", "residual_impact"
        )
        .annotate(many=Count("pk"))
    )
    inherent: dict[tuple[int, int], int] = {}
    standing: dict[tuple[int, int], int] = {}
    for likelihood, impact, after_likelihood, after_impact, many in counted:
        before, now = (likelihood, impact), (after_likelihood or likelihood, after_impact or impact)
        inherent[before] = inherent.get(before, 0) + many
        standing[now] = standing.get(now, 0) + many
    return [
        Cell(
            likelihood,
            impact,
            level(likelihood, impact),
            inherent.get((likelihood, impact), 0),
            standing.get((likelihood, impact), 0),
        )
        for likelihood in range(5, 0, -1)
        for impact in range(1, 6)
    ]


def csv_rows(rows: Iterable[RiskRevision]) -> Iterator[tuple[object, ...]]:
    """Yield the header, then one row per risk."""
    yield HEADER
    for row in rows:
        yield (
            row.risk.uuid,
            row.risk.workspace.slug if row.risk.workspace else "",
            row.title,
            row.category,
            row.state,
            level(*row.place).value,
            row.inherent_likelihood,
            row.inherent_impact,
            row.inherent.value,
            row.residual_likelihood,
            row.residual_impact,
            row.residual.value if row.residual else "",
            row.treatment,
            row.treatment_reason,
            row.owner.username,
            row.accepted_by.username if row.accepted_by else "",
            row.review_on.isoformat(),
            row.number,
            row.made_at.isoformat(),
            row.description,
        )
