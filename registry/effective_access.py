"""What each account's grants give: derived from django-guardian's rows, never stored twice.

Effective access is cached per process under an epoch that database triggers count up whenever a
grant, a group membership or an account changes, whoever changes it. A request reads the epoch
once, with its credential; so no request that starts after such a change is served the older one.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from core.statements import Parameter, Statement
from registry.models import (
    AccessEpoch,
    Grant,
    WorkspaceGroupObjectPermission,
    WorkspaceUserObjectPermission,
)
from registry.permissions import PERMISSION_NAMES, Permission

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from core.models import User

CACHED_USERS = 10_000
READ_EPOCH = f"SELECT epoch FROM {AccessEpoch._meta.db_table} WHERE id = 1"  # noqa: S608 - ours
HELD_PERMISSIONS = Statement(
    lambda: _by_user(Parameter("user")).union(_by_group(Parameter("user")))
)
HELD_ROLES = Statement(
    lambda: Grant.objects.filter(
        Q(user=Parameter("user")) | Q(group__user=Parameter("user")), valid_to__isnull=True
    ).values_list("workspace_id", "role")
)


@dataclass(frozen=True)
class Access:
    """What a user's grants give: permissions and role names per workspace id."""

    permissions: Mapping[int, frozenset[Permission]]
    roles: Mapping[int, frozenset[str]]


_cache: OrderedDict[int, tuple[int, Access]] = OrderedDict()
_cache_lock = Lock()


def current_epoch() -> int:
    """Return the epoch of all grants."""
    # Every request asks: compiling this one by the ORM would cost as much as the rest.
    with connection.cursor() as cursor:
        cursor.execute(READ_EPOCH)
        row: tuple[int] = cursor.fetchone()
    return row[0]


def of_user(user: User, *, epoch: int | None = None) -> Access:
    """Return the effective access of ``user`` as of ``epoch``, or now.

    Nothing that is derived inside a transaction is kept: it may rest on grants that roll back.
    """
    epoch = current_epoch() if epoch is None else epoch
    with _cache_lock:
        cached = _cache.get(user.pk)
    if cached and cached[0] == epoch:
        return cached[1]
    access = _derive(user)
    if connection.in_atomic_block:
        return access
    with _cache_lock:
        _cache[user.pk] = (epoch, access)
        _cache.move_to_end(user.pk)
        if len(_cache) > CACHED_USERS:
            _cache.popitem(last=False)
    return access


def _by_user(user: Parameter) -> QuerySet[Any, tuple[int, str]]:
    rows = WorkspaceUserObjectPermission.objects.filter(user=user)
    return rows.values_list("content_object_id", "permission__codename")


def _by_group(user: Parameter) -> QuerySet[Any, tuple[int, str]]:
    rows = WorkspaceGroupObjectPermission.objects.filter(group__user=user)
    return rows.values_list("content_object_id", "permission__codename")


def _derive(user: User) -> Access:
    permissions: dict[int, set[Permission]] = {}
    for workspace_id, codename in HELD_PERMISSIONS.all(user=user.pk):
        if codename in PERMISSION_NAMES:
            permissions.setdefault(workspace_id, set()).add(Permission(codename))
    roles: dict[int, set[str]] = {}
    for workspace_id, role in HELD_ROLES.all(user=user.pk):
        roles.setdefault(workspace_id, set()).add(role)
    return Access(
        permissions={key: frozenset(value) for key, value in permissions.items()},
        roles={key: frozenset(value) for key, value in roles.items()},
    )
