"""What an exemption or an attestation may be about, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.errors import InvalidInput
from policies.models import Assignment, Resource
from policies.queries.assignments import MEMBERS, RELATED, reaches
from registry.kinds import KINDS
from registry.queries.people import visible_user

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from core.models import User
    from registry.models import Workspace

LONGEST = timedelta(days=400)


def assignment_here(uuid: UUID, place: Workspace) -> Assignment:
    """Return the open assignment that holds in ``place``, with its members; InvalidInput."""
    found = (
        Assignment.objects.select_related(*RELATED)
        .prefetch_related("exclusions", MEMBERS)
        .filter(uuid=uuid, valid_to__isnull=True)
        .first()
    )
    if found is None or not reaches(found, place):
        raise InvalidInput.of("assignment", f"no assignment {uuid} holds in {place.slug}")
    return found


def member_ids(assignment: Assignment) -> frozenset[str]:
    """Return the reference ids of the assignment's set; empty for an assignment of a policy."""
    if assignment.set_version is None:
        return frozenset()
    return frozenset(each.reference_id for each in assignment.set_version.members.all())


def check_members(assignment: Assignment, reference_ids: Iterable[str], *, field: str) -> None:
    """Raise InvalidInput for a reference id that the assignment does not have."""
    for key in reference_ids:
        if key not in member_ids(assignment):
            raise InvalidInput.of(field, f"the assignment has no member {key[:80]!r}")


def check_expiry(expires_at: datetime, *, now: datetime) -> None:
    """Raise InvalidInput for an end that has passed, or is over 400 days away."""
    if timezone.is_naive(expires_at):
        raise InvalidInput.of("expires_at", "must have a time zone")
    if not now < expires_at <= now + LONGEST:
        raise InvalidInput.of("expires_at", f"must be in the next {LONGEST.days} days")


def resource_here(uuid: UUID | None, place: Workspace, *, asset: str) -> Resource | None:
    """Return the resource of ``place`` that is not retired, None for none; InvalidInput."""
    if uuid is None:
        return None
    if asset:
        raise InvalidInput.of("asset", "give a resource or an asset, not both")
    found = Resource.objects.filter(workspace=place, retired_at__isnull=True, uuid=uuid).first()
    if found is None:
        raise InvalidInput.of("resource", f"{place.slug} has no resource {uuid}")
    return found


def checked_asset(text: str) -> str:
    """Return ``text`` if it is empty or kind/name; InvalidInput."""
    kind, slash, name = text.partition("/")
    if text and (not slash or kind not in KINDS or not 0 < len(name) <= 200):
        raise InvalidInput.of("asset", f"must be kind/name, with a kind of {', '.join(KINDS)}")
    return text


def owner_here(username: str, place: Workspace, *, default: User) -> User:
    """Return the account with that name, which must see ``place``: it is told of what happens."""
    return visible_user(username, place.pk, field="owner") if username else default
