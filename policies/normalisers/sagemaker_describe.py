"""What SageMaker's Describe calls answer, as boto3 and the AWS command line print it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import (
    OBSERVED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    mapping,
    text,
)
from policies.normalisers.sagemaker_shapes import PREFIX, SHAPES, shape_of

_CALL = "Describe"
_ENVELOPE = frozenset({"ResponseMetadata", "$metadata", "NextToken"})


class SageMakerDescribe:
    """One answer, or a list of them. Which call it was follows from what is in it; the hint
    `type` says it where that is not enough: ``AWS::SageMaker::Model``, ``Model`` or
    ``DescribeModel``."""

    name = "sagemaker-describe"
    title = "Amazon SageMaker Describe answer"
    provenance = OBSERVED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft]:
        """The resources that were described."""
        items = document if isinstance(document, list) else [document]
        for index, item in enumerate(items):
            path = f"[{index}]" if isinstance(document, list) else ""
            told = mapping(item, path)
            body = {name: value for name, value in told.items() if name not in _ENVELOPE}
            kind = _hinted(hints.type) if hints.type else _kind(body, path)
            single = hints.external_id if not isinstance(document, list) else ""
            yield Draft(kind, single or _arn(body, kind, path), body)

    def reach(self, resource_type: str) -> Reach | None:
        """An answer leaves out what is not set; of tags it tells nothing."""
        shape = shape_of(resource_type)
        return Reach(told=shape.told, untold=("",)) if shape else None


def _hinted(name: str) -> str:
    short = name.removeprefix(PREFIX).removeprefix(_CALL)
    for kind in SHAPES:
        if kind.removeprefix(PREFIX).casefold() == short.casefold():
            return kind
    known = ", ".join(kind.removeprefix(PREFIX) for kind in SHAPES)
    raise NormalisationError(f"{name[:100]} is none of {known}", path="type")


def _kind(body: dict[str, Any], path: str) -> str:
    """The type whose own id is in the answer, and which knows every other member; the one with
    the fewest members where several do."""
    fitting = [
        (len(shape.told), kind)
        for kind, shape in SHAPES.items()
        if _id_of(kind) in body and body.keys() <= {*shape.told, "Tags"}
    ]
    if not fitting:
        raise NormalisationError(
            "is no Describe answer that is known; say which by type", path=path
        )
    return min(fitting)[1]


def _id_of(kind: str) -> str:
    short = kind.removeprefix(PREFIX)
    return "JobDefinitionArn" if short.endswith("JobDefinition") else f"{_OWN.get(short, short)}Arn"


_OWN = {"MlflowTrackingServer": "TrackingServer"}


def _arn(body: dict[str, Any], kind: str, path: str) -> str:
    return text(body.get(_id_of(kind)), f"{path}.{_id_of(kind)}".lstrip("."))
