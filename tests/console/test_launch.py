from __future__ import annotations

import fcntl
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console import launch
from tests.support.processes import free_port


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that does not exist yet."""
    folder = tmp_path / "data"
    monkeypatch.setenv("MUNIMENT_DATA", str(folder))
    return folder


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A listening socket on a loopback port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def answer_once(server: socket.socket, answer: bytes) -> list[bytes]:
    """Answer the next connection with `answer`; the list gets what it had asked."""
    asked: list[bytes] = []

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            asked.append(connection.recv(4096))
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return asked


def test_the_data_folder_is_made_for_its_owner_only(data: Path) -> None:
    launch.data_folder()

    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_port_in_use_is_refused_before_anything_starts(
    data: Path, listener: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    port = listener.getsockname()[1]

    assert launch.main(["--port", str(port)]) == 1

    assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err
    assert not (data / "keys").exists()


def test_a_second_start_on_the_same_data_is_refused(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    with (data / "up.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)

        assert launch.main(["--port", str(free_port())]) == 1

    assert "already running" in capsys.readouterr().err


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        launch.main(["--prot", "8000"])

    assert ended.value.code == 2
    assert "--prot" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("answer", "ready"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"", False),
    ],
)
def test_only_a_200_counts_as_ready(listener: socket.socket, answer: bytes, ready: bool) -> None:
    asked = answer_once(listener, answer)

    assert launch.is_ready("127.0.0.1", listener.getsockname()[1]) is ready
    assert asked[0].startswith(b"GET /ready HTTP/1.1\r\nHost: localhost\r\n")


def test_nobody_listening_is_not_ready() -> None:
    assert not launch.is_ready("127.0.0.1", free_port())


def test_readiness_is_asked_on_the_loopback_by_a_name_that_the_service_accepts(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_ALLOWED_HOSTS", "*, .registry.example")
    asked = answer_once(listener, b"HTTP/1.1 200 OK\r\n\r\n")

    launch.is_ready("::", listener.getsockname()[1])

    assert b"Host: registry.example\r\n" in asked[0]


def test_the_password_is_shown_on_the_first_start_only() -> None:
    assert "admin / s3cret" in launch.banner("http://127.0.0.1:8000", password="s3cret")
    assert "changepassword" in launch.banner("http://127.0.0.1:8000", password=None)
