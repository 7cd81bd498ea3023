"""What the console journals."""

from __future__ import annotations

from dataclasses import dataclass

from core.events import Event


@dataclass(frozen=True, kw_only=True)
class AdministratorWasCreated(Event):
    """The first start of an installation made its administrator."""

    action = "console.administrator.created"


@dataclass(frozen=True, kw_only=True)
class AccountCreated(Event):
    """An account came into being, without a password and without any right."""

    action = "console.account.created"

    account: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class AccountDisabled(Event):
    """An account can neither log in nor use its tokens any more."""

    action = "console.account.disabled"

    account: str


@dataclass(frozen=True, kw_only=True)
class AccountEnabled(Event):
    """A disabled account works again."""

    action = "console.account.enabled"

    account: str


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Event):
    """An account got a new password, from an administrator or from its own holder; it is nowhere
    in clear."""

    action = "console.account.password_set"

    account: str


@dataclass(frozen=True, kw_only=True)
class GroupCreated(Event):
    """A group of accounts came into being."""

    action = "console.group.created"

    group: str


@dataclass(frozen=True, kw_only=True)
class GroupChanged(Event):
    """An account joined a group, or left it: it gains or loses what the group is granted."""

    action = "console.group.changed"

    group: str
    account: str


@dataclass(frozen=True, kw_only=True)
class ScheduleSwitched(Event):
    """A schedule was switched on or off."""

    action = "console.schedule.switched"

    schedule: str
    enabled: bool
