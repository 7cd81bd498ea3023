"""One finding: why it fails, how it went, what changed since it passed, and who sees to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from audits.models import Finding
from audits.queries.findings import followed_finding, last_passed, story_of
from console.markdown import rendered
from console.pages.shell import page
from console.pages.trails import trail_in
from core.errors import DomainError
from policies.queries.snapshots import difference
from registry import access
from registry.admin.mixin import actor_of
from registry.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from audits.queries.findings import Chapter
    from core.actors import Actor
    from policies.queries.snapshots import Difference


@dataclass(frozen=True)
class Shown:
    """A chapter as it is shown; ``html`` are the words of a comment."""

    chapter: Chapter
    html: SafeString | None
    is_own: bool


def finding(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return the page; raises NotFound for a missing or foreign finding."""
    actor = actor_of(request)
    found = followed_finding(actor, uuid)
    place = found.workspace_id
    return page(
        site,
        request,
        "console/audit_finding.html",
        title=found.title,
        finding=found,
        story=[_shown(actor, chapter) for chapter in reversed(story_of(found))],
        compared=_since_it_passed(actor, found),
        exemption=_exemption(found),
        trail=trail_in(actor, place, evidence=found.uuid),
        may_triage=access.allows(actor, Permission.TRIAGE_FINDINGS, place),
        may_comment=access.allows(actor, Permission.COMMENT, place),
        may_moderate=access.allows(actor, Permission.CHANGE_WORKSPACE, place),
        now=timezone.now(),
    )


def _shown(actor: Actor, chapter: Chapter) -> Shown:
    comment = chapter.comment
    words = getattr(comment, "words", None) if comment else None
    is_own = comment is not None and comment.author == actor.user
    return Shown(chapter, rendered(words.text) if words else None, is_own)


def _since_it_passed(actor: Actor, found: Finding) -> Difference | None:
    """What of the configuration is different from when the policy last passed."""
    result = found.latest_result
    if result is None or found.state == Finding.State.RESOLVED:
        return None
    now = result.decision.snapshot
    passed = last_passed(found)
    before = passed.decision.snapshot if passed else None
    if now is None or before is None or before == now:
        return None
    try:
        return difference(actor, now.uuid, against=before.uuid)
    except DomainError:  # the resource moved to another place since
        return None


def _exemption(found: Finding) -> str:
    """Return the address at which to ask for an exemption of just this, none where none helps."""
    if found.assignment is None or found.state != Finding.State.OPEN:
        return ""
    scope = {"workspace": found.workspace.slug}
    if found.resource is not None:
        scope["resource"] = str(found.resource.uuid)
    if found.reference_id:
        scope["rule"] = found.reference_id
    return (
        f"{reverse('admin:console_policy_exempt', args=[found.assignment.uuid])}?{urlencode(scope)}"
    )
