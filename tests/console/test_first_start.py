from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import call_command

from console.services import first_start
from core.models import JournalEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(settings: LazySettings, tmp_path: Path) -> Path:
    """An empty data folder."""
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


def prepare(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    call_command("prepare", *options)
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_the_first_start_makes_an_administrator_who_can_log_in() -> None:
    password = first_start.create_administrator()

    user = authenticate(username="admin", password=password)
    assert isinstance(user, User)
    assert user.is_superuser


def test_the_administrator_is_journalled_without_the_password() -> None:
    password = first_start.create_administrator()

    entry = JournalEntry.objects.get(action="console.administrator.created")
    assert password is not None
    assert password.encode() not in bytes(entry.body)
    assert entry.actor_kind == "system"


def test_a_later_start_changes_no_account() -> None:
    first_start.create_administrator()

    assert first_start.create_administrator() is None
    assert User.objects.count() == 1


def test_an_installation_with_accounts_gets_no_administrator() -> None:
    User.objects.create_user("auditor")

    assert first_start.create_administrator() is None
    assert not User.objects.filter(username="admin").exists()


def test_a_first_start_wants_the_demo_until_it_was_made(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = prepare(capsys)
    second = prepare(capsys)

    assert first["password"]
    assert second["password"] is None
    assert (data / "demo-pending").exists()
    assert first["demo"] == second["demo"]


def test_a_first_start_without_demo_never_makes_it_later(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(capsys, "--no-demo")

    assert prepare(capsys)["demo"] is False
    assert not (data / "demo-pending").exists()
