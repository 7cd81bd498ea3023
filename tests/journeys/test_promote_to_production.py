"""Register, promote (refused, then approved), trace, scan, report: the main job."""

from __future__ import annotations

import csv
import io

import pytest

from tests.conftest import MakeService
from tests.journeys.promotion import Journey
from tests.support.opa import OpaServer
from tests.support.organisation import Organisation
from tests.support.redis import RedisServer
from tests.support.service import Service

pytestmark = pytest.mark.slow


def walk(service: Service) -> None:
    """Walk the whole job in an installation whose processes run."""
    journey = Journey(Organisation.found(service))
    journey.assign_policies()
    journey.register()
    journey.submit_configuration(connection="Pending")
    journey.expect_refused()
    journey.submit_configuration(connection="Approved")
    journey.promote_with_approval()
    journey.expect_graph()
    scan = journey.start_scan()
    journey.finish_scan(scan)
    report = journey.download_report(scan)

    assert report["json"].json
    assert b"<html" in report["html"].body
    rows = list(csv.reader(io.StringIO(report["csv"].body.decode())))
    assert len(rows) > 1
    assert "assist-prod/flow/support-bot" in report["json"].body.decode()
    journey.expect_trail()


def test_an_asset_goes_from_development_to_production_with_evidence(service: Service) -> None:
    service.start_web()
    service.start_worker()

    walk(service)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.opa
def test_the_same_with_celery_over_redis_postgresql_and_opa(
    make_service: MakeService, redis_server: RedisServer, opa_server: OpaServer
) -> None:
    service = make_service(database="postgres", broker_url=redis_server.url, opa_url=opa_server.url)
    service.start_web()
    service.start_celery()

    walk(service)
