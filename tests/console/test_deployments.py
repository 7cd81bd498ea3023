from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from console.charts import line
from registry.services.serving import windows
from tests import factories
from tests.console.pages import browser
from tests.registry.deployments.conftest import Site, make_site, shares


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


def page(site: Site, name: str = "", *more: int) -> str:
    return reverse(f"admin:console_deployment{name}", args=[site.deployment.uuid, *more])


def deployer(site: Site) -> Client:
    return browser(site.deployer)


def test_the_list_and_the_page_tell_what_serves(site: Site) -> None:
    listed = deployer(site).get(reverse("admin:console_deployments")).content.decode()
    shown = deployer(site).get(page(site)).content.decode()

    assert page(site) in listed
    assert factories.reference(site.version) in shown
    assert "No serving window was reported." in shown


def test_an_outsider_finds_no_deployment(site: Site) -> None:
    client = browser(factories.make_actor())

    listed = client.get(reverse("admin:console_deployments")).content.decode()

    assert site.deployment.name not in listed
    for address in (page(site), page(site, "_check"), page(site, "_rollback", 1)):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_windows_are_drawn(site: Site) -> None:
    start = timezone.now() - timedelta(hours=2)
    told = {
        "version": site.version.digest,
        "start": start,
        "end": start + timedelta(minutes=5),
        "requests": 1234,
        "errors": 2,
    }
    windows.report(
        actor=site.deployer,
        source="gateway",
        deployment=site.deployment.uuid,
        windows=[told],  # type: ignore[list-item]
    )

    shown = deployer(site).get(page(site)).content.decode()

    assert "<polyline points=" in shown
    assert "1,234" in shown


def test_an_earlier_revision_is_brought_back_on_a_form(site: Site) -> None:
    site.revise(members=shares(site.promoted()))

    deployer(site).post(page(site, "_rollback", 1), {"to": 1, "expected": 2, "reason": "Worse."})

    site.deployment.refresh_from_db()
    assert site.deployment.last_number == 3


def test_a_roll_back_over_a_revision_that_was_not_seen_is_refused(site: Site) -> None:
    site.revise(members=shares(site.promoted()))

    response = deployer(site).post(
        page(site, "_rollback", 1), {"to": 1, "expected": 1, "reason": "Worse."}
    )

    site.deployment.refresh_from_db()
    assert "The newest revision is 2" in response.content.decode()
    assert site.deployment.last_number == 2


def test_the_check_answers_on_the_page_and_only_when_asked(site: Site) -> None:
    client = deployer(site)

    assert client.get(page(site, "_check")).context["permit"] is None
    assert "Allowed" in client.post(page(site, "_check")).content.decode()


def test_a_chart_of_one_value_is_a_line_and_of_none_is_no_chart() -> None:
    single = line("Requests", [5.0])

    assert single is not None
    assert len(single.points.split()) == 2
    assert line("Requests", []) is None
