"""Results in the console: two beside each other, and the trend over an asset's versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.console.pages import browser
from tests.factories import (
    grant,
    make_actor,
    make_model,
    make_result,
    make_workspace,
    member,
    reference,
)
from tests.registry.evaluations.bench import Bench, lines
from tests.registry.evaluations.conftest import bench, lab

__all__ = ["bench", "lab"]  # fixtures of the registry's tests, which pytest finds by name


def scored(bench: Bench, name: str, groundedness: float) -> str:
    """The reference of a result of twelve rows."""
    rows = [{"id": str(n), "groundedness": groundedness + n / 100} for n in range(12)]
    return str(bench.evaluate(lines(rows), name=name)["result"])


def compared(bench: Bench, **query: str) -> Any:
    actor = bench.lab.author
    return browser(actor).get(reverse("admin:console_results_compare"), query)


def test_two_results_are_compared_with_difference_interval_and_pairs(bench: Bench) -> None:
    base, variant = scored(bench, "base", 0.2), scored(bench, "variant", 0.7)

    answer = compared(bench, baseline=base, variant=variant)

    (row,) = answer.context["differences"]
    assert (row["metric"], row["n"], row["difference"], row["verdict"]) == (
        "groundedness",
        12,
        "0.5",
        "better",
    )
    assert "95% interval" in answer.content.decode()


def test_the_page_offers_the_results_on_the_same_data(bench: Bench) -> None:
    base, variant = scored(bench, "base", 0.2), scored(bench, "variant", 0.7)

    answer = compared(bench, baseline=base)

    assert answer.context["candidates"] == [variant]
    assert answer.context["differences"] == []


@pytest.mark.parametrize("baseline", ["nowhere/result/x/1", "x", "a" * 5_000])
def test_an_unknown_result_is_told(bench: Bench, baseline: str) -> None:
    answer = compared(bench, baseline=baseline, variant=baseline)

    assert answer.status_code == 200
    assert "baseline" in answer.context["problem"]


def test_what_has_no_rows_here_cannot_be_compared(bench: Bench) -> None:
    bare = make_result(bench.lab.workspace, make_model(bench.lab.workspace))

    answer = compared(bench, baseline=reference(bare), variant=scored(bench, "base", 0.2))

    assert "has no rows here" in answer.context["problem"]


def test_an_outsider_compares_nothing(bench: Bench) -> None:
    base, variant = scored(bench, "base", 0.2), scored(bench, "variant", 0.7)
    client = browser(make_actor())

    answer = client.get(
        reverse("admin:console_results_compare"), {"baseline": base, "variant": variant}
    )

    assert "there is no version" in answer.context["problem"]
    assert answer.context["differences"] == []


def test_the_page_of_a_result_leads_to_the_comparison(bench: Bench) -> None:
    result = make_result(bench.lab.workspace, make_model(bench.lab.workspace))
    page = reverse("admin:registry_assetversion_change", args=[result.pk])

    assert (
        reverse("admin:console_results_compare")
        in browser(bench.lab.author).get(page).content.decode()
    )


def test_the_page_of_an_asset_draws_how_its_metrics_went(bench: Bench) -> None:
    model = make_model(bench.lab.workspace)
    make_result(bench.lab.workspace, model)
    page = reverse("admin:registry_asset_change", args=[model.asset_id])

    answer = browser(bench.lab.author).get(page)

    assert answer.context["trends"]
    assert "Trend over versions" in answer.content.decode()


def test_a_result_that_one_may_not_see_is_in_no_trend(bench: Bench) -> None:
    model = make_model(bench.lab.workspace)
    elsewhere = make_workspace()
    author = member(elsewhere, "author")
    grant(author, bench.lab.workspace, "reader")
    make_result(elsewhere, model, actor=author)
    page = reverse("admin:registry_asset_change", args=[model.asset_id])

    assert browser(bench.lab.author).get(page).context["trends"] == []
    assert browser(author).get(page).context["trends"]
