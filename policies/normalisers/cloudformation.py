"""CloudFormation templates: what somebody means to deploy to AWS.

Source: "Template reference" of CloudFormation. Functions are resolved as far as defaults of
parameters and mappings tell; the others stay as they are written, in their long form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.normalisers.base import (
    DECLARED,
    Draft,
    Hints,
    NormalisationError,
    Reach,
    Skipped,
    mapping,
    text,
)
from policies.normalisers.cloudformation_functions import Template
from policies.normalisers.sagemaker_shapes import RENAMED, shape_of


class CloudFormation:
    """Templates in JSON, or in YAML with short functions such as ``!Ref``. Properties stand at
    the top of the configuration, under the names of the Describe answers."""

    name = "cloudformation"
    title = "AWS CloudFormation template"
    provenance = DECLARED

    def read(self, document: Any, hints: Hints) -> Iterator[Draft | Skipped]:
        """The resources of a template."""
        body = mapping(document, "")
        resources = body.get("Resources")
        if not isinstance(resources, dict):
            raise NormalisationError("must be an object", path="Resources")
        template = Template(body)
        for name, each in resources.items():
            told = mapping(each, f"Resources.{name}")
            kind = text(told.get("Type"), f"Resources.{name}.Type")
            holds = template.condition(told["Condition"]) if "Condition" in told else True
            if holds is False:
                yield Skipped(name, "its condition is false")
                continue
            properties = template.resolved(told.get("Properties") or {})
            renamed = RENAMED.get(kind, {})
            configuration = {
                renamed.get(key, key): value
                for key, value in mapping(properties, f"Resources.{name}.Properties").items()
            }
            note = "whether it is deployed depends on a condition that the template leaves open"
            yield Draft(kind, name, configuration, notes=() if holds else (note,))

    def reach(self, resource_type: str) -> Reach | None:
        """A template tells all properties of a type."""
        shape = shape_of(resource_type)
        if shape is not None and shape.not_in_templates is None:
            return None
        return Reach(told=("",), untold=shape.untold if shape else ())
