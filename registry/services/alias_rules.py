"""Say who may move which aliases by hand, and onto what; and hold every move to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from core.errors import AccessDenied, Conflict, Denial, InvalidInput, NotFound
from core.facts import end
from core.journal import publish
from core.models import User
from core.references import caseless, check_alias
from core.texts import check_text
from registry import access
from registry.events import AliasRuleEnded, AliasRuleSet
from registry.kinds import KINDS
from registry.models import AliasRule, AliasRuleMover, VersionTag, Workspace
from registry.models.tag import MAX_KEY
from registry.permissions import ROLE_NAMES, Permission
from registry.queries.aliases import rules_of
from registry.queries.life import STATES, state_of
from registry.queries.versions import asset_reference
from registry.services.reasons import check_reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from core.actors import Actor
    from registry.models import Asset, AssetVersion

MAX_RULES = 100
MAX_ITEMS = 50
MAX_TAG_VALUE = 1_000


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a rule asks for; empty ones ask for nothing.

    ``roles``, ``users`` and ``groups`` (names) are who may move by hand; ``kinds`` narrow the rule;
    ``tags`` and ``states`` are what the version moved onto must have.
    """

    roles: Sequence[str] = ()
    users: Sequence[str] = ()
    groups: Sequence[str] = ()
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


def set_rule(
    *, actor: Actor, workspace: str, pattern: str, terms: Terms, reason: str = ""
) -> AliasRule:
    """Set the rule for aliases of the form ``pattern`` from now on; earlier ones stay on record.

    Rules only narrow: a mover needs the right move_alias too, and move_protected_alias where the
    workspace's list protects the alias; where several rules hold, all must agree. They bind
    administrators as well, who may change them. Needs change_workspace. Raises InvalidInput,
    NotFound, AccessDenied, or Conflict beyond 100 rules.
    """
    place = access.workspace_by_slug(
        actor, workspace, permission=Permission.CHANGE_WORKSPACE, field="workspace"
    )
    check_reason(place, reason)
    form = _checked_pattern(pattern)
    _check(terms)
    movers = _movers(terms)
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        standing = AliasRule.objects.filter(workspace=place, valid_to__isnull=True)
        before = standing.filter(pattern=form).prefetch_related("movers__user", "movers__group")
        former = before.first()
        if former is None and standing.count() >= MAX_RULES:
            raise Conflict(f"A workspace has at most {MAX_RULES} rules.")
        now = timezone.now()
        end(before, at=now)
        rule = AliasRule.objects.create(
            workspace=place,
            pattern=form,
            kinds=sorted(set(terms.kinds)),
            tags=dict(sorted(terms.tags.items())),
            states=sorted(set(terms.states)),
            set_by=actor.user,
            valid_from=max(now, former.valid_from) if former else now,
        )
        for mover in movers:
            mover.rule = rule
        AliasRuleMover.objects.bulk_create(movers)
        _publish(AliasRuleSet, rule, actor=actor, before=former, after=rule, reason=reason)
    return rule


def end_rule(*, actor: Actor, rule: UUID, reason: str = "") -> AliasRule:
    """End a rule; needs change_workspace. Raises NotFound, AccessDenied, or Conflict."""
    found = AliasRule.objects.select_related("workspace").filter(uuid=rule).first()
    if found is None:
        raise NotFound
    place = found.workspace
    access.require(actor, Permission.CHANGE_WORKSPACE, place, subject=f"alias-rule/{rule}")
    check_reason(place, reason)
    with transaction.atomic():
        Workspace.objects.select_for_update(no_key=True).get(pk=place.pk)
        if not end(AliasRule.objects.filter(pk=found.pk), at=timezone.now()):
            raise Conflict("The rule has ended already.")
        _publish(AliasRuleEnded, found, actor=actor, before=found, after=None, reason=reason)
    found.refresh_from_db()
    return found


def require_allowed(actor: Actor, asset: Asset, alias: str, *, to: AssetVersion | None) -> None:
    """Return if every rule lets ``actor`` move ``alias`` of the asset onto ``to`` by hand.

    Raises AccessDenied where the actor is not among the movers, Conflict where the version lacks
    what a rule asks for; both are journalled as denials.
    """
    for rule in rules_of(asset, alias):
        subject = f"{asset_reference(asset)}@{alias}"
        denial = Denial(Permission.MOVE_ALIAS.value, subject, asset.workspace.uuid)
        if not _is_mover(actor, rule):
            raise AccessDenied(
                f"The rule {rule.pattern!r} of {asset.workspace.slug} says who may move {alias}.",
                denial=denial,
            )
        if to is not None and (unmet := list(_unmet(rule, to))):
            raise Conflict(
                f"The rule {rule.pattern!r} keeps {alias} from version {to.number}: {unmet[0]}.",
                extra={"rule": str(rule.uuid), "unmet": unmet},
                denial=denial,
            )


