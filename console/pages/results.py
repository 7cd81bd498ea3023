"""Two results beside each other: row by row, with the test and the interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from console.charts import told
from console.pages.shell import page
from console.plots import interval
from core.denials import record_denial
from core.errors import DomainError
from registry.admin.mixin import actor_of
from registry.queries.evaluations import comparable_results
from registry.queries.versions import reference_of, resolve
from registry.services.evaluations import comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

LONGEST = 1_000


def compared(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the page: what can be compared, and the comparison once two results are named."""
    actor = actor_of(request)
    baseline = request.GET.get("baseline", "")[:LONGEST]
    variant = request.GET.get("variant", "")[:LONGEST]
    answer: dict[str, Any] = {"differences": [], "problem": ""}
    if baseline:
        try:
            answer |= _answer(actor, baseline, variant)
        except DomainError as error:
            record_denial(error, actor=actor)
            answer["problem"] = error.detail
    return page(
        site,
        request,
        "console/results_compared.html",
        title="Compare results",
        baseline=baseline,
        variant=variant,
        **answer,
    )


def _answer(actor: Actor, baseline: str, variant: str) -> dict[str, Any]:
    result = resolve(actor, baseline, field="baseline")
    candidates = [str(reference_of(each)) for each in comparable_results(actor, result)]
    found: dict[str, Any] = {"result": result, "candidates": candidates}
    if not variant:
        return found
    other = resolve(actor, variant, field="variant")
    try:
        said = comparison.compare(actor=actor, baseline=baseline, variants=[variant])
    except DomainError as error:
        return found | {"other": other, "problem": error.detail}
    return found | {
        "other": other,
        "confidence": f"{said['confidence']:.0%}",
        "correction": said["correction"],
        "differences": [_row(difference) for difference in said["differences"]],
    }


def _row(difference: Mapping[str, Any]) -> dict[str, Any]:
    low, high = difference["interval"]
    numbers = ("baseline_mean", "variant_mean", "difference", "p_adjusted")
    return {
        **difference,
        **{name: told(difference[name]) for name in numbers},
        "low": told(low),
        "high": told(high),
        "drawn": interval(difference["difference"], low, high),
    }
