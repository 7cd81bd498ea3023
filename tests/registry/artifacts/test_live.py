"""Uploads against a running service: cut off, side by side with garbage collection, and large."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import MakeService
from tests.support.processes import wait_until
from tests.support.service import Service

pytestmark = pytest.mark.slow
CONTENT = bytes(range(256)) * 1024
# At the border of the headers and the body, inside, and one byte before the end.
CUTS = [0, 1, 2, 100, *range(4_096, len(CONTENT), 16_384), len(CONTENT) - 1]


def run(service: Service, name: str) -> str:
    code = f"from tests.registry.artifacts import writers; writers.{name}()"
    return service.manage("shell", "--no-imports", "-c", code).strip().splitlines()[-1]


def begin(service: Service, token: str) -> str:
    answer = service.client(token=token).post("/api/registry/uploads/", {"workspace": "live"})
    uuid: str = answer.expect(201).json["uuid"]
    return uuid


def send_part(service: Service, token: str, uuid: str, *, sent: int) -> None:
    """Claim the whole body, send `sent` bytes of it, and cut the connection."""
    where = urlsplit(service.base_url)
    head = (
        f"PUT /api/registry/uploads/{uuid}/content/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    ).encode()
    with socket.create_connection((where.hostname, where.port), timeout=30) as connection:
        connection.sendall(head + CONTENT[:sent])
        if sent % 2:  # a reset, where the others end in order
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def files(service: Service) -> list[Path]:
    return [path for path in (service.data / "blobs").rglob("*") if path.is_file()]


def test_an_upload_that_is_cut_off_anywhere_leaves_nothing(make_service: MakeService) -> None:
    service = make_service()
    token = run(service, "found")
    service.start_web()
    uuid = begin(service, token)

    for sent in CUTS:
        send_part(service, token, uuid, sent=sent)

    wait_until(lambda: files(service) == [], what="no half-written file")
    client = service.client(token=token)
    shown = client.get(f"/api/registry/uploads/{uuid}/").expect(200).json
    assert (shown["is_stored"], shown["digest"]) == (False, None)
    whole = client.request("PUT", f"/api/registry/uploads/{uuid}/content/", body=CONTENT)
    assert whole.expect(200).json["size"] == len(CONTENT)
    # A body that was cut off may still wait for its turn when the whole one is taken.
    wait_until(lambda: len(files(service)) == 1, what="nothing besides the whole one")
    assert [path.read_bytes() for path in files(service)] == [CONTENT]
    print(f"{len(CUTS)} uploads cut off, nothing left; the whole one stored")


def resident(pid: int) -> int:
    """The most memory that a process has had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_large_upload_is_streamed_not_held(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service()
    token = run(service, "found")
    [web] = service.start_web()
    uuid = begin(service, token)
    client = service.client(token=token)
    address = f"/api/registry/uploads/{uuid}/content/"
    before = _resident_of_all(service.processes[web].pid)
    size = 200 * 1024 * 1024
    large: Any = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(size)

    with large.open("rb") as body:
        answer = client.request("PUT", address, body=body, headers={"Content-Length": str(size)})

    assert answer.expect(200).json["size"] == size
    grown = _resident_of_all(service.processes[web].pid) - before
    print(f"{size} bytes uploaded; the server grew by {grown}")
    assert grown < size // 4


def _resident_of_all(pid: int) -> int:
    """The same, of a process and its children."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (path / "children").read_text().split()]
    return sum(resident(one) for one in found)


def test_no_bytes_are_lost_to_collection_that_runs_beside_uploads(service: Service) -> None:
    run(service, "found")
    with ThreadPoolExecutor() as pool:
        names = ["register"] * 3 + ["collect"] * 2
        running = {pool.submit(run, service, name): name for name in names}
        registered = sum(
            json.loads(process.result()) for process, name in running.items() if name == "register"
        )

    told = json.loads(run(service, "audit"))

    print(
        f"{told['uploads_stored']} uploads, {registered} registered, {told['claims']} claims kept"
    )
    assert (told["lost"], told["orphans"]) == ([], 0)
    assert registered > 0
    assert told["uploads_stored"] == 90
