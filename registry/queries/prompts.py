"""Render prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.canonical import canonical_digest
from core.errors import AccessDenied, Denial, FieldError, InvalidInput
from registry.kinds.templates import TooMuch, filled, render
from registry.permissions import Permission
from registry.queries.closure import closure_of
from registry.queries.versions import reference_of, version_by_uuid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from core.actors import Actor
    from registry.kinds.templates import Piece
    from registry.models import AssetVersion


@dataclass(frozen=True)
class Rendered:
    """A filled prompt: ``body`` and ``pieces`` as templates.render gives them, the values that
    went in, and ``inputs_digest`` over the prompt's digest and these values."""

    version: AssetVersion
    body: dict[str, Any]
    pieces: list[list[Piece]]
    variables: dict[str, Any]
    inputs_digest: str


def render_version(actor: Actor, uuid: UUID, variables: Mapping[str, Any]) -> Rendered:
    """Return the prompt filled with ``variables``, which must be those that it declares.

    Raises InvalidInput with every wrong variable, AccessDenied where the prompt includes one
    that the actor may not see, NotFound for a missing or foreign version.
    """
    version = version_by_uuid(actor, uuid)
    if version.asset.kind != "prompt":
        raise InvalidInput(f"A {version.asset.kind} cannot be rendered; only prompts can.")
    spec = version.spec.body
    values, problems = filled(spec.get("variables", {}), variables)
    if problems:
        errors = [FieldError(problem.path, problem.reason) for problem in problems]
        raise InvalidInput(f"{errors[0].field}: {errors[0].reason}", errors=errors)
    try:
        body, pieces = render(spec, values, included=_included(actor, version))
    except TooMuch as error:
        raise InvalidInput.of("variables", str(error)) from error
    inputs = canonical_digest({"prompt": version.digest, "variables": values})
    return Rendered(version, body, pieces, values, inputs)


def _included(actor: Actor, version: AssetVersion) -> dict[str, dict[str, Any]]:
    if not version.spec.body.get("includes"):
        return {}
    closure = closure_of(version, actor=actor)
    if closure.hidden:
        reference, workspace = str(reference_of(version)), version.asset.workspace
        raise AccessDenied(
            f"{reference} includes prompts that you may not see.",
            denial=Denial(Permission.VIEW.value, f"includes of {reference}", workspace.uuid),
        )
    return {member.digest: member.spec.body for member in closure.members}
