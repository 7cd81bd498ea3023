"""What an evaluation links its result to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.queries.versions import point_of

if TYPE_CHECKING:
    from registry.models import Evaluation


def links_of(evaluation: Evaluation) -> list[dict[str, str]]:
    """Return role, reference, id and digest of each version that the result will link to."""
    roles = {
        "evaluates": evaluation.evaluates,
        "evaluated_on": evaluation.dataset,
        "uses_prompt": evaluation.prompt,
        "uses_model": evaluation.model,
    }
    return [
        {"role": role, **point_of(version)}
        for role, version in roles.items()
        if version is not None
    ]
