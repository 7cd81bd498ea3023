from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from console.management.commands.token import moment
from registry.models import Token
from registry.services import tokens
from tests import factories

pytestmark = pytest.mark.django_db


def printed(*arguments: str) -> str:
    output = StringIO()
    call_command("token", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_prints_a_working_token_and_nothing_else() -> None:
    user = factories.make_user()

    text = printed(user.username)

    assert text.count("\n") == 1
    assert tokens.authenticate(text.strip()).user == user


def test_the_token_is_as_narrow_as_asked_for() -> None:
    place = factories.make_workspace()
    user = factories.make_user()

    printed(
        user.username, "--workspace", place.slug, "--scope", "view_workspace", "--expires", "30d"
    )

    token = Token.objects.get(user=user)
    assert token.expires_at is not None
    assert list(token.workspaces.all()) == [place]
    assert token.scopes == ["view_workspace"]
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_expiry_is_a_time_or_a_span() -> None:
    assert moment(None) is None
    assert moment("2030-01-02T03:04:05+01:00") == datetime(2030, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert moment("2030-01-02") == datetime(2030, 1, 2, tzinfo=UTC)
    with pytest.raises(CommandError, match="30d or 12h"):
        moment("soon")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody"], "no account"),
        (["USER", "--workspace", "nowhere"], "no workspace"),
        (["USER", "--expires", "2001-01-01"], "past"),
        (["USER", "--scope", "everything"], "invalid choice"),
    ],
)
def test_a_wrong_request_makes_no_token(arguments: list[str], reason: str) -> None:
    user = factories.make_user()
    arguments = [user.username if each == "USER" else each for each in arguments]

    with pytest.raises(CommandError, match=reason):
        printed(*arguments)

    assert not Token.objects.exists()
