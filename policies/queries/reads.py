"""Which paths of configurations policies read."""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import F

from policies.models import PolicyVersion
from policies.packs.catalog import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PREFIX = "configuration/"


def reads_by_type() -> dict[str, frozenset[str]]:
    """Return the paths that shipped policies and the newest versions of stored ones say they read
    of each resource type; one query."""
    found: dict[str, set[str]] = defaultdict(set)
    for kind, paths in _shipped().items():
        found[kind] |= paths
    newest = PolicyVersion.objects.filter(number=F("policy__last_number"))
    for metadata in newest.values_list("metadata", flat=True):
        _add(found, metadata.get("input_kinds", ()), metadata.get("reads", ()))
    return {kind: frozenset(paths) for kind, paths in found.items()}


@functools.cache
def _shipped() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for policy in shipped():
        _add(found, policy.metadata.input_kinds, policy.metadata.reads)
    return found


def _add(found: dict[str, set[str]], kinds: Iterable[str], reads: Iterable[str]) -> None:
    paths = set(reads)
    for kind in kinds:
        if kind.startswith(PREFIX) and paths:
            found[kind.removeprefix(PREFIX)] |= paths
