"""Experiments and runs in the console: seen by those who may, changed by one service call each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actors import Actor
from registry.models import Experiment, Run, Workspace
from registry.services import experiments, tracking_deletions
from registry.services.runs import batches, life
from tests import factories
from tests.console.pages import browser


@dataclass(frozen=True)
class Lab:
    """An experiment with two runs, and who may do what with it."""

    workspace: Workspace
    author: Actor
    reader: Actor
    experiment: Experiment
    first: Run
    second: Run

    def page(self, name: str = "") -> str:
        return reverse(f"admin:console_experiment{name}", args=[self.experiment.uuid])

    def run_page(self, name: str = "") -> str:
        return reverse(f"admin:console_run{name}", args=[self.first.uuid])

    def compare(self, *runs: Run) -> str:
        address = reverse("admin:console_runs_compare", args=[self.experiment.uuid])
        return f"{address}?{'&'.join(f'run={run.uuid}' for run in runs)}"


def start(author: Actor, experiment: Experiment, name: str, *losses: float, **params: str) -> Run:
    run = life.start(actor=author, experiment=experiment.uuid, name=name, params=params)
    metrics = [{"key": "loss", "value": loss, "step": step} for step, loss in enumerate(losses)]
    batches.log_batch(actor=author, run=run.uuid, metrics=metrics)
    return run


@pytest.fixture
def lab(db: None) -> Lab:
    workspace = factories.make_workspace()
    author = factories.member(workspace, "author")
    experiment = experiments.create(
        actor=author,
        workspace=workspace.slug,
        name="learning rates",
        hypothesis="Slow is better.",
        tags={"team": "support", "mlflow.note.content": "Tried on small data first."},
    )
    return Lab(
        workspace,
        author,
        factories.member(workspace, "reader"),
        experiment,
        start(author, experiment, "slow", 0.9, 0.4, 0.2, rate="0.1", depth="3"),
        start(author, experiment, "fast", 0.9, 0.8, 0.7, rate="9", depth="3"),
    )


def shown(client: Client, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_member_sees_the_list_the_experiment_and_the_run(lab: Lab) -> None:
    client = browser(lab.reader)

    assert lab.page() in shown(client, reverse("admin:console_experiments"))
    page = shown(client, lab.page())
    assert "Slow is better." in page
    assert "Tried on small data first." in page
    assert lab.run_page() in page
    assert "<polyline" in shown(client, lab.run_page())


def test_a_reader_is_offered_no_change_and_may_make_none(lab: Lab) -> None:
    client = browser(lab.reader)

    assert lab.page("_delete") not in shown(client, lab.page())
    answer = client.post(lab.page("_delete"), {"reason": ""})

    assert answer.context["form"].non_field_errors()
    lab.experiment.refresh_from_db()
    assert lab.experiment.lifecycle_stage == "active"


def test_an_outsider_finds_nothing(lab: Lab) -> None:
    client = browser(factories.make_actor())
    verbs = ("", "_conclude", "_change", "_delete", "_restore")
    pages = [lab.page(verb) for verb in verbs]
    pages += [lab.run_page(verb) for verb in ("", "_change", "_delete", "_restore")]

    assert "learning rates" not in shown(client, reverse("admin:console_experiments"))
    for address in (*pages, lab.compare(lab.first)):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address


def test_runs_are_sorted_and_their_columns_chosen(lab: Lab) -> None:
    client = browser(lab.reader)

    best = client.get(lab.page(), {"sort": "metric:loss"}).context["table"]
    worst = client.get(lab.page(), {"sort": "-metric:loss", "column": "param:rate"})

    assert [run.name for run, _ in best.rows] == ["slow", "fast"]
    table = worst.context["table"]
    assert [run.name for run, _ in table.rows] == ["fast", "slow"]
    assert [column.name for column in table.shown] == ["param:rate"]
    assert [value for _, cells in table.rows for _, value in cells] == ["9", "0.1"]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "nonsense"},
        {"page": "-1"},
        {"page": "99999999999999999999"},
        {"state": "x"},
        {"column": "x"},
    ],
)
def test_an_address_that_asks_for_nonsense_shows_the_runs(lab: Lab, query: dict[str, str]) -> None:
    assert browser(lab.reader).get(lab.page(), query).status_code == 200


def test_runs_stand_beside_each_other_with_what_differs_first(lab: Lab) -> None:
    answer = browser(lab.reader).get(lab.compare(lab.first, lab.second))

    assert [(key, differs) for key, _, differs in answer.context["params"]] == [
        ("rate", True),
        ("depth", False),
    ]
    assert [line.label for line in answer.context["charts"][0].lines] == ["slow", "fast"]


def test_five_runs_are_compared_at_most_and_the_page_says_so(lab: Lab) -> None:
    more = [start(lab.author, lab.experiment, f"run {number}", 1.0) for number in range(5)]

    page = shown(browser(lab.reader), lab.compare(lab.first, *more))

    assert "1 of those chosen are left out" in page


def test_a_version_tells_which_runs_made_and_read_it_to_those_who_may_see_them(lab: Lab) -> None:
    data = factories.make_dataset(lab.workspace)
    told = {"version": factories.reference(data), "context": "training"}
    batches.log_batch(actor=lab.author, run=lab.first.uuid, inputs=[told])
    elsewhere = factories.make_workspace()
    author = factories.member(elsewhere, "author")
    factories.grant(author, lab.workspace, "reader")
    other = experiments.create(actor=author, workspace=elsewhere.slug, name="other")
    hidden = start(author, other, "hidden", 1.0)
    batches.log_batch(actor=author, run=hidden.uuid, inputs=[told])
    page = reverse("admin:registry_assetversion_change", args=[data.pk])

    assert lab.run_page() in shown(browser(lab.reader), page)
    assert "hidden" not in [
        item.run.name for item in browser(lab.reader).get(page).context["read_by"]
    ]
    assert len(browser(author).get(page).context["read_by"]) == 2


def test_a_run_of_elsewhere_is_not_compared(lab: Lab) -> None:
    elsewhere = factories.make_workspace()
    author = factories.member(elsewhere, "author")
    other = experiments.create(actor=author, workspace=elsewhere.slug, name="other")
    hidden = start(author, other, "hidden", 1.0)

    answer = browser(lab.reader).get(lab.compare(lab.first, hidden))

    assert [label for _, label, _ in answer.context["runs"]] == ["slow"]
    assert browser(lab.reader).get(f"{lab.compare()}run=x").status_code == 200


def test_an_experiment_is_created_on_a_form(lab: Lab) -> None:
    body = {"workspace": lab.workspace.slug, "name": "depths", "hypothesis": "Deep is better."}

    browser(lab.author).post(reverse("admin:console_experiment_create"), body)

    assert Experiment.objects.get(name="depths").hypothesis == "Deep is better."


def test_a_verdict_is_given_on_a_form_and_rests_on_results(lab: Lab) -> None:
    result = factories.make_result(lab.workspace, factories.make_model(lab.workspace))
    body = {"status": "supported", "text": "It is.", "results": factories.reference(result)}

    browser(lab.author).post(lab.page("_conclude"), body)

    page = shown(browser(lab.reader), lab.page())
    assert "It is." in page
    assert factories.reference(result) in page


def test_a_wrong_result_is_told_at_its_field(lab: Lab) -> None:
    body = {"status": "supported", "text": "It is.", "results": "nowhere/result/x/1"}

    answer = browser(lab.author).post(lab.page("_conclude"), body)

    assert "there is no version" in answer.content.decode()
    assert not lab.experiment.verdicts.exists()


def test_a_change_over_a_state_that_was_not_seen_is_refused(lab: Lab) -> None:
    client = browser(lab.author)
    seen = client.get(lab.page("_change")).context["form"].initial
    client.post(lab.page("_change"), {**seen, "name": "rates"})

    late = client.post(lab.page("_change"), {**seen, "name": "speeds"})

    lab.experiment.refresh_from_db()
    assert lab.experiment.name == "rates"
    assert "changed since you looked" in late.content.decode()


def test_a_run_is_renamed_deleted_and_restored(lab: Lab) -> None:
    client = browser(lab.author)
    seen = client.get(lab.run_page("_change")).context["form"].initial

    client.post(lab.run_page("_change"), {**seen, "name": "slowest"})
    client.post(lab.run_page("_delete"), {"reason": "wrong data"})

    assert "wrong data" in shown(client, lab.run_page())
    assert lab.run_page() not in shown(client, lab.page())
    assert lab.run_page() in shown(client, lab.page(), state="deleted")
    client.post(lab.run_page("_restore"), {"reason": ""})
    assert "slowest" in shown(client, lab.page())


def test_a_deleted_experiment_is_listed_when_asked_for_and_shows_its_runs(lab: Lab) -> None:
    tracking_deletions.delete_experiment(
        actor=lab.author, experiment=lab.experiment.uuid, reason="done"
    )
    client = browser(lab.author)
    listed = reverse("admin:console_experiments")

    assert lab.page() not in shown(client, listed)
    assert lab.page() in shown(client, listed, state="deleted")
    page = shown(client, lab.page())
    assert lab.run_page() in page
    assert lab.page("_restore") in page
    assert lab.page("_conclude") not in page


def test_names_are_escaped(lab: Lab) -> None:
    run = start(lab.author, lab.experiment, "<script>alert(1)</script>", 1.0, **{"<b>": "<i>x"})

    page = shown(browser(lab.reader), lab.page())
    beside = shown(browser(lab.reader), lab.compare(run, lab.first))

    for text in (page, beside):
        assert "<script>alert(1)" not in text
        assert "<i>x" not in text
        assert "<b>" not in text


def test_pages_take_as_many_queries_with_many_runs_as_with_few(lab: Lab) -> None:
    client = browser(lab.reader)
    addresses = [
        reverse("admin:console_experiments"),
        lab.page(),
        lab.run_page(),
        lab.compare(lab.first, lab.second),
    ]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    costs()
    few = costs()
    for number in range(8):
        start(lab.author, lab.experiment, f"run {number}", 1.0, 0.5, x=str(number))
        experiments.create(actor=lab.author, workspace=lab.workspace.slug, name=f"more {number}")

    assert costs() == few
    assert max(few) <= 40
