"""Whose signatures workspaces trust: of models, and of bundles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.pages.shell import page
from console.pages.trails import readable
from registry import access
from registry.admin.mixin import actor_of
from registry.bundles.signing import fingerprint, public_pem
from registry.permissions import Permission
from registry.queries.signatures import visible_keys
from registry.services.bundles.keys import signing_key

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from core.actors import Actor

SHOWN = 200


def listed(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Return the keys of the user's workspaces, those that are trusted first, and the key that
    signs what this installation exports."""
    actor = actor_of(request)
    own = public_pem(signing_key())
    keys = list(visible_keys(actor).select_related("set_by").order_by("-id")[:SHOWN])
    keys.sort(key=lambda each: each.valid_to is not None)
    return page(
        site,
        request,
        "console/trusted_keys.html",
        title="Trusted keys",
        keys=[
            (each, access.allows(actor, Permission.CHANGE_WORKSPACE, each.workspace_id))
            for each in keys
        ],
        with_trail=readable(actor, {each.workspace_id for each in keys}),
        may_trust=may_trust(actor),
        own=own,
        own_fingerprint=fingerprint(own),
    )


def may_trust(actor: Actor) -> bool:
    """Tell whether the user may say whom some workspace trusts."""
    return access.visible_workspaces(actor, permission=Permission.CHANGE_WORKSPACE).exists()
