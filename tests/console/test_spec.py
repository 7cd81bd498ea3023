from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.pages.changes import short
from console.pages.spec import entries, shown
from core.naming import brief

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def form_of(value: object) -> str:
    (entry,) = entries({"field": value})
    return entry.form


def test_each_value_gets_the_form_that_reads_best() -> None:
    assert form_of("short") == "text"
    assert form_of("long " * 40) == "prose"
    assert form_of("two\nlines") == "code"
    assert form_of(["a", "b"]) == "text"
    assert form_of({"epochs": 3, "rate": 0.1}) == "fields"
    assert form_of([{"name": "a"}, {"name": "b", "type": "c"}]) == "table"
    assert form_of([{"deep": {"er": 1}}]) == "code"


def test_a_template_keeps_its_spaces() -> None:
    (entry,) = entries({"template": "Hello {{name}}"})

    assert (entry.form, entry.value) == ("code", "Hello {{name}}")


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_every_field_of_any_spec_is_shown_once(spec: dict[str, object]) -> None:
    found = shown(spec)

    assert len(found.short) + len(found.roomy) == len(spec)
    for entry in found.roomy:
        assert all(len(row) == len(entry.columns) for row in entry.rows)


def test_references_and_ids_are_shortened_for_reading() -> None:
    assert short("muniment://host/assist-dev/flow/bot/1") == "assist-dev/flow/bot/1"
    assert short("scan/01a20420-91dd-74eb-86e4-9a8b03d5b18b") == "scan/…d5b18b"
    assert brief("assist-prod/flow/support-bot@production") == (
        "assist-prod/flow/support-bot@production"
    )
    assert brief("Microsoft.X/workspaces /subscriptions/0123456789/groups/a/workspaces/ml") == (
        "workspaces ml"
    )
