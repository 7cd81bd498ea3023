"""Create versions of policies, and have them checked by OPA later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core.canonical import canonical_digest
from core.errors import Conflict, InvalidInput, NotFound
from core.journal import publish
from policies.events import PolicyVersionChecked, PolicyVersionCreated
from policies.models import Policy, PolicyVersion
from policies.queries.policies import check_policy_name
from policies.services.checks import (
    CheckedPolicy,
    checked_policy,
    opa_check,
    require_lint,
    test_module_of,
)
from policies.services.fixtures import Fixture, hold_fixtures, read_fixtures, store_fixtures
from registry import access

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from policies.models import PolicyFixture

NOT_CHECKED = (
    "No OPA has checked this version: it needs the OPA command line on this machine, and tests."
)


def create_version(
    *,
    actor: Actor,
    name: str,
    source: str,
    tests: str = "",
    fixtures: Sequence[Mapping[str, Any]] = (),
    reason: str = "",
) -> PolicyVersion:
    """Store a new version of the policy ``name``, with the policy where that is new.

    The text must pass METADATA, lint, the engine's parser and, where it is on this machine, OPA's
    strict compiler; with ``tests`` OPA runs those. ``fixtures`` are ``{"name", "state", "input"}``,
    at least one that passes and one that fails; each must get its state from the engine and from
    OPA, and is stored with the version. A version that OPA has not compiled and tested is stored,
    and may audit and warn but never gate. All versions of a policy have one package. Needs an
    administrator of the organisation. Raises InvalidInput, or Conflict when the newest version has
    that very text or the package belongs to another policy.
    """
    access.require_organisation_admin(actor, subject=f"policy/{name[:200]}")
    check_policy_name(name, field="name")
    found = checked_policy(name, source=source, tests=tests)
    examples = read_fixtures(fixtures, kinds=found.metadata["input_kinds"])
    hold_fixtures(found.module, examples, modify=found.metadata["modify"])
    return store_version(
        actor=actor, name=name, found=found, tests=tests, fixtures=examples, reason=reason
    )


def store_version(
    *,
    actor: Actor,
    name: str,
    found: CheckedPolicy,
    tests: str,
    fixtures: Sequence[Fixture],
    reason: str = "",
) -> PolicyVersion:
    """Store what has been checked, in a transaction of its own.

    For services that have checked the actor's right themselves. Raises as `create_version`.
    """
    with transaction.atomic():
        policy = _locked_policy(name, package=found.module.package, actor=actor)
        newest = policy.versions.order_by("-number").first()
        if newest and _is_same(newest, found=found, tests=tests, fixtures=fixtures):
            raise Conflict(
                f"The newest version of {name} has this text.", extra={"version": newest.number}
            )
        version = PolicyVersion.objects.create(
            policy=policy,
            number=policy.last_number,
            source=found.module.source,
            digest=found.module.digest,
            tests=tests,
            metadata=found.metadata,
            reads_now=found.reads_now,
            checked_by=found.checked_by,
            checked_at=timezone.now() if found.checked_by else None,
            created_by=actor.user,
        )
        store_fixtures(version, fixtures)
        _publish_created(version, fixtures, actor=actor, reason=reason)
    return version


def check_version(*, actor: Actor, version: UUID) -> PolicyVersion:
    """Have a version that was stored unchecked compiled and tested by the OPA of this machine.

    Needs an administrator of the organisation. Raises InvalidInput with what OPA, or the lint of
    today, found, Conflict where there is no OPA, or there are no tests.
    """
    access.require_organisation_admin(actor, subject=f"policy-version/{version}")
    stored = PolicyVersion.objects.select_related("policy").filter(uuid=version).first()
    if stored is None:
        raise NotFound
    if stored.is_checked:
        return stored
    require_lint(stored.module)
    tests = test_module_of(stored.policy.name, stored.tests)
    checked_by = opa_check(stored.module, tests=tests)
    if checked_by is None:
        raise Conflict(NOT_CHECKED)
    with transaction.atomic():
        unchecked = PolicyVersion.objects.filter(pk=stored.pk, checked_by__isnull=True)
        if unchecked.update(checked_by=checked_by, checked_at=timezone.now()):
            publish(
                PolicyVersionChecked(
                    subject=f"policy/{stored.reference}",
                    digest=stored.digest,
                    checked_by=checked_by,
                ),
                actor=actor,
            )
    stored.refresh_from_db(fields=["checked_by", "checked_at"])
    return stored


def _publish_created(
    version: PolicyVersion, fixtures: Sequence[Fixture], *, actor: Actor, reason: str
) -> None:
    publish(
        PolicyVersionCreated(
            subject=f"policy/{version.reference}",
            digest=version.digest,
            reason=reason,
            policy=str(version.policy.uuid),
            number=version.number,
            package=version.policy.package,
            title=version.title,
            severity=version.severity,
            checked_by=version.checked_by,
            fixtures=len(fixtures),
            fixtures_digest=canonical_digest(_told(fixtures)),
        ),
        actor=actor,
    )


def _is_same(
    newest: PolicyVersion, *, found: CheckedPolicy, tests: str, fixtures: Sequence[Fixture]
) -> bool:
    return (newest.digest, newest.tests) == (found.module.digest, tests) and _told(
        newest.fixtures.all()
    ) == _told(fixtures)


def _told(fixtures: Iterable[Fixture | PolicyFixture]) -> list[list[str]]:
    """Return what makes two choices of fixtures the same."""
    return sorted([each.name, each.state, each.digest] for each in fixtures)


def _locked_policy(name: str, *, package: str, actor: Actor) -> Policy:
    """Return the policy with its next number taken, which is also the lock."""
    defaults: dict[str, Any] = {"package": package, "created_by": actor.user}
    try:
        with transaction.atomic():
            policy, _ = Policy.objects.get_or_create(name=name, defaults=defaults)
    except IntegrityError:
        reason = f"the package {package} belongs to another policy"
        raise InvalidInput.of("source", reason) from None
    if policy.package != package:
        reason = f"every version of {name} has the package {policy.package}, not {package}"
        raise InvalidInput.of("source", reason)
    Policy.objects.filter(pk=policy.pk).update(last_number=F("last_number") + 1)
    policy.refresh_from_db()
    return policy
