"""The processes of an installation, run for real."""

from __future__ import annotations

import http.client
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from console import programs
from tests.conftest import MakeService
from tests.support.client import Client
from tests.support.opa import opa_binary
from tests.support.parts import PartMissing, missing
from tests.support.processes import ManagedProcess, free_port, wait_until
from tests.support.redis import RedisServer
from tests.support.service import Service


@pytest.fixture
def guarded_opa(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An OPA server as `up --opa` starts it; gives the settings to reach it."""
    try:
        binary = opa_binary()
    except PartMissing as error:
        missing(str(error))
    port = free_port()
    program, settings = programs.opa(binary, port=port, data=tmp_path)
    process = ManagedProcess.start(program.command, name="opa", log=tmp_path / "opa.log")
    try:
        process.wait_for_port(port)
        yield settings
    finally:
        process.stop()


@pytest.mark.opa
def test_our_opa_obeys_only_the_holder_of_its_token(guarded_opa: dict[str, str]) -> None:
    stranger = Client(guarded_opa["MUNIMENT_OPA_URL"])
    service = Client(guarded_opa["MUNIMENT_OPA_URL"], token=guarded_opa["MUNIMENT_OPA_TOKEN"])
    policy = b"package a\n\nverdict := 1\n"

    stranger.request("PUT", "/v1/policies/a", body=policy).expect(401)
    stranger.get("/v1/data").expect(401)
    stranger.get("/health").expect(200)
    service.request("PUT", "/v1/policies/a", body=policy).expect(200)
    assert service.get("/v1/data/a/verdict").json["result"] == 1


def test_the_token_of_our_opa_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    _, settings = programs.opa(Path("/bin/true"), port=1, data=tmp_path)
    (file,) = (tmp_path / "keys").iterdir()

    assert settings["MUNIMENT_OPA_TOKEN"] in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(("own", "used"), [("", "400"), ("50", "50")])
def test_our_opa_collects_garbage_seldom_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str, used: str
) -> None:
    monkeypatch.setenv("GOGC", own)

    program, _ = programs.opa(Path("/bin/true"), port=1, data=tmp_path)

    assert program.environment == {"GOGC": used}


@pytest.mark.slow
def test_two_web_servers_and_a_worker_serve_one_installation(service: Service) -> None:
    first, _ = service.start_web(2)
    service.start_worker()
    survivor = service.client(web=1)
    wait_until(lambda: "last heard of" in service.manage("doctor"), what="the worker's heartbeat")

    service.kill(first)

    with pytest.raises((OSError, http.client.HTTPException)):
        service.client().get("/ready")
    survivor.get("/ready").expect(200)
    service.restart(first)
    service.wait_ready()
    service.client().get("/ready").expect(200)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
def test_celery_gives_the_journal_its_order_on_the_scale_profile(
    make_service: MakeService, redis_server: RedisServer
) -> None:
    service = make_service(database="postgres", broker_url=redis_server.url)
    service.manage("prepare", "--no-demo")
    assert "without a place" in service.manage("doctor")

    service.start_celery()

    wait_until(
        lambda: "every entry has its place" in service.manage("doctor"),
        what="the sequenced journal",
    )
