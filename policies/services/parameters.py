"""Parameters of policies: the names that METADATA lists, and values that fit their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import FieldError, InvalidInput
from policies.engines.schemas import value_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from policies.models import PolicyVersion


def check_parameters(parameters: Mapping[str, Any], version: PolicyVersion, *, field: str) -> None:
    """Raise InvalidInput for parameters that the policy's METADATA does not list, and for values
    that do not fit the schemas that it gives."""
    described = version.described
    for name in parameters:
        if name not in described.parameters:
            names = ", ".join(sorted(described.parameters)) or "none"
            reason = f"{version.policy.name} knows no parameter {name[:80]!r}; known: {names}"
            raise InvalidInput.of(field, reason)
    errors = [
        FieldError(f"{field}.{name}", problem)
        for name, schema in described.parameter_schemas.items()
        if name in parameters
        for problem in value_problems(schema, parameters[name])
    ]
    if errors:
        first = errors[0]
        raise InvalidInput(f"{first.field}: {first.reason}", errors=errors)
