"""Workspaces, accounts named for what they do, and their roles."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group

from console.services import accounts
from core.actors import Actor, Via
from core.models import User
from registry.models import Grant, PromotionRule, Workspace
from registry.services import members, rules, workspaces

if TYPE_CHECKING:
    from collections.abc import Mapping

WORKSPACES = {
    "assist-dev": ("Support assistant, development", "development"),
    "assist-staging": ("Support assistant, staging", "staging"),
    "assist-prod": ("Support assistant, production", "production"),
}
APPROVALS = {"assist-prod": 1}
PEOPLE = ("author", "approver", "deployer", "auditor", "platform-engineer")
PROGRAMS = ("ci",)
GROUPS = {"assist-team": ("author", "approver", "deployer", "platform-engineer", "ci")}
GROUP_ROLES = {"assist-team": dict.fromkeys(WORKSPACES, "reader")}
ROLES: Mapping[str, Mapping[str, str]] = {
    "author": {"assist-dev": "author"},
    "approver": {"assist-prod": "approver"},
    "deployer": {"assist-staging": "deployer", "assist-prod": "deployer"},
    "auditor": dict.fromkeys(WORKSPACES, "auditor"),
    "platform-engineer": dict.fromkeys(WORKSPACES, "admin"),
    "ci": {"assist-dev": "author", "assist-staging": "deployer"},
}


@dataclass(frozen=True)
class People:
    """The accounts as actors. ``password`` is that of the accounts that this run made, kept
    nowhere else; None when it made none."""

    administrator: Actor
    by_name: Mapping[str, Actor]
    password: str | None

    def __getitem__(self, name: str) -> Actor:
        return self.by_name[name]


def settle(administrator: Actor) -> People:
    """Make what is missing of workspaces, accounts, groups and roles."""
    for slug, (title, stage) in WORKSPACES.items():
        if not Workspace.objects.filter(slug=slug).exists():
            workspaces.create(actor=administrator, slug=slug, title=title, stage=stage)
    _set_rules(administrator)
    password = _make_accounts(administrator)
    _make_groups(administrator)
    for name, roles in ROLES.items():
        for place, role in roles.items():
            held = Grant.objects.filter(user__username=name, workspace__slug=place, role=role)
            if not held.filter(valid_to=None).exists():
                members.grant(actor=administrator, workspace=place, role=role, username=name)
    users = User.objects.filter(username__in=ROLES)
    actors = {user.username: Actor(user=user, via=Via.COMMAND) for user in users}
    return People(administrator, actors, password)


def _set_rules(administrator: Actor) -> None:
    for place, needed in APPROVALS.items():
        rule = PromotionRule.objects.filter(workspace__slug=place, valid_to=None)
        if not rule.filter(required_approvals=needed).exists():
            rules.set_required_approvals(
                actor=administrator, workspace=place, required_approvals=needed
            )


def _make_accounts(administrator: Actor) -> str | None:
    there = set(User.objects.values_list("username", flat=True))
    for name in PROGRAMS:
        if name not in there:
            accounts.create(actor=administrator, username=name, kind="service")
    missing = [name for name in PEOPLE if name not in there]
    password = secrets.token_urlsafe(12) if missing else None
    for name in missing:
        accounts.create(actor=administrator, username=name)
        if password:
            accounts.set_password(actor=administrator, username=name, password=password)
    return password


def _make_groups(administrator: Actor) -> None:
    for name, names in GROUPS.items():
        group = Group.objects.filter(name=name).first()
        if group is None:
            group = accounts.create_group(actor=administrator, name=name)
        joined = set(group.user_set.values_list("username", flat=True))
        for username in names:
            if username not in joined:
                accounts.join(actor=administrator, group=name, username=username)
        for place, role in GROUP_ROLES[name].items():
            held = Grant.objects.filter(group=group, workspace__slug=place, role=role)
            if not held.filter(valid_to=None).exists():
                members.grant(actor=administrator, workspace=place, role=role, group=name)
