"""Find evaluations and the rows behind results, as far as the caller may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import NotFound
from registry import access
from registry.models import Evaluation, EvaluationRow
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from core.actors import Actor
    from registry.models import AssetVersion


def visible_evaluations(actor: Actor) -> QuerySet[Evaluation]:
    """Return the evaluations in workspaces that ``actor`` may see."""
    versions = ("evaluates", "dataset", "prompt", "model", "result")
    return Evaluation.objects.filter(access.in_reach(actor)).select_related(
        "workspace", "created_by", "task", *(f"{each}__asset__workspace" for each in versions)
    )


def rows_of(evaluation: Evaluation) -> QuerySet[EvaluationRow]:
    """Return the rows of an evaluation, with the texts that were kept; none of an unfinished one.

    Rows are written in batches, and count only once the result is there.
    """
    rows = EvaluationRow.objects.filter(evaluation=evaluation).select_related("text")
    return rows if evaluation.status == Evaluation.Status.SUCCEEDED else rows.none()


def evaluation_by_uuid(
    actor: Actor, uuid: UUID, *, permission: Permission = Permission.VIEW
) -> Evaluation:
    """Return the evaluation; raises NotFound for a missing or foreign one, AccessDenied for a
    lacking right."""
    found = (
        Evaluation.objects.select_related(
            "workspace", "created_by", "task", "evaluates__asset__workspace", "dataset__asset"
        )
        .filter(uuid=uuid)
        .first()
    )
    if found is None:
        raise NotFound
    access.require(actor, permission, found.workspace, subject=f"evaluation/{found.uuid}")
    return found


def evaluation_of(actor: Actor, result: AssetVersion) -> Evaluation | None:
    """Return the evaluation whose rows are behind ``result``, or behind what it is a copy of;
    None where there is none that ``actor`` may see."""
    version: AssetVersion | None = result
    while version is not None:
        found = (
            Evaluation.objects.filter(access.in_reach(actor), result=version)
            .select_related("dataset", "result__asset__workspace", "workspace")
            .order_by("id")
            .first()
        )
        if found is not None:
            return found
        version = version.promoted_from
    return None


def comparable_results(actor: Actor, result: AssetVersion) -> list[AssetVersion]:
    """Return other results with rows on the dataset of ``result``, newest first: 50 at most, of
    those that ``actor`` may see; none for what has no rows here."""
    evaluation = evaluation_of(actor, result) if result.asset.kind == "result" else None
    if evaluation is None:
        return []
    on_it = visible_evaluations(actor).filter(
        dataset__digest=evaluation.dataset.digest, result__isnull=False
    )
    others = on_it.exclude(pk=evaluation.pk).order_by("-id")[:50]
    return [each.result for each in others if each.result is not None]
