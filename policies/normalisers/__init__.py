"""Turns what platforms tell, in any of their forms, into one shape for each resource type.

Each form is a module of plain Python: it takes a parsed document and gives resources in the shape
of their platform's own API. `docs/configurations.md` describes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from policies.normalisers.arm_get import ArmGet
from policies.normalisers.arm_template import ArmTemplate
from policies.normalisers.avm_parameters import AvmParameters
from policies.normalisers.azureml_cli import AzureMlCli
from policies.normalisers.base import (
    MAX_DEPTH,
    MAX_NOTES,
    MAX_RESOURCES,
    Draft,
    Form,
    Hints,
    NormalisationError,
    NormalisedResource,
    Skipped,
)
from policies.normalisers.cloudformation import CloudFormation
from policies.normalisers.databricks import Databricks
from policies.normalisers.fields import fields_of
from policies.normalisers.native import Native
from policies.normalisers.opaque import is_opaque
from policies.normalisers.sagemaker_describe import SageMakerDescribe
from policies.normalisers.terraform_plan import TerraformPlan
from policies.normalisers.vertex import Vertex

__all__ = [
    "FORMS",
    "NATIVE",
    "Hints",
    "NormalisationError",
    "NormalisedResource",
    "Skipped",
    "normalise",
]

NATIVE = Native.name
FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        ArmTemplate(),
        ArmGet(),
        AvmParameters(),
        AzureMlCli(),
        CloudFormation(),
        SageMakerDescribe(),
        TerraformPlan(),
        Databricks(),
        Vertex(),
        Native(),
    )
}


def normalise(
    form: str,
    document: Any,
    *,
    hints: Hints | None = None,
    reads: Mapping[str, Collection[str]] | None = None,
) -> tuple[list[NormalisedResource], list[Skipped]]:
    """The resources in `document`, and the parts of it that are none.

    `reads` are the paths below `configuration` that policies read, by resource type: for each the
    answer says whether it is there, absent, or beyond what the form can tell. Raises
    `NormalisationError`, and nothing else.
    """
    chosen = FORMS.get(form)
    if chosen is None:
        raise NormalisationError(f"there is no form {form!r}; one of {', '.join(FORMS)}")
    _require_depth(document, MAX_DEPTH)
    read = {name.casefold(): paths for name, paths in (reads or {}).items()}
    found: list[NormalisedResource] = []
    skipped: list[Skipped] = []
    for each in chosen.read(document, hints or Hints()):
        if isinstance(each, Skipped):
            skipped.append(each)
        elif len(found) >= MAX_RESOURCES:
            raise NormalisationError(f"holds more than {MAX_RESOURCES} resources; split it")
        else:
            found.append(_normalised(chosen, each, read.get(each.type.casefold(), ())))
    return found, skipped


def _normalised(form: Form, draft: Draft, read: Collection[str]) -> NormalisedResource:
    reach = draft.reach or form.reach(draft.type)
    fields = (
        None
        if reach is None
        else fields_of(draft, reach, read=read, provenance=form.provenance, opaque=is_opaque)
    )
    return NormalisedResource(
        type=draft.type,
        external_id=draft.external_id,
        configuration=draft.configuration,
        fields=fields,
        provenance=form.provenance,
        notes=draft.notes[:MAX_NOTES],
    )


def _require_depth(value: Any, left: int) -> None:
    if left < 0:
        raise NormalisationError(f"is nested deeper than {MAX_DEPTH} levels")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        _require_depth(each, left - 1)
