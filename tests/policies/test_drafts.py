"""The texts that engines get: what was checked when it was submitted is not checked again."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from core.canonical import canonical_bytes, parse_canonical
from policies.engines.base import InvalidInput
from policies.engines.inputs import Portable, parse_input, require_input
from policies.services.drafts import Draft, drafts_of
from tests.factories import make_workspace
from tests.policies.estate import OPEN, WORKSPACE_TYPE, assign, make_policy, submit
from tests.policies.test_evaluation import questions_in

pytestmark = pytest.mark.django_db


def drafted(document: dict[str, Any]) -> Draft:
    workspace = make_workspace()
    assign(make_policy(), workspace)
    submit(workspace, document)
    (draft,) = drafts_of(questions_in(workspace), now=timezone.now())
    return draft


def test_a_plain_configuration_is_taken_as_it_is() -> None:
    draft = drafted(OPEN)

    assert isinstance(draft.text, Portable)
    assert parse_input(draft.text)["resource"]["type"] == WORKSPACE_TYPE
    assert draft.text.encode() == draft.input


def test_what_may_be_read_in_two_ways_is_looked_at_again() -> None:
    assert not isinstance(drafted({"note": "a\u00e9"}).text, Portable)


def test_what_goes_out_is_canonical_whatever_the_configuration_has() -> None:
    document = {"z": [1e16, 1e22, 0.1, -0.0, 2**53 - 1], "a": {"\u00e9": "\u20ac", "b": None}}

    draft = drafted(document)

    sent = parse_canonical(draft.input)
    assert sent["configuration"] == document
    assert canonical_bytes(sent) == draft.input


def test_a_text_from_anywhere_else_is_looked_at() -> None:
    with pytest.raises(InvalidInput, match="stands twice"):
        require_input('{"a": 1, "a": 2}')
    require_input(Portable('{"a": 1}'))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"a" :1,"a":2}',
        '{"a":{"b":1,"b":2}}',
        '{"x":"\\":","a":1,"a":2}',
        '{"a":[{"b":1},{"b":1,"b":1}]}',
    ],
)
def test_a_key_that_stands_twice_is_found_wherever_it_is(text: str) -> None:
    with pytest.raises(InvalidInput, match="stands twice"):
        parse_input(text)


@pytest.mark.parametrize("text", ['{"a":"\\":"}', '{"a\\"":1,"b":"\\" :"}', '{"a" : {"b":1}}'])
def test_a_colon_behind_a_quote_is_no_key(text: str) -> None:
    assert parse_input(text)
