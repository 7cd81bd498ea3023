"""What entries of the journal are called by, and what they name: people, places, references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from core.models import PersonalDatum, User
from core.references import SCHEME
from registry.models import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def called(username: str) -> list[UUID]:
    """Return whom a name means, now or when it was written down; nobody for an erased person."""
    now = User.objects.filter(username=username).values_list("uuid", flat=True)
    then = PersonalDatum.objects.filter(value=username).values_list("user__uuid", flat=True)
    return list(now.union(then))


def below(subject: str) -> Q:
    """Return the condition that an entry is about the subject itself or what lies below it,
    whichever form of reference it was written in."""
    short = subject.removeprefix(SCHEME).removeprefix(f"{settings.INSTANCE}/")
    found = Q()
    for name in (short, f"{SCHEME}{settings.INSTANCE}/{short}"):
        found |= Q(subject=name)
        found |= Q(subject__startswith=f"{name}/") | Q(subject__startswith=f"{name}@")
    return found


def slugs_of(uuids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the slugs of workspaces by their ids."""
    return dict(Workspace.objects.filter(uuid__in=set(uuids)).values_list("uuid", "slug"))


def usernames_of(commitments: Iterable[str | None]) -> dict[str, str]:
    """Return what commitments stand for, as far as those people were not erased."""
    known = PersonalDatum.objects.filter(commitment__in={name for name in commitments if name})
    return dict(known.values_list("commitment", "value"))
