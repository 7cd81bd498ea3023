"""Controls that policies refer to exist, and the catalogues claim no more than is certain."""

from __future__ import annotations

import pytest

from policies.packs.catalog import ShippedPolicy, shipped
from policies.packs.controls import Framework, frameworks, unknown_controls
from policies.packs.coverage import Supporter

# What the published documents have.
SIZES = {"nist-ai-rmf": 72, "iso-42001": 38, "soc2": 61}
# What a second source lacks, calls otherwise, or was not read for.
SOURCED_ONCE = {
    "eu-ai-act": ("art-4", "art-5", "art-22", "art-43", "art-50.", "art-55.", "art-73.4"),
    "iso-42001": (),
    "nist-ai-rmf": (),
}
DEMANDED = ("eu-ai-act", "iso-42001", "nist-ai-rmf", "soc2")

each_framework = pytest.mark.parametrize("framework", frameworks().values(), ids=lambda f: f.name)


@pytest.mark.parametrize("policy", shipped(), ids=lambda policy: policy.module.path)
def test_a_policy_refers_to_controls_that_exist(policy: ShippedPolicy) -> None:
    assert unknown_controls(policy.metadata.controls) == []


def test_a_reference_that_leads_nowhere_is_found() -> None:
    references = ["eu-ai-act/art-15.5", "eu-ai-act/art-15.55", "unheard-of/1", "soc2"]

    assert unknown_controls(references) == ["eu-ai-act/art-15.55", "soc2", "unheard-of/1"]


@each_framework
def test_a_catalogue_has_every_control_once(framework: Framework) -> None:
    references = [control.reference for control in framework.controls]

    assert len(references) == len(set(references))
    assert all(each.startswith(f"{framework.name}/") for each in references)
    assert len(references) == SIZES.get(framework.name, len(references))


@each_framework
def test_a_title_stands_where_it_is_certain_and_nowhere_else(framework: Framework) -> None:
    assert all(bool(each.title) is each.is_verified for each in framework.controls)
    assert not any(each.sources and not each.title for each in framework.controls)


@pytest.mark.parametrize("name", DEMANDED)
def test_each_title_of_a_whole_framework_names_the_public_sources_that_it_stands_in(
    name: str,
) -> None:
    framework = frameworks()[name]
    cited = {source for control in framework.controls for source in control.sources}

    assert all(control.sources for control in framework.controls)
    assert cited == set(framework.sources)
    assert all(source.uri.startswith("https://") for source in framework.sources)


@pytest.mark.parametrize("name", ["eu-ai-act", "iso-42001", "nist-ai-rmf"])
def test_titles_were_compared_in_two_sources_but_for_those_that_one_has_alone(name: str) -> None:
    alone = [each.name for each in frameworks()[name].controls if len(each.sources) == 1]

    assert [each for each in alone if not each.startswith(SOURCED_ONCE[name])] == []


def test_a_text_of_nist_is_the_title_word_for_word_up_to_its_first_stop() -> None:
    titles = {each.name: each.title for each in frameworks()["nist-ai-rmf"].controls}

    assert titles["govern-1.1"] == (
        "Legal and regulatory requirements involving AI are understood, managed, and documented"
    )
    assert not any(each.endswith(".") or ". " in each for each in titles.values())


def test_shares_are_given_for_the_frameworks_that_are_whole() -> None:
    whole = [name for name, framework in frameworks().items() if framework.is_complete]

    assert sorted(whole) == sorted(DEMANDED)


def test_a_law_or_a_management_standard_is_never_checked_whole() -> None:
    assert {frameworks()[name].extent for name in DEMANDED} == {"part"}


def test_what_people_say_is_manual_and_what_platforms_tell_is_not() -> None:
    manual = {
        policy.pack
        for policy in shipped()
        if Supporter.of(policy.name, controls=(), input_kinds=policy.metadata.input_kinds).is_manual
    }

    assert manual == {"governance"}


@pytest.mark.parametrize("name", DEMANDED)
def test_every_demanded_framework_is_covered_by_rules_and_by_people(name: str) -> None:
    by_pack = {
        policy.pack: True
        for policy in shipped()
        for control in policy.metadata.controls
        if control.startswith(f"{name}/")
    }

    assert "governance" in by_pack
    assert len(by_pack) > 1


@each_framework
def test_a_catalogue_cites_its_source_and_groups_each_control(framework: Framework) -> None:
    groups = {group.name for group in framework.groups}

    assert framework.source_uri.startswith("https://")
    assert {control.group for control in framework.controls} == (groups or {""})


def test_the_act_has_the_nine_sections_of_annex_iv() -> None:
    sections = [each for each in frameworks()["eu-ai-act"].controls if each.group == "annex-iv"]

    assert [each.name for each in sections] == [f"annex-iv.{number}" for number in range(1, 10)]
    assert all(each.title.startswith(("A ", "Detailed ")) for each in sections)
    assert "Official Journal" in frameworks()["eu-ai-act"].caution
