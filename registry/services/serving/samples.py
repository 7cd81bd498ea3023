"""Take sampled production rows in, and let them go when their time is over."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import transaction
from django.utils import timezone

from core.actors import system
from core.canonical import MAX_INTEGER, canonical_digest
from core.errors import Conflict, InvalidInput
from core.journal import publish
from registry import access
from registry.events import SamplesCollected, SamplesPurged
from registry.models import Deployment, ProductionSample
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid
from registry.queries.holds import in_hold
from registry.services.serving.drafts import SKEW
from registry.services.serving.members import Members
from registry.services.serving.windows import Taken, check_batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from core.actors import Actor
    from core.tasks import TaskRun

MAX_SAMPLES = 1_000
MAX_FEATURES = 200
MAX_RETENTION = timedelta(days=3_660)
PURGED_AT_ONCE = 1_000


class SampleDraft(TypedDict, total=False):
    """A sampled request. ``personal_data`` names the categories that the sender declares."""

    external_id: str
    version: str
    occurred_at: datetime
    retain_until: datetime
    features: dict[str, Any]
    input_text: str
    output_text: str
    has_personal_data: bool
    personal_data: list[str]


def collect(
    *, actor: Actor, deployment: UUID, source: str, samples: Sequence[SampleDraft]
) -> Taken:
    """Record up to 1,000 sampled rows, all of them or none; a row of that source and external id
    that is there is left alone, or is a Conflict where it says something else.

    Needs report_serving. Raises InvalidInput.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.REPORT_SERVING)
    if actor.user is None:
        raise InvalidInput("Samples need a person or a service account to report them.")
    check_batch(source, len(samples), field="samples", most=MAX_SAMPLES)
    members, now = Members(found), timezone.now()
    rows = [
        ProductionSample(
            deployment=found,
            source=source,
            reported_by=actor.user,
            version=members.version(draft["version"], field=f"samples[{index}].version"),
            **_checked(draft, now=now, path=f"samples[{index}]"),
        )
        for index, draft in enumerate(samples)
    ]
    with transaction.atomic():
        Deployment.objects.select_for_update(no_key=True).get(pk=found.pk)
        new = _new(rows, deployment=found, source=source)
        if new:
            ProductionSample.objects.bulk_create(new, batch_size=500)
            publish(
                _event(new, deployment=found, source=source, repeated=len(rows) - len(new)),
                actor=actor,
                roles=access.roles(actor, found.workspace_id),
            )
    return Taken(recorded=len(new), repeated=len(rows) - len(new))


def _checked(draft: SampleDraft, *, now: datetime, path: str) -> dict[str, Any]:
    retain_until = draft["retain_until"]
    if not now < retain_until <= now + MAX_RETENTION:
        reason = f"must lie in the future, by at most {MAX_RETENTION.days} days"
        raise InvalidInput.of(f"{path}.retain_until", reason)
    if draft["occurred_at"] > now + SKEW:
        raise InvalidInput.of(f"{path}.occurred_at", "must not lie in the future")
    features = draft.get("features", {})
    if len(features) > MAX_FEATURES:
        raise InvalidInput.of(f"{path}.features", f"there must be at most {MAX_FEATURES}")
    for name, value in features.items():
        if not _is_feature(value):
            reason = "must be a finite number or a text of at most 500 characters"
            raise InvalidInput.of(f"{path}.features.{name}", reason)
    categories = draft.get("personal_data", [])
    if categories and not draft["has_personal_data"]:
        raise InvalidInput.of(f"{path}.personal_data", "is named although there is said to be none")
    return {key: value for key, value in draft.items() if key != "version"}


def _is_feature(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= 500
    if isinstance(value, bool):
        return False
    if isinstance(value, int):  # beyond this an integer has no canonical form
        return abs(value) <= MAX_INTEGER
    return isinstance(value, float) and math.isfinite(value) and abs(value) < 1e300


def _new(
    rows: Sequence[ProductionSample], *, deployment: Deployment, source: str
) -> list[ProductionSample]:
    known = {
        row.external_id: row
        for row in ProductionSample.objects.filter(
            deployment=deployment, source=source, external_id__in=[r.external_id for r in rows]
        )
    }
    new: dict[str, ProductionSample] = {}
    for index, row in enumerate(rows):
        twin = known.get(row.external_id) or new.get(row.external_id)
        if twin is None:
            new[row.external_id] = row
        elif _content(twin) != _content(row):
            reason = f"samples[{index}]: {source} told the sample {row.external_id!r} otherwise."
            raise Conflict(reason, extra={"sample": index})
    return list(new.values())


def _content(row: ProductionSample) -> tuple[Any, ...]:
    return (
        row.version_id,
        row.occurred_at,
        row.features,
        row.input_text,
        row.output_text,
        row.has_personal_data,
    )


def _event(
    new: Sequence[ProductionSample], *, deployment: Deployment, source: str, repeated: int
) -> SamplesCollected:
    """The digest covers ids alone: one over texts would outlive them, and tell short ones."""
    return SamplesCollected(
        subject=deployment.reference,
        workspace=deployment.workspace.uuid,
        digest=canonical_digest(sorted(str(row.uuid) for row in new)),
        deployment=str(deployment.uuid),
        source=source,
        count=len(new),
        repeated=repeated,
        with_personal_data=sum(row.has_personal_data for row in new),
        with_text=sum(bool(row.input_text or row.output_text) for row in new),
    )


def purge(run: TaskRun) -> dict[str, int]:
    """Delete the rows whose retention is over, in batches, each with one journal entry for each
    deployment; return how many."""
    purged = 0
    while batch := purge_some(timezone.now()):
        purged += batch
        run.progress(purged, purged)
    return {"purged": purged}


def purge_some(now: datetime) -> int:
    """Delete up to 1,000 rows whose retention was over at ``now``, none in hold; return how
    many."""
    with transaction.atomic():
        over = list(
            ProductionSample.objects.select_for_update(of=("self",))
            .filter(retain_until__lte=now)
            .exclude(in_hold("deployment__workspace"))
            .select_related("deployment__workspace")
            .only(
                "id",
                "has_personal_data",
                "retain_until",
                "deployment__uuid",
                "deployment__name",
                "deployment__workspace__slug",
                "deployment__workspace__uuid",
            )
            .order_by("deployment_id", "id")[:PURGED_AT_ONCE]
        )
        for _, group in groupby(over, key=lambda row: row.deployment_id):
            rows = list(group)
            deployment = rows[0].deployment
            publish(
                SamplesPurged(
                    subject=deployment.reference,
                    workspace=deployment.workspace.uuid,
                    deployment=str(deployment.uuid),
                    count=len(rows),
                    with_personal_data=sum(row.has_personal_data for row in rows),
                    retained_until=max(row.retain_until for row in rows).isoformat(),
                ),
                actor=system(),
            )
        ProductionSample.objects.filter(pk__in=[row.pk for row in over]).delete()
    return len(over)