def _is_mover(actor: Actor, rule: AliasRule) -> bool:
    movers = list(rule.movers.all())
    if not movers:
        return True
    user = actor.user
    if user is None:
        return False
    if user.pk in {mover.user_id for mover in movers}:
        return True
    if access.roles(actor, rule.workspace_id) & {mover.role for mover in movers if mover.role}:
        return True
    groups = [mover.group_id for mover in movers if mover.group_id]
    return bool(groups) and user.groups.filter(pk__in=groups).exists()


def _unmet(rule: AliasRule, version: AssetVersion) -> list[str]:
    held = dict(
        VersionTag.objects.filter(version=version, key__in=list(rule.tags)).values_list(
            "key", "value"
        )
    )
    unmet = [
        f"it lacks the tag {key}={value}"
        for key, value in rule.tags.items()
        if held.get(key) != value
    ]
    if rule.states and (state := state_of(version)) not in rule.states:
        unmet.append(f"it is {state}, not {' or '.join(rule.states)}")
    return unmet


def _checked_pattern(pattern: str) -> str:
    check_text(pattern, field="pattern", limit=200)
    if pattern != "*":
        check_alias(pattern.replace("*", "a"), field="pattern")
    form = caseless(pattern)
    if not form or len(form) > 200:
        raise InvalidInput.of("pattern", "must have 1 to 200 characters in its caseless form")
    return form


def _check(terms: Terms) -> None:
    for name, values, known in (
        ("roles", terms.roles, ROLE_NAMES),
        ("kinds", terms.kinds, tuple(KINDS)),
        ("states", terms.states, STATES),
    ):
        if strange := sorted(set(values) - set(known)):
            raise InvalidInput.of(name, f"{strange[0]!r} is none of {', '.join(known)}")
    for name in ("users", "groups", "tags"):
        if len(getattr(terms, name)) > MAX_ITEMS:
            raise InvalidInput.of(name, f"has more than {MAX_ITEMS} items")
    for key, value in terms.tags.items():
        check_text(key, field="tags", limit=MAX_KEY)
        check_text(value, field="tags", limit=MAX_TAG_VALUE)


def _movers(terms: Terms) -> list[AliasRuleMover]:
    users = {user.username: user for user in User.objects.filter(username__in=terms.users)}
    groups = {group.name: group for group in Group.objects.filter(name__in=terms.groups)}
    for name, wanted, found in (("users", terms.users, users), ("groups", terms.groups, groups)):
        if missing := [item for item in wanted if item not in found]:
            raise InvalidInput.of(name, f"there is no {name[:-1]} {missing[0][:80]!r}")
    return [
        *(AliasRuleMover(role=role) for role in sorted(set(terms.roles))),
        *(AliasRuleMover(user=user) for user in users.values()),
        *(AliasRuleMover(group=group) for group in groups.values()),
    ]


def _publish(
    event: type[AliasRuleSet | AliasRuleEnded],
    rule: AliasRule,
    *,
    actor: Actor,
    before: AliasRule | None,
    after: AliasRule | None,
    reason: str,
) -> None:
    publish(
        event(
            subject=f"{rule.workspace.slug}@{rule.pattern}",
            workspace=rule.workspace.uuid,
            reason=reason,
            before=_told(before),
            after=_told(after),
            rule=str(rule.uuid),
        ),
        actor=actor,
        roles=access.roles(actor, rule.workspace_id),
    )


def _told(rule: AliasRule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    movers = list(rule.movers.select_related("user", "group").order_by("id"))
    return {
        "rule": str(rule.uuid),
        "roles": [mover.role for mover in movers if mover.role],
        "users": [str(mover.user.uuid) for mover in movers if mover.user],
        "groups": [mover.group.name for mover in movers if mover.group],
        "kinds": rule.kinds,
        "states": rule.states,
        "tags": [{"key": key, "value": value} for key, value in rule.tags.items()],
    }
