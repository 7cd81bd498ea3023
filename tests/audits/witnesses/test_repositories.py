"""Checkpoints as commits, in a clone of our own and at its remote."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audits.models import LogAnchor, LogCheckpoint, LogSink
from audits.queries.log import LogDamaged
from audits.services.transparency import integration
from audits.services.transparency.repositories import Repository
from audits.services.transparency.resumption import resume
from core import actors
from tests.audits.transparency.growing import grow, journal
from tests.audits.witnesses.conftest import work_off
from tests.audits.witnesses.test_cosigning import forget_the_newest

pytestmark = pytest.mark.django_db


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def remote(settings: Any, folder: Path) -> Path:
    """A repository elsewhere."""
    where = folder / "remote.git"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(where))
    settings.LOG_GIT = str(where)
    return where


def notes(repository: Path) -> list[str]:
    commits = git(repository, "log", "--reverse", "--format=%H", "main").split()
    return [git(repository, "show", f"{commit}:checkpoint") for commit in commits]


def test_each_checkpoint_that_goes_out_is_a_commit(remote: Path, folder: Path) -> None:
    for _ in range(3):
        journal(2)
        newest = grow()
        work_off()
        assert notes(remote)[-1] == notes(folder / "clone")[-1] == newest.note

    assert len(notes(remote)) == 3
    assert git(remote, "log", "-1", "--format=%s").strip() == f"Checkpoint of {newest.size} entries"
    receipt = LogAnchor.objects.get(checkpoint=newest).receipt
    assert receipt == git(remote, "rev-parse", "main").strip()


def test_a_remote_that_is_away_is_shown_and_has_all_commits_later(
    remote: Path, folder: Path
) -> None:
    remote.rename(folder / "away.git")
    for _ in range(2):
        journal(2)
        newest = grow()
        work_off()
    sink = LogSink.objects.get()
    assert "remote.git" in sink.error
    assert sink.attempts == 2

    (folder / "away.git").rename(remote)
    work_off()

    assert LogSink.objects.get().error == ""
    assert notes(remote)[-1] == newest.note


def test_a_clone_without_a_remote_is_an_anchor(settings: Any, folder: Path) -> None:
    settings.LOG_GIT = "local"
    journal(2)
    newest = grow()
    work_off()

    assert notes(folder / "clone") == [newest.note]


def test_a_restored_backup_is_told_by_the_clone_before_anything_is_signed(remote: Path) -> None:
    journal(20)
    known = grow()
    work_off()
    kept = forget_the_newest() if LogCheckpoint.objects.count() > 1 else known
    journal(1)

    with pytest.raises(LogDamaged, match=f"repository has a tree of {known.size} entries"):
        integration.integrate(at_once=True)

    lost = resume(actor=actors.system(), reason="the disk died")
    newest = grow()
    work_off()
    assert lost.entries == known.size - kept.size
    assert notes(remote)[-1] == newest.note


def test_a_restored_machine_is_told_by_the_remote(remote: Path, folder: Path) -> None:
    journal(20)
    known = grow()
    work_off()
    shutil.rmtree(folder / "clone")
    forget_the_newest()
    journal(1)
    grow()
    work_off()

    assert LogSink.objects.get().known_size == known.size
    journal(1)
    with pytest.raises(LogDamaged, match=f"has a tree of {known.size} entries"):
        integration.integrate(at_once=True)


def test_a_clone_from_an_old_backup_is_told_by_the_remote(remote: Path, folder: Path) -> None:
    journal(2)
    grow()
    work_off()
    shutil.copytree(folder / "clone", folder / "backup")
    journal(20)
    known = grow()
    work_off()
    shutil.rmtree(folder / "clone")
    (folder / "backup").rename(folder / "clone")
    forget_the_newest()
    journal(1)
    grow()
    work_off()

    assert LogSink.objects.get().known_size == known.size


def test_verify_audit_holds_the_log_against_the_commits(
    remote: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal(20)
    grow()
    work_off()
    call_command("verify_audit")
    assert "no anchor" not in capsys.readouterr().out
    forget_the_newest()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 14


def test_credentials_of_an_address_are_not_shown(settings: Any, folder: Path) -> None:
    sink = Repository("https://me:secret@127.0.0.1:1/x.git", folder / "clone", None)  # type: ignore[arg-type]
    settings.LOG_GIT = sink.remote
    journal(1)
    grow()
    work_off()

    row = LogSink.objects.get()
    assert row.name == sink.name == "git:https://127.0.0.1:1/x.git"
    assert row.error
    assert "secret" not in row.error
