"""Make prompts from the templates that the product ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from registry.queries.documents import FORMAT
from registry.queries.templates import template as find_template
from registry.queries.templates import templates
from registry.services import documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.actors import Actor
    from registry.services.documents import Imported


def instantiate(
    *,
    actor: Actor,
    template: str,
    workspace: str,
    name: str = "",
    aliases: Sequence[str] = (),
    reason: str = "",
) -> Imported:
    """Register the prompt of a template, called ``name`` or as the template, with a draft card.

    Equal content that is there is taken instead. Needs create_version and edit_asset. Raises
    NotFound for an unknown template, and what importing a document raises.
    """
    found = find_template(template)
    document = {
        "format": FORMAT,
        "kind": "prompt",
        "name": name or found.name,
        "spec": found.spec,
        "asset": {"description": found.summary},
        "aliases": aliases,
        "card": {"fields": found.card},
    }
    return documents.import_document(
        actor=actor, document=document, workspace=workspace, reason=reason
    )


def install(*, actor: Actor, workspace: str, reason: str = "") -> list[Imported]:
    """Make a prompt of every template, all or none; doing it again changes nothing."""
    with transaction.atomic():
        return [
            instantiate(actor=actor, template=name, workspace=workspace, reason=reason)
            for name in templates()
        ]
