from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console import bootstrap
from console.bootstrap import DEVELOPMENT, EXTRAS, RUNTIME, BootstrapError, Environment


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the download of packages, which needs an index; all else is real.

    As where uv is found: pip inside each environment would take most of the time.
    """
    done: list[str] = []
    monkeypatch.setattr(shutil, "which", lambda name: f"/no/such/{name}")

    def install(environment: Environment, *, lock: str, uv: str | None) -> None:
        done.append(lock)

    monkeypatch.setattr(bootstrap, "_install", install)
    return done


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A checkout with three small locks and no environment yet."""
    (tmp_path / RUNTIME).write_text("one==1\n")
    (tmp_path / EXTRAS).write_text("half==1\none==1\n")
    (tmp_path / DEVELOPMENT).write_text("one==1\ntwo==2\n")
    return Environment(root=tmp_path)


def test_a_first_run_makes_a_working_environment(
    environment: Environment, installs: list[str]
) -> None:
    assert bootstrap.ensure(environment, lock=RUNTIME)

    answer = subprocess.check_output([environment.python, "-c", "import sys; print(sys.prefix)"])
    assert Path(answer.decode().strip()).resolve() == environment.folder.resolve()
    assert installs == [RUNTIME]


def test_a_warm_run_installs_nothing(environment: Environment, installs: list[str]) -> None:
    bootstrap.ensure(environment, lock=RUNTIME)

    assert not bootstrap.ensure(environment, lock=RUNTIME)
    assert installs == [RUNTIME]


def test_a_development_environment_is_enough_to_run_the_service(
    environment: Environment, installs: list[str]
) -> None:
    bootstrap.ensure(environment, lock=DEVELOPMENT)

    assert not bootstrap.ensure(environment, lock=RUNTIME)


def test_a_runtime_environment_is_not_enough_to_test(
    environment: Environment, installs: list[str]
) -> None:
    bootstrap.ensure(environment, lock=RUNTIME)

    assert bootstrap.ensure(environment, lock=DEVELOPMENT)
    assert installs == [RUNTIME, DEVELOPMENT]


def test_optional_parts_stay_once_they_were_asked_for(
    environment: Environment, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(bootstrap.ROOT / "pyproject.toml", environment.root)
    monkeypatch.delenv("MUNIMENT_BOOTSTRAP", raising=False)
    monkeypatch.setattr(bootstrap, "packages_present", lambda root, *, lock: False)
    monkeypatch.setattr(bootstrap, "_move_into", lambda environment: None)

    for arguments in ([], ["--extras"], [], ["--port", "1"]):
        monkeypatch.setattr(sys, "argv", ["manage.py", "up", *arguments])
        bootstrap.enter("up", environment=environment)
    assert installs == [RUNTIME, EXTRAS]

    (environment.root / EXTRAS).write_text("half==2\none==1\n")
    bootstrap.enter("up", environment=environment)
    assert installs == [RUNTIME, EXTRAS, EXTRAS]


def test_a_changed_lock_is_installed_and_a_development_environment_stays_one(
    environment: Environment, installs: list[str]
) -> None:
    bootstrap.ensure(environment, lock=DEVELOPMENT)
    (environment.root / DEVELOPMENT).write_text("one==1\ntwo==3\n")

    assert bootstrap.ensure(environment, lock=RUNTIME)
    assert installs == [DEVELOPMENT, DEVELOPMENT]


def test_an_install_that_was_cut_short_is_done_again_from_nothing(
    environment: Environment, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short(environment: Environment, *, lock: str, uv: str | None) -> None:
        (environment.folder / "half-a-package").touch()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bootstrap, "_install", cut_short)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.ensure(environment, lock=RUNTIME)

    assert bootstrap.ensure(environment, lock=RUNTIME)
    assert not (environment.folder / "half-a-package").exists()


def test_an_environment_whose_python_is_gone_is_made_again(
    environment: Environment, installs: list[str]
) -> None:
    bootstrap.ensure(environment, lock=RUNTIME)
    environment.python.unlink()

    assert bootstrap.ensure(environment, lock=RUNTIME)
    assert environment.python.exists()


def test_an_environment_that_somebody_else_made_is_not_deleted(
    environment: Environment, installs: list[str]
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment.folder], check=True)
    theirs = environment.folder / "theirs"
    theirs.touch()

    assert bootstrap.ensure(environment, lock=RUNTIME)
    assert theirs.exists()


def test_two_runs_at_once_install_once(environment: Environment, installs: list[str]) -> None:
    results: list[bool] = []
    threads = [
        threading.Thread(target=lambda: results.append(bootstrap.ensure(environment, lock=RUNTIME)))
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False, False, False, True]
    assert installs == [RUNTIME]


def test_a_python_without_ensurepip_is_told_which_package_to_install(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(BootstrapError, match=r"apt-get install python3\.\d+-venv"):
        bootstrap.ensure(environment, lock=RUNTIME)


def test_a_failing_install_says_so_and_is_tried_again(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A lock without hashes: the real installer refuses it before it asks any index.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")

    with pytest.raises(BootstrapError, match="run the same command again"):
        bootstrap.ensure(environment, lock=RUNTIME)

    assert not environment.satisfies(RUNTIME)


def test_a_command_that_may_not_install_says_how_the_environment_is_made(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(bootstrap.ROOT / "pyproject.toml", environment.root)
    monkeypatch.delenv("MUNIMENT_BOOTSTRAP", raising=False)
    monkeypatch.setattr(bootstrap, "packages_present", lambda root, *, lock: False)

    with pytest.raises(SystemExit, match=r"manage\.py up"):
        bootstrap.enter("migrate", environment=environment)

    assert not environment.folder.exists()


def test_switched_off_it_does_nothing(
    environment: Environment, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_BOOTSTRAP", "off")

    bootstrap.enter("up", environment=environment)

    assert not environment.folder.exists()


def test_an_interpreter_that_has_the_packages_is_used_as_it_is(
    environment: Environment, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(bootstrap.ROOT / "pyproject.toml", environment.root)
    monkeypatch.delenv("MUNIMENT_BOOTSTRAP", raising=False)

    bootstrap.enter("test", environment=environment)

    assert installs == []


def test_missing_packages_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["django>=5", "no-such-distribution[extra]>=1"]\n'
    )

    assert not bootstrap.packages_present(tmp_path, lock=RUNTIME)


def test_an_old_python_gets_a_sentence() -> None:
    # Runs the real file with a version that it must refuse.
    code = (
        "import sys, runpy; sys.version_info = (3, 9, 2, 'final', 0); "
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bootstrap.ROOT,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "needs Python 3.11" in done.stderr
    assert "Traceback" not in done.stderr
