"""Take policies from an OPA bundle: all that is in it, or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.errors import Conflict, FieldError, InvalidInput
from policies.bundles.archive import Archive, InvalidBundle
from policies.bundles.layout import contents_of
from policies.queries.policies import check_policy_name
from policies.services import sets
from policies.services.checks import checked_policy
from policies.services.fixtures import hold_fixtures, read_fixtures
from policies.services.policies import store_version
from registry import access

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.actors import Actor
    from policies.bundles.layout import BundledPolicy, Contents
    from policies.services.checks import CheckedPolicy
    from policies.services.fixtures import Fixture

MAX_POLICIES = 500


@dataclass(frozen=True)
class Imported:
    """What became of one thing in a bundle: ``created``, ``unchanged``, or ``valid`` where nothing
    was to be stored."""

    ref: str
    outcome: str


@dataclass(frozen=True)
class _Checked:
    policy: BundledPolicy
    found: CheckedPolicy
    fixtures: list[Fixture]


def import_bundle(
    *,
    actor: Actor,
    read: Callable[[], Archive],
    limit: int = MAX_POLICIES,
    dry_run: bool = False,
    reason: str = "",
) -> list[Imported]:
    """Store every policy of a bundle as a new version, and the set that it carries.

    ``read`` gives the archive. Each policy passes the checks of a save, with the fixtures that lie
    beside it, before the first one is stored; then all are stored in one transaction. What is
    here already is left alone. Needs an administrator of the organisation. Raises InvalidInput
    with the place of everything that is wrong.
    """
    access.require_organisation_admin(actor, subject="policy bundle")
    try:
        contents = contents_of(read())
    except InvalidBundle as error:
        raise InvalidInput.of("bundle", str(error)) from error
    if len(contents.policies) > limit:
        reason = f"holds {len(contents.policies)} policies, at most {limit} are taken here"
        raise InvalidInput.of("bundle", reason)
    checked = _all_checked(contents)
    if dry_run:
        return [Imported(each.policy.name, "valid") for each in checked]
    with transaction.atomic():
        return [*_stored(checked, actor=actor, reason=reason), *_set(contents, actor, reason)]


def _all_checked(contents: Contents) -> list[_Checked]:
    checked: list[_Checked] = []
    errors: list[FieldError] = []
    for policy in contents.policies:
        try:
            checked.append(_check(policy))
        except InvalidInput as error:
            told = error.errors or [FieldError("bundle", error.detail)]
            errors += [FieldError(f"{policy.name}.{each.field}", each.reason) for each in told]
    if errors:
        first = errors[0]
        raise InvalidInput(f"Nothing was imported: {first.field}, {first.reason}", errors=errors)
    return checked


def _check(policy: BundledPolicy) -> _Checked:
    check_policy_name(policy.name, field="name")
    found = checked_policy(policy.name, source=policy.source, tests=policy.tests)
    given = [
        {"name": each.name, "state": each.state, "input": _input(each.body, name=each.name)}
        for each in policy.fixtures
    ]
    fixtures = read_fixtures(given, kinds=found.metadata["input_kinds"])
    hold_fixtures(found.module, fixtures, modify=found.metadata["modify"])
    return _Checked(policy, found, fixtures)


def _input(body: bytes, *, name: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput.of(f"fixtures.{name}", f"is no JSON: {error}") from error


def _stored(checked: list[_Checked], *, actor: Actor, reason: str) -> list[Imported]:
    outcomes = []
    for each in checked:
        store = partial(
            store_version,
            actor=actor,
            name=each.policy.name,
            found=each.found,
            tests=each.policy.tests,
            fixtures=each.fixtures,
            reason=reason,
        )
        outcomes.append(_outcome(each.policy.name, store))
    return outcomes


def _set(contents: Contents, actor: Actor, reason: str) -> list[Imported]:
    if not contents.policy_set:
        return []
    chosen = dict(contents.policy_set)
    store = partial(sets.create_version, actor=actor, reason=reason, **chosen)
    return [_outcome(chosen["name"], store)]


def _outcome(name: str, store: Callable[[], Any]) -> Imported:
    try:
        return Imported(str(store().reference), "created")
    except Conflict as error:
        return Imported(f"{name}/{error.extra.get('version', '')}".rstrip("/"), "unchanged")
