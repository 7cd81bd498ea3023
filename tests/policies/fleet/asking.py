"""Whoever asks an OPA without pause, and what they were told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tests.policies.fleet.opas import FleetOpa
from tests.support.client import Client

FAULTS = ("undefined", "refused", "lacking", "failed")
PATHS = ("verdicts", "allow")


@contextmanager
def asked_without_pause(
    opa: FleetOpa, document: dict[str, Any], *, rule: str, askers: int
) -> Iterator[Counter[str]]:
    """Ask for verdicts and `allow` in turn while the block runs; `rule` passes the document.

    The counts are there after the block: `asked`; of these `undefined`, `refused` (`allow` is not
    true), `lacking` (verdicts without `rule`, or it does not pass) and `failed` (no answer 200).
    """
    counts: Counter[str] = Counter()
    over = threading.Event()

    def ask() -> Counter[str]:
        client, found = Client(opa.url), Counter[str]()
        while not over.is_set():
            path = PATHS[found["asked"] % len(PATHS)]
            answer = client.request(
                "POST", f"/v1/data/muniment_fleet/{path}", json_body={"input": document}
            )
            found["asked"] += 1
            found[_fault(path, answer.status, answer.json, rule=rule)] += 1
        return found

    with ThreadPoolExecutor(askers) as pool:
        asking = [pool.submit(ask) for _ in range(askers)]
        try:
            yield counts
        finally:
            over.set()
        for each in asking:
            counts.update(each.result())


def _fault(path: str, status: int, told: dict[str, Any], *, rule: str) -> str:
    if status != 200:
        return "failed"
    if "result" not in told:
        return "undefined"
    if path == "allow":
        return "right" if told["result"] is True else "refused"
    verdict = told["result"].get(rule)
    return "right" if verdict == {"state": "pass", "findings": []} else "lacking"
