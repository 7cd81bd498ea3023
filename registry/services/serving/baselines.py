"""Pin values to compare what is served with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.canonical import canonical_digest
from core.errors import InvalidInput
from core.journal import publish
from core.texts import check_text
from registry import access
from registry.events import BaselinePinned
from registry.models import DriftBaseline
from registry.permissions import Permission
from registry.queries.deployments import deployment_by_uuid
from registry.queries.versions import reference_of, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import AssetVersion

MAX_NAME = 200
MAX_VALUES = 50_000
MAX_CATEGORIES = 1_000
MAX_CATEGORY = 500
MAX_COUNT = 2**53 - 1
MAX_SIZE = 2**31 - 1


def pin(
    *,
    actor: Actor,
    deployment: UUID,
    feature: str,
    values: Sequence[float] | None = None,
    counts: Mapping[str, int] | None = None,
    evaluator: str = "",
    dataset: str = "",
) -> DriftBaseline:
    """Write down values of a feature to compare with: ``values`` of a number, or ``counts`` of
    categories. They never change; to correct them, pin others.

    With ``evaluator``, ``feature`` names the quality metric that it gives to windows. ``dataset``
    is the version that the values were taken from. Needs deploy. Raises InvalidInput.
    """
    found = deployment_by_uuid(actor, deployment, permission=Permission.DEPLOY)
    for field, text in (("feature", feature), ("evaluator", evaluator)):
        check_text(text, field=field, limit=MAX_NAME)
    if not feature:
        raise InvalidInput.of("feature", "must not be empty")
    if actor.user is None:
        raise InvalidInput("A baseline needs a person or a service account to pin it.")
    form, body, size = _checked(values, counts, evaluator)
    source = _dataset(dataset, actor=actor)
    with transaction.atomic():
        baseline = DriftBaseline.objects.create(
            deployment=found,
            dataset=source,
            feature=feature,
            form=form,
            body=body,
            digest=canonical_digest({"feature": feature, **body}),
            size=size,
            created_by=actor.user,
        )
        publish(_event(baseline), actor=actor, roles=access.roles(actor, found.workspace_id))
    return baseline


def _event(baseline: DriftBaseline) -> BaselinePinned:
    deployment = baseline.deployment
    return BaselinePinned(
        subject=deployment.reference,
        workspace=deployment.workspace.uuid,
        digest=baseline.digest,
        deployment=str(deployment.uuid),
        baseline=str(baseline.uuid),
        feature=baseline.feature,
        form=baseline.form,
        size=baseline.size,
        dataset=_told(baseline.dataset),
    )


def _checked(
    values: Sequence[float] | None, counts: Mapping[str, int] | None, evaluator: str
) -> tuple[str, dict[str, Any], int]:
    """Return form, body and how many values there are."""
    if (values is None) == (counts is None):
        raise InvalidInput.of("values", "give either values of a number or counts of categories")
    by = {"evaluator": evaluator} if evaluator else {}
    if values is not None:
        if not 1 <= len(values) <= MAX_VALUES:
            raise InvalidInput.of("values", f"there must be 1 to {MAX_VALUES}")
        for index, value in enumerate(values):
            if not math.isfinite(value) or abs(value) > 1e300:
                raise InvalidInput.of(f"values[{index}]", "must be a finite number")
        return DriftBaseline.Form.NUMERIC, {"values": [float(v) for v in values], **by}, len(values)
    assert counts is not None
    if evaluator:
        raise InvalidInput.of("counts", "a quality metric is a number: give values")
    return DriftBaseline.Form.CATEGORICAL, {"counts": dict(counts)}, _total(counts)


def _total(counts: Mapping[str, int]) -> int:
    if not 1 <= len(counts) <= MAX_CATEGORIES:
        raise InvalidInput.of("counts", f"there must be 1 to {MAX_CATEGORIES} categories")
    for name, count in counts.items():
        check_text(name, field="counts", limit=MAX_CATEGORY)
        if not 0 <= count <= MAX_COUNT:
            raise InvalidInput.of("counts", f"that of {name[:100]!r} must be 0 or more")
    total = sum(counts.values())
    if not 1 <= total <= MAX_SIZE:
        raise InvalidInput.of("counts", f"they must sum up to 1 to {MAX_SIZE}")
    return total


def _dataset(text: str, *, actor: Actor) -> AssetVersion | None:
    if not text:
        return None
    version = resolve(actor, text, field="dataset")
    if version.asset.kind != "dataset":
        raise InvalidInput.of("dataset", f"a {version.asset.kind} is no dataset")
    return version


def _told(version: AssetVersion | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "ref": str(reference_of(version)),
        "version": str(version.uuid),
        "digest": version.digest,
    }
