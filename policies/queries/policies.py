"""Find policies and sets by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.errors import InvalidInput
from policies.models import PolicySetVersion, PolicyVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z")
MAX_NAME = 200
MAX_DIGITS = 9


def check_policy_name(name: str, *, field: str) -> str:
    """Return ``name`` if a policy or set may bear it; raises InvalidInput."""
    if len(name) > MAX_NAME or not NAME.match(name):
        reason = f"must be 1 to {MAX_NAME} of a-z and 0-9, joined by single . _ or -"
        raise InvalidInput.of(field, reason)
    return name


def policy_version_by_reference(text: str, *, field: str) -> PolicyVersion:
    """Return the version that ``name`` (the newest) or ``name/number`` means; raises
    InvalidInput."""
    name, number = _parts(text, field)
    versions: QuerySet[PolicyVersion] = PolicyVersion.objects.select_related("policy").filter(
        policy__name=name
    )
    found = (versions.filter(number=number) if number else versions.order_by("-number")).first()
    if found is None:
        raise InvalidInput.of(field, f"there is no policy {text[:80]!r}")
    return found


def set_version_by_reference(text: str, *, field: str) -> PolicySetVersion:
    """Return the set version that ``name`` (the newest) or ``name/number`` means; raises
    InvalidInput."""
    name, number = _parts(text, field)
    versions: QuerySet[PolicySetVersion] = (
        PolicySetVersion.objects.select_related("policy_set")
        .prefetch_related("members__policy_version__policy")
        .filter(policy_set__name=name)
    )
    found = (versions.filter(number=number) if number else versions.order_by("-number")).first()
    if found is None:
        raise InvalidInput.of(field, f"there is no policy set {text[:80]!r}")
    return found


def _parts(text: str, field: str) -> tuple[str, int]:
    name, slash, digits = text.partition("/")
    check_policy_name(name, field=field)
    is_number = digits.isascii() and digits.isdigit() and 0 < len(digits) <= MAX_DIGITS
    if slash and (not is_number or int(digits) == 0):
        raise InvalidInput.of(field, f"{text[:80]!r} is not of the form name or name/number")
    return name, int(digits) if slash else 0
