"""Accounts and groups. Changing one's own password apart, all verbs need an administrator of the
organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from console.events import (
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    GroupChanged,
    GroupCreated,
    PasswordSet,
)
from core.actors import Via
from core.errors import Conflict, InvalidInput
from core.journal import publish
from core.models import User
from registry import access

if TYPE_CHECKING:
    from core.actors import Actor

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9@.+_-]{0,149}\Z")


def create(*, actor: Actor, username: str, kind: str = "human", full_name: str = "") -> User:
    """Create an account without password and without rights.

    ``kind`` is human or service. Raises InvalidInput, or Conflict for a taken name.
    """
    access.require_organisation_admin(actor, subject="accounts")
    if not NAME.match(username):
        raise InvalidInput.of("username", "must be 1 to 150 of A-Z, a-z, 0-9 and @ . + _ -")
    if kind not in User.Kind.values:
        raise InvalidInput.of("kind", f"must be one of {', '.join(User.Kind.values)}")
    first, _, last = full_name.strip().partition(" ")
    user = User(username=username, kind=kind, first_name=first[:150], last_name=last[:150])
    user.set_unusable_password()
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            raise Conflict(f"There is an account {username}.") from None
        publish(
            AccountCreated(subject=_subject(user), account=str(user.uuid), kind=kind), actor=actor
        )
    return user


def set_password(*, actor: Actor, username: str, password: str) -> User:
    """Give an account a new password, which ends its sessions; a program's account has none."""
    user = _user(actor, username)
    if user.kind != User.Kind.HUMAN:
        raise InvalidInput.of("username", "is a program's account: it works by API token")
    _write_password(user, password, actor=actor)
    return user


def change_own_password(*, actor: Actor, password: str) -> User:
    """Give the actor's own account a new password; the caller has asked for the old one."""
    if actor.user is None or actor.via is not Via.SESSION:
        raise InvalidInput("Only a person who is logged in changes a password.")
    _write_password(actor.user, password, actor=actor)
    return actor.user


def _write_password(user: User, password: str, *, actor: Actor) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput.of("password", " ".join(error.messages)) from error
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        publish(PasswordSet(subject=_subject(user), account=str(user.uuid)), actor=actor)


def switch(*, actor: Actor, username: str, enabled: bool, reason: str = "") -> User:
    """Disable an account at once, or enable it again; nobody disables themselves."""
    user = _user(actor, username)
    if user == actor.user:
        raise InvalidInput.of("username", "is your own account")
    event = AccountEnabled if enabled else AccountDisabled
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not enabled).update(is_active=enabled)
        if not changed:
            raise Conflict(f"The account is {'enabled' if enabled else 'disabled'} already.")
        publish(event(subject=_subject(user), account=str(user.uuid), reason=reason), actor=actor)
    user.refresh_from_db()
    return user


def create_group(*, actor: Actor, name: str) -> Group:
    """Create an empty group; raises InvalidInput, or Conflict for a taken name."""
    access.require_organisation_admin(actor, subject="groups")
    if not NAME.match(name):
        raise InvalidInput.of("name", "must be 1 to 150 of A-Z, a-z, 0-9 and @ . + _ -")
    with transaction.atomic():
        try:
            with transaction.atomic():
                group = Group.objects.create(name=name)
        except IntegrityError:
            raise Conflict(f"There is a group {name}.") from None
        publish(GroupCreated(subject=f"group/{name}", group=name), actor=actor)
    return group


def join(*, actor: Actor, group: str, username: str) -> None:
    """Put an account into a group: it gains what the group is granted."""
    _change(actor, group, username, joins=True)


def leave(*, actor: Actor, group: str, username: str) -> None:
    """Take an account out of a group: it loses what only the group was granted."""
    _change(actor, group, username, joins=False)


def _change(actor: Actor, name: str, username: str, *, joins: bool) -> None:
    user = _user(actor, username)
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise InvalidInput.of("group", f"there is no group {name[:80]!r}")
    with transaction.atomic():
        Group.objects.select_for_update().get(pk=group.pk)
        is_member = group.user_set.filter(pk=user.pk).exists()
        if is_member is joins:
            raise Conflict(f"{username} is {'a member' if joins else 'no member'} already.")
        if joins:
            group.user_set.add(user)
        else:
            group.user_set.remove(user)
        publish(
            GroupChanged(
                subject=f"group/{name}",
                group=name,
                account=str(user.uuid),
                before={"member": is_member},
                after={"member": joins},
            ),
            actor=actor,
        )


def _user(actor: Actor, username: str) -> User:
    access.require_organisation_admin(actor, subject="accounts")
    user = User.objects.filter(username=username).first()
    if user is None:
        raise InvalidInput.of("username", f"there is no account {username[:80]!r}")
    return user


def _subject(user: User) -> str:
    return f"user/{user.uuid}"
