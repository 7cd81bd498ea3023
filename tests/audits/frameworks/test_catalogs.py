"""OSCAL catalogs are read strictly, and written so that they read the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audits.frameworks.difference import difference
from audits.frameworks.model import Framework, Link, restored, stored
from audits.frameworks.reading import MAX_CONTROLS, MAX_DEPTH, Catalog, read_catalog
from audits.frameworks.records import record_table
from audits.frameworks.shapes import CatalogError
from audits.frameworks.writing import catalog_of
from audits.queries.frameworks import SHIPPED, framework
from tests.audits.frameworks.catalogs import a_catalog, document


def as_framework(catalog: Catalog) -> Framework:
    return Framework(
        name="house",
        title=catalog.title,
        source="x",
        source_uri=catalog.source_uri,
        is_complete=True,
        extent="part",
        note="",
        caution="",
        edited="2026-01-01",
        version=1,
        groups=catalog.groups,
        controls=catalog.controls,
    )


def test_a_catalog_is_read_with_its_groups_its_nested_controls_and_what_its_links_lead_to() -> None:
    catalog = read_catalog(document(), framework="house")

    found = {each.name: each for each in catalog.controls}
    assert list(found) == ["hr-9", "hr-1", "hr-1.1", "hr-2"]
    assert found["hr-1"].reference == "house/hr-1"
    assert found["hr-1"].statement == "Each model is signed.\na. Before it is promoted."
    assert found["hr-1"].links == (Link("https://rules.example/signing", "The signing handbook"),)
    assert (found["hr-1.1"].parent, found["hr-1.1"].group) == ("hr-1", "models")
    assert found["hr-2"].is_withdrawn
    assert not found["hr-2"].counts
    assert [(group.name, group.title) for group in catalog.groups] == [("models", "Models")]
    assert (catalog.version, catalog.source_uri) == ("7", "https://rules.example/ai")


def test_what_is_kept_of_a_catalog_comes_back_the_same() -> None:
    catalog = read_catalog(document(), framework="house")

    assert restored("house", stored(catalog.groups, catalog.controls)) == (
        catalog.groups,
        catalog.controls,
    )


def drop(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda catalog: catalog["metadata"].pop(name)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "no title": (drop("title"), "catalog.metadata.title"),
    "no uuid": (lambda c: c.pop("uuid"), "catalog.uuid"),
    "a uuid of no version": (
        lambda c: c.update(uuid="00000000-0000-0000-0000-000000000000"),
        "catalog.uuid",
    ),
    "another model": (
        lambda c: c["metadata"].update({"oscal-version": "2.0.0"}),
        "catalog.metadata.oscal-version",
    ),
    "a member that is unknown": (lambda c: c.update(control=[]), "catalog.control"),
    "an id that is none": (
        lambda c: c["controls"][0].update(id="9 lives"),
        "catalog.controls[0].id",
    ),
    "an id twice": (lambda c: c["controls"].append(c["controls"][0]), "catalog.controls[1].id"),
    "a control without a title": (
        lambda c: c["controls"][0].pop("title"),
        "catalog.controls[0].title",
    ),
    "a title that is a number": (
        lambda c: c["controls"][0].update(title=5),
        "catalog.controls[0].title",
    ),
    "a list that is empty": (
        lambda c: c["controls"][0].update(props=[]),
        "catalog.controls[0].props",
    ),
    "a property without a value": (
        lambda c: c["controls"][0].update(props=[{"name": "x"}]),
        "catalog.controls[0].props[0].value",
    ),
    "a part without a name": (
        lambda c: c["controls"][0].update(parts=[{"prose": "x"}]),
        "catalog.controls[0].parts[0].name",
    ),
    "a link that leads nowhere": (
        lambda c: c["controls"][0].update(links=[{"rel": "x"}]),
        "catalog.controls[0].links[0].href",
    ),
    "a group without a title": (lambda c: c["groups"][0].pop("title"), "catalog.groups[0].title"),
    "a resource without a uuid": (
        lambda c: c["back-matter"]["resources"][0].pop("uuid"),
        "catalog.back-matter.resources[0].uuid",
    ),
    "no control at all": (lambda c: (c.pop("controls"), c.pop("groups")), "catalog"),
}


@pytest.mark.parametrize(("wrong", "where"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(
    wrong: Callable[[dict[str, Any]], Any], where: str
) -> None:
    catalog = a_catalog()
    wrong(catalog)

    with pytest.raises(CatalogError) as told:
        read_catalog({"catalog": catalog}, framework="house")

    assert told.value.path == where
    assert told.value.reason


@pytest.mark.parametrize("thing", [None, [], {}, {"catalog": 5}, {"profile": {}}])
def test_what_is_no_catalog_is_refused(thing: Any) -> None:
    with pytest.raises(CatalogError):
        read_catalog(thing, framework="house")


def test_too_many_controls_and_too_deep_ones_are_refused() -> None:
    many, deep = a_catalog(), a_catalog()
    many["controls"] = [{"id": f"c-{n}", "title": "x"} for n in range(MAX_CONTROLS + 1)]
    inner = deep["controls"][0]
    for depth in range(MAX_DEPTH + 1):
        inner["controls"] = [{"id": f"d-{depth}", "title": "x"}]
        inner = inner["controls"][0]

    for catalog in (many, deep):
        with pytest.raises(CatalogError):
            read_catalog({"catalog": catalog}, framework="house")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_framework_that_ships_is_written_as_a_catalog_that_reads_the_same(name: str) -> None:
    ours = framework(name)

    document = catalog_of(ours)
    again = as_framework(read_catalog(document, framework=name))

    assert document == catalog_of(ours)
    assert {each.reference for each in again.controls} == {each.reference for each in ours.controls}
    titles = {each.name: each.title for each in again.controls}
    assert all(titles[each.name] == (each.title or each.name) for each in ours.controls)
    assert again.source_uri == ours.source_uri
    assert {each.name: each.links for each in again.controls} == {
        each.name: each.links for each in ours.controls
    }


def test_a_difference_names_what_is_new_gone_and_said_anew() -> None:
    before = as_framework(read_catalog(document(), framework="house"))
    changed = a_catalog()
    changed["controls"] = [{"id": "hr-10", "title": "Everybody is trained again"}]
    changed["groups"][0]["controls"][0]["title"] = "Models are signed twice"
    after = as_framework(read_catalog({"catalog": changed}, framework="house"))

    found = difference(before, after)

    assert [each.name for each in found.added] == ["hr-10"]
    assert [each.name for each in found.removed] == ["hr-9"]
    assert [(each.control, each.fields) for each in found.changed] == [("hr-1", ("title",))]


def test_records_are_evidence_of_controls_that_exist_for_a_reason() -> None:
    table = record_table()
    known = {each.reference for name in SHIPPED for each in framework(name).controls if each.counts}

    assert set(table.controls) <= known
    assert {kind for kinds in table.controls.values() for kind in kinds} == set(table.reasons)
    assert all(table.reasons.values())
