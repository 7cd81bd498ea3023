"""How versions are named."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.references import MAX_NUMBER, Reference, check_alias, check_name, parse, within

SLUGS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


def is_name(text: str) -> bool:
    try:
        check_name(text, field="name")
    except InvalidInput:
        return False
    return True


NAMES = st.text(min_size=1, max_size=30).filter(is_name)
ALIASES = NAMES.filter(lambda text: not text.isdigit() and text != "latest")
REFERENCES = (
    st.builds(Reference, SLUGS, SLUGS, NAMES)
    | st.builds(Reference, SLUGS, SLUGS, NAMES, number=st.integers(1, MAX_NUMBER))
    | st.builds(Reference, SLUGS, SLUGS, NAMES, alias=ALIASES)
)


@given(REFERENCES)
def test_a_reference_is_read_back_from_either_form(reference: Reference) -> None:
    assert parse(str(reference), instance="here") == reference
    assert parse(reference.full("here"), instance="here") == reference


@given(REFERENCES, REFERENCES)
def test_two_references_never_share_a_spelling(one: Reference, other: Reference) -> None:
    assert (str(one) == str(other)) == (one == other)


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_invalid_input(text: str) -> None:
    with contextlib.suppress(InvalidInput):
        reference = parse(text, instance="here")
        assert parse(str(reference), instance="here") == reference


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dev",
        "dev/model",
        "dev/model/",
        "dev/model/base/",
        "dev/model/base/0",
        "dev/model/base/01",
        "dev/model/base/-1",
        "dev/model/base/²",
        "dev/model/base/99999999999",
        "dev/model/base/1/2",
        "dev/model/base@",
        "dev/model/base@7",
        "dev/model/base@latest",
        "dev/model/base@a@b",
        "dev/model/base/1@a",
        "Dev/model/base/1",
        "-dev/model/base/1",
        "dev/model/ba:se/1",
        "dev/model/ba\x00se/1",
        "dev/model/" + "x" * 201 + "/1",
        "muniment://elsewhere/dev/model/base/1",
        "muniment://here",
    ],
)
def test_a_malformed_reference_is_invalid_input_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(text, instance="here", field="links[0].to")

    assert caught.value.errors[0].field == "links[0].to"


@pytest.mark.parametrize("name", ["base", "Grüße", "模型", "a b", "a.b_c-d", "x" * 200])
def test_names_may_be_of_any_script(name: str) -> None:
    assert check_name(name, field="name") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x" * 201,
        "a/b",
        "a:b",
        "a@b",
        "a#b",
        " a",
        "a ",
        "a\nb",
        "a\u200bb",  # zero width space
        "a\u2028b",  # line separator
        "a\u202eb",  # right-to-left override
        "\ud800",
        "e\u0301",  # not NFC
    ],
)
def test_names_that_people_or_programs_would_misread_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_name(name, field="name")

    assert caught.value.errors[0].field == "name"


@pytest.mark.parametrize("alias", ["1", "007", "²", "latest"])
def test_an_alias_cannot_be_taken_for_a_number_or_the_newest(alias: str) -> None:
    with pytest.raises(InvalidInput):
        check_alias(alias, field="alias")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("muniment://localhost/dev/model/base/1", "dev/model/base/1"),
        ("dev/model/base@best", "dev/model/base@best"),
        ("dev", "dev"),
    ],
)
def test_a_full_reference_reads_shorter_inside_its_installation(text: str, inside: str) -> None:
    assert within(text) == inside
