"""Documents read for tests, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from policies.normalisers import Hints, NormalisedResource, normalise


def read(
    form: str,
    document: Any,
    *,
    reads: Collection[str] = (),
    **hints: str,
) -> list[NormalisedResource]:
    """The resources of a document; `reads` are paths that some policy reads of every type."""
    found, _ = normalise(form, document, hints=Hints(**hints), reads=_Everywhere(reads))
    return found


def only(form: str, document: Any, **told: Any) -> NormalisedResource:
    """The one resource of a document."""
    (found,) = read(form, document, **told)
    return found


class _Everywhere(dict[str, Collection[str]]):
    """The same paths for each type that there is."""

    def __init__(self, reads: Collection[str]) -> None:
        types = (
            "Microsoft.MachineLearningServices/workspaces",
            "Microsoft.MachineLearningServices/workspaces/computes",
            "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
            "Microsoft.CognitiveServices/accounts",
            "Microsoft.CognitiveServices/accounts/deployments",
            "Microsoft.Databricks/workspaces",
            "AWS::SageMaker::NotebookInstance",
            "AWS::SageMaker::Model",
            "AWS::SageMaker::Domain",
            "aiplatform.googleapis.com/Endpoint",
            "databricks/clusters",
        )
        super().__init__(dict.fromkeys(types, reads))
