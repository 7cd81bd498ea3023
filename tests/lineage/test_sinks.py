"""What a transport setting may be, and what is said about one that may not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidInput
from lineage.checks import check_sinks
from lineage.services import sinks


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object"),
        ("{}", 'with a "type"'),
        ('{"type": 1}', 'with a "type"'),
        ('{"type": "async_http", "url": "http://x"}', "use http"),
        ('{"type": "composite"}', "needs transports"),
        ('{"type": "composite", "transports": []}', "needs transports"),
        ('{"type": "composite", "transports": ["http"]}', "must be an object"),
        ('{"type": "composite", "transports": [{"type": "async_http"}]}', "use http"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_with_a_reason(
    settings: Any, text: str, reason: str
) -> None:
    settings.OPENLINEAGE_TRANSPORT = text

    with pytest.raises(InvalidInput, match=reason):
        sinks.configured()
    (error,) = check_sinks()
    assert "MUNIMENT_OPENLINEAGE_TRANSPORT" in error.msg


def test_a_sound_setting_passes_the_check(settings: Any) -> None:
    settings.OPENLINEAGE_TRANSPORT = '{"type": "console"}'

    assert check_sinks() == []


def test_the_parts_of_a_composite_are_sinks_by_name(settings: Any) -> None:
    parts = [{"type": "console", "name": "log"}, {"type": "noop"}]
    settings.OPENLINEAGE_TRANSPORT = json.dumps({"type": "composite", "transports": parts})

    assert [sink.name for sink in sinks.configured()] == ["log", "1"]


def test_a_composite_that_stops_at_the_first_success_is_one_sink(settings: Any) -> None:
    settings.OPENLINEAGE_TRANSPORT = json.dumps(
        {"type": "composite", "continue_on_success": False, "transports": [{"type": "noop"}]}
    )

    assert [sink.name for sink in sinks.configured()] == ["default"]


def test_waiting_is_left_to_the_sink_unless_the_setting_says_otherwise(settings: Any) -> None:
    settings.OPENLINEAGE_TRANSPORT = '{"type": "http", "url": "http://a.example"}'
    (plain,) = sinks.configured()
    settings.OPENLINEAGE_TRANSPORT = '{"type": "http", "url": "http://a.example", "retry": {}}'
    (own,) = sinks.configured()

    assert plain.config["retry"] == {"total": 0}
    assert own.config["retry"] == {}
