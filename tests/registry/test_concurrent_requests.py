"""Many clients at once, over HTTP, against two web processes: every answer, and what is left."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support.client import Answer
from tests.support.organisation import Organisation
from tests.support.service import Service

pytestmark = pytest.mark.slow
VERSIONS = "/api/registry/versions/"
CREATORS = 32
EACH = 8


@pytest.fixture
def organisation(service: Service) -> Organisation:
    organisation = Organisation.found(service)
    service.start_web(2)
    return organisation


def draft(text: str) -> dict[str, object]:
    spec = {"type": "text", "template": text}
    return {"workspace": "assist-dev", "kind": "prompt", "name": "hot", "spec": spec}


def numbers(organisation: Organisation) -> list[int]:
    """The numbers of all versions, as the API lists them."""
    client, found = organisation.client("author"), []
    address: str | None = f"{VERSIONS}?name=hot&page_size=100"
    while address:
        page = client.get(address).expect(200).json
        found += [version["number"] for version in page["results"]]
        address = page["next"] and page["next"].removeprefix(organisation.service.base_url)
    return sorted(found)


def test_32_creators_of_one_asset_get_numbers_without_gap_duplicate_or_failure(
    organisation: Organisation,
) -> None:
    together = Barrier(CREATORS)

    def create(creator: int) -> list[Answer]:
        client = organisation.client("author", web=creator % 2)
        together.wait()
        return [client.post(VERSIONS, draft(f"{creator}.{n}")) for n in range(EACH)]

    with ThreadPoolExecutor(CREATORS) as pool:
        answers = [answer for made in pool.map(create, range(CREATORS)) for answer in made]

    statuses = Counter(answer.status for answer in answers)
    print(f"{CREATORS} creators: answers {dict(statuses)}")
    assert statuses == {201: CREATORS * EACH}
    assert sorted(answer.json["number"] for answer in answers) == numbers(organisation)
    assert numbers(organisation) == list(range(1, CREATORS * EACH + 1))


def test_one_key_sent_by_many_at_once_registers_one_version(organisation: Organisation) -> None:
    together = Barrier(CREATORS)

    def send(sender: int) -> Answer:
        client = organisation.client("author", web=sender % 2)
        together.wait()
        headers = {"Idempotency-Key": "build-17"}
        return client.request("POST", VERSIONS, json_body=draft("once"), headers=headers)

    with ThreadPoolExecutor(CREATORS) as pool:
        answers = list(pool.map(send, range(CREATORS)))

    statuses = Counter(answer.status for answer in answers)
    print(f"one key, {CREATORS} sendings: answers {dict(statuses)}")
    assert numbers(organisation) == [1]
    # Whoever came between the effect and its stored answer is told to look.
    assert set(statuses) <= {201, 409}
    assert {answer.json["number"] for answer in answers if answer.status == 201} == {1}
    assert send_again(organisation).headers["idempotency-replayed"] == "true"


def send_again(organisation: Organisation) -> Answer:
    headers = {"Idempotency-Key": "build-17"}
    client = organisation.client("author")
    return client.request("POST", VERSIONS, json_body=draft("once"), headers=headers).expect(201)
