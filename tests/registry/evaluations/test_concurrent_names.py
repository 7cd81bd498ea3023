"""Experiments are created and renamed by many at once: no name is ever two experiments'."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support.organisation import Organisation
from tests.support.service import Service

pytestmark = pytest.mark.slow
EXPERIMENTS = "/api/registry/experiments/"
PEOPLE, EACH, NAMES = 8, 12, 6
WHATEVER = {"If-Match": "*"}


def test_no_name_becomes_two_experiments_however_many_rename_and_create(service: Service) -> None:
    organisation = Organisation.found(service)
    service.start_web(2)
    together = Barrier(PEOPLE)

    def work(person: int) -> list[int]:
        client = organisation.client("author", web=person % 2)
        together.wait()
        statuses = []
        for turn in range(EACH):
            # Everybody wants the same few names, each in another order.
            name = f"name {(person * 5 + turn * 7) % NAMES}"
            body = {"workspace": "assist-dev", "name": name}
            made = client.post(EXPERIMENTS, body)
            statuses.append(made.status)
            if made.status == 201:
                address = f"{EXPERIMENTS}{made.json['uuid']}/"
                later = {"name": f"{name} later"}
                renamed = client.request("PATCH", address, json_body=later, headers=WHATEVER)
                statuses.append(renamed.status)
        return statuses

    with ThreadPoolExecutor(PEOPLE) as pool:
        statuses = Counter(status for told in pool.map(work, range(PEOPLE)) for status in told)

    found = organisation.client("author").get(EXPERIMENTS, page_size="100").json["results"]
    borne = Counter(name for each in found for name in (each["name"], *each["former_names"]))
    assert set(statuses) <= {200, 201, 409}, statuses
    assert statuses[201] == statuses[200] == NAMES
    assert borne == {
        f"name {number}{later}": 1 for number in range(NAMES) for later in ("", " later")
    }
