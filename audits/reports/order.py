"""The order of results in a report: by policy, workspace and subject, whatever a database sorts by.

SQLite would sort in memory, a row of texts for each result; here a result is one integer.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from audits.models import ScanResult
    from policies.models import PolicyVersion
    from registry.models import Workspace

AT_ONCE = 5_000
KEY_BITS = 64


def in_order(
    results: QuerySet[ScanResult],
    versions: Mapping[int, PolicyVersion],
    places: Mapping[int, Workspace],
) -> array[int]:
    """Return the primary keys of ``results`` by name and number of the policy, slug of the
    workspace, subject and age; one query. ``versions`` and ``places`` are all that they name."""
    of_version = _ranks({pk: (each.policy.name, each.number) for pk, each in versions.items()})
    of_place = _ranks({pk: each.slug for pk, each in places.items()})
    subjects: dict[str, int] = {}  # each text once, numbered as it comes
    groups, told_of, keys = array("q"), array("l"), array("q")
    rows = results.order_by().values_list("policy_version_id", "workspace_id", "subject", "pk")
    for version, place, subject, key in rows.iterator(AT_ONCE):
        groups.append(of_version[version] * len(of_place) + of_place[place])
        told_of.append(subjects.setdefault(subject, len(subjects)))
        keys.append(key)
    of_subject = _ranks({number: subject for subject, number in subjects.items()})
    packed = [
        (group * len(of_subject) + of_subject[number]) << KEY_BITS | key
        for group, number, key in zip(groups, told_of, keys, strict=True)
    ]
    packed.sort()
    return array("q", (each & (1 << KEY_BITS) - 1 for each in packed))


def by_identity(results: QuerySet[ScanResult]) -> array[int]:
    """Return the primary keys of ``results`` by identity, which is a SHA-256 digest; one query."""
    rows = results.order_by().values_list("identity", "pk").iterator(AT_ONCE)
    packed = [int(digest.rpartition(":")[2], 16) << KEY_BITS | key for digest, key in rows]
    packed.sort()
    return array("q", (each & (1 << KEY_BITS) - 1 for each in packed))


def _ranks(names: Mapping[int, str] | Mapping[int, tuple[str, int]]) -> dict[int, int]:
    """Return the place of each key when they are sorted by what they stand for."""
    return {key: rank for rank, key in enumerate(sorted(names, key=names.__getitem__))}
