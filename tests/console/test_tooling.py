from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from console.bootstrap import LOCKS, ROOT
from console.tooling import locks, migrations, opa

MIGRATION = """
class Migration:
    dependencies = [{dependencies}]
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """The migrations folder of an app without any migration."""
    folder = tmp_path / "vault" / "migrations"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    return folder


def write(folder: Path, name: str, *needs: str) -> None:
    pairs = "".join(f"('vault', '{need}'), " for need in needs)
    text = MIGRATION.format(dependencies=f"('core', '0001_start'), {pairs}")
    (folder / f"{name}.py").write_text(text)


def test_a_named_line_of_migrations_is_fine(app: Path) -> None:
    write(app, "0001_start")
    write(app, "0002_locks", "0001_start")

    assert migrations.forks(app.parent.parent) == []


def test_two_migrations_on_one_parent_are_a_fork(app: Path) -> None:
    write(app, "0001_start")
    write(app, "0002_keys", "0001_start")
    write(app, "0003_locks", "0001_start")

    (complaint,) = migrations.forks(app.parent.parent)
    assert "0003_locks.py: depends on ['0001_start'] in vault" in complaint


def test_two_migrations_of_one_number_are_a_fork(app: Path) -> None:
    write(app, "0001_start")
    write(app, "0002_keys", "0001_start")
    write(app, "0002_locks", "0002_keys")

    (complaint,) = migrations.forks(app.parent.parent)
    assert "expected number 0003" in complaint


@pytest.mark.parametrize("name", ["0001_auto_20250101_1200", "0001_initial_and_more"])
def test_a_generated_name_says_nothing(app: Path, name: str) -> None:
    write(app, name)

    (complaint,) = migrations.forks(app.parent.parent)
    assert "name it for what it does" in complaint


def test_the_committed_locks_are_current() -> None:
    assert locks.stale_locks() == []


def test_a_lock_is_stale_once_a_dependency_changes(tmp_path: Path) -> None:
    for name in ("pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    project = tmp_path / "pyproject.toml"
    project.write_text(project.read_text().replace('"pyyaml>=6"', '"pyyaml>=6.0.1"'))

    assert locks.stale_locks(tmp_path) == list(LOCKS)


def test_a_lock_is_current_whatever_else_the_project_file_says(tmp_path: Path) -> None:
    for name in ("pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    with (tmp_path / "pyproject.toml").open("a") as project:
        project.write("\n[tool.other]\nline-length = 80\n")

    assert locks.stale_locks(tmp_path) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = [line for line in text.splitlines() if line and line[0] not in "# "]

    assert len(pins) > 50
    assert all("==" in line and line.endswith("\\") for line in pins)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_each_lock_contains_those_before_it() -> None:
    runtime, extras, development = (
        {
            # An extra may want a package on more platforms than the runtime does.
            line.partition(" ")[0]
            for line in (ROOT / name).read_text().splitlines()
            if "==" in line and line[0] != "#"
        }
        for name in LOCKS
    )

    assert runtime < extras < development
    named = {pin.partition("==")[0] for pin in extras}
    assert {"weasyprint", "reportlab", "rfc3161-client"} <= named


def executable(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_opa_is_the_named_one_then_the_one_on_path_then_the_built_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    named, built = executable(tmp_path / "named"), executable(tmp_path / "built")
    on_path = executable(folder / "opa")
    monkeypatch.setattr(opa, "BUILT", built)
    monkeypatch.setenv("PATH", str(folder))

    monkeypatch.setenv("MUNIMENT_OPA", str(named))
    assert opa.find_opa() == named
    monkeypatch.delenv("MUNIMENT_OPA")
    assert opa.find_opa() == on_path
    on_path.unlink()
    assert opa.find_opa() == built
    built.unlink()
    assert opa.find_opa() is None


def test_a_named_opa_that_is_not_there_is_not_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MUNIMENT_OPA", os.devnull + "/opa")

    assert opa.find_opa() is None


def test_without_go_the_build_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opa, "BUILT", tmp_path / "opa")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(SystemExit, match="needs Go"):
        opa.main([])


def test_the_pinned_opa_is_a_1_x_release() -> None:
    assert opa.pinned_version().startswith("1.")
