"""Entries leave in their order, at least once, over each transport."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audits.models import Stream, StreamLetter
from audits.services.streams import managing, matching, operating, transports
from audits.transparency.merkle import leaf_hash
from core.actors import Actor
from core.models import PersonalDatum
from tests.audits.streams.conftest import happen, ids, make, work_off
from tests.factories import make_workspace
from tests.registry.collaboration.receiver import Call, Receiver, receiving, reset, status
from tests.support.processes import free_port

pytestmark = pytest.mark.django_db


def lines(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(line) for call in receiver.calls for line in call.body.splitlines()]


def test_entries_arrive_in_order_as_the_trail_shows_them(admin: Actor) -> None:
    with receiving() as receiver:
        keyed = managing.create(
            actor=admin, name="siem", address=receiver.url, format="json", batch=7,
            actions=["tests.log.*"], headers={"Authorization": "Bearer x"},
        )  # fmt: skip
        written = happen(admin, 20)
        work_off()

    told = lines(receiver)
    assert [each["uuid"] for each in told] == ids(written)
    assert [each["seq"] for each in told] == sorted(each["seq"] for each in told)
    assert told[0]["actor"]["username"] == admin.user.username  # type: ignore[union-attr]
    assert told[0]["leaf"] == leaf_hash(bytes(written[0].body)).hex()
    assert [len(call.body.splitlines()) for call in receiver.calls] == [7, 7, 6]
    call = receiver.calls[0]
    assert call.headers["authorization"] == "Bearer x"
    assert call.headers["content-type"] == "application/x-ndjson"
    assert call.is_signed_with(keyed.secret)


def test_one_entry_a_request_is_one_json_object(admin: Actor) -> None:
    with receiving() as receiver:
        make(admin, receiver.url, batch=1)
        written = happen(admin, 3)
        work_off()

    assert [call.json["uuid"] for call in receiver.calls] == ids(written)
    assert [call.id for call in receiver.calls] == ids(written)
    assert receiver.calls[0].headers["content-type"] == "application/json"


def test_only_what_is_asked_for_arrives(admin: Actor) -> None:
    place, other = make_workspace("here"), make_workspace("there")
    with receiving() as receiver:
        make(admin, receiver.url, workspaces=["here"], actions=["tests.log"])
        wanted = happen(admin, 2, workspace=place.uuid)
        happen(admin, 2, workspace=other.uuid)
        happen(admin, 2)
        work_off()

    assert [each["uuid"] for each in lines(receiver)] == ids(wanted)
    assert {each["workspace"] for each in lines(receiver)} == {"here"}
    assert Stream.objects.get().cursor == matching.head()


def test_a_pattern_means_whole_words(admin: Actor) -> None:
    with receiving() as receiver:
        make(admin, receiver.url, actions=["tests.lo", "tests.l.*"])
        happen(admin, 2)
        work_off()

    assert receiver.calls == []


def test_outcomes_are_a_filter(admin: Actor) -> None:
    with receiving() as receiver:
        make(admin, receiver.url, actions=[], outcomes=["denied"])
        happen(admin, 2)
        work_off()

    assert receiver.calls == []


def test_a_receiver_that_was_away_catches_up_in_order(admin: Actor) -> None:
    port = free_port()
    stream = make(admin, f"http://127.0.0.1:{port}/x")
    written = happen(admin, 5)
    work_off()
    written += happen(admin, 5)
    work_off()
    stream.refresh_from_db()
    assert stream.attempts == 2
    assert "ConnectionRefusedError" in stream.error
    assert stream.next_try_at is not None

    with receiving() as receiver:
        managing.change(actor=admin, stream=stream.uuid, changes={"address": receiver.url})
        work_off(without_pauses=False)

    assert [each["uuid"] for each in lines(receiver)] == ids(written)
    stream.refresh_from_db()
    assert (stream.error, stream.attempts, stream.failing_since) == ("", 0, None)


def test_a_batch_whose_answer_was_lost_is_sent_again(admin: Actor) -> None:
    with receiving() as receiver:
        receiver.rule = reset
        make(admin, receiver.url)
        written = happen(admin, 4)
        work_off()
        receiver.rule = status(200)
        work_off()

    assert len(receiver.calls) == 2
    assert [each["uuid"] for each in lines(receiver)] == ids(written) * 2


def test_an_entry_that_is_refused_is_set_aside_and_can_be_sent_again(admin: Actor) -> None:
    def picky(call: Call, handler: Any) -> None:
        bad = b"thing/2" in call.body
        status(422 if bad else 204, b"no twos")(call, handler)

    with receiving() as receiver:
        receiver.rule = picky
        stream = make(admin, receiver.url)
        written = happen(admin, 5)
        work_off()
        (letter,) = StreamLetter.objects.all()
        assert letter.entry == written[2]
        assert "422: no twos" in letter.error
        taken = [call.json["uuid"] for call in receiver.calls[1:]]
        assert taken == ids(written)  # one by one, behind the batch that was refused

        receiver.rule = status(204)
        receiver.calls.clear()
        assert operating.retry(actor=admin, stream=stream.uuid) == 1
        work_off()

    assert [each["uuid"] for each in lines(receiver)] == [str(written[2].uuid)]
    letter.refresh_from_db()
    assert letter.resolved_at is not None


def test_a_paused_stream_leaves_nothing_out(admin: Actor) -> None:
    with receiving() as receiver:
        stream = make(admin, receiver.url)
        managing.switch(actor=admin, stream=stream.uuid, active=False)
        written = happen(admin, 3)
        work_off()
        assert receiver.calls == []
        managing.switch(actor=admin, stream=stream.uuid, active=True)
        work_off()

    assert [each["uuid"] for each in lines(receiver)] == ids(written)


def test_a_replay_tells_everything_from_a_place_on(admin: Actor) -> None:
    with receiving() as receiver:
        stream = make(admin, receiver.url)
        written = happen(admin, 6)
        work_off()
        place = lines(receiver)[3]["seq"]
        receiver.calls.clear()
        assert operating.replay(actor=admin, stream=stream.uuid, seq=place) == 3
        work_off()

    assert [each["uuid"] for each in lines(receiver)] == ids(written)[3:]


def test_names_stay_inside_where_the_stream_shall_have_none(admin: Actor) -> None:
    with receiving() as receiver:
        make(admin, receiver.url, with_names=False)
        happen(admin, 1)
        work_off()

    assert lines(receiver)[0]["actor"]["username"] is None
    assert admin.user is not None
    assert f'"{admin.user.username}"'.encode() not in receiver.calls[0].body


def test_who_was_erased_is_not_named_any_more(admin: Actor) -> None:
    with receiving() as receiver:
        stream = make(admin, receiver.url)
        happen(admin, 1)
        work_off()
        PersonalDatum.objects.all().delete()
        operating.replay(actor=admin, stream=stream.uuid, seq=lines(receiver)[0]["seq"])
        work_off()

    assert [each["actor"]["username"] for each in lines(receiver)][-1] is None


def test_a_test_event_shows_what_came_of_it(admin: Actor) -> None:
    with receiving() as receiver:
        stream = make(admin, receiver.url)
        operating.request_test(actor=admin, stream=stream.uuid)
        work_off()
        stream.refresh_from_db()
        assert stream.test_result == "taken"
        assert receiver.calls[0].json["action"] == "muniment.stream.test"

        receiver.rule = status(401, b"who?")
        operating.request_test(actor=admin, stream=stream.uuid)
        work_off()
        stream.refresh_from_db()
    assert stream.test_result == "failed: the receiver answered 401: who?"


def test_a_file_gets_a_line_an_entry(admin: Actor, tmp_path: Path) -> None:
    make(admin, "file://audit.ndjson")
    written = happen(admin, 3)
    work_off()
    path = tmp_path / "streams" / "audit.ndjson"
    path.rename(tmp_path / "rotated")
    written += happen(admin, 2)
    work_off()

    text = (tmp_path / "rotated").read_text() + path.read_text()
    assert [json.loads(line)["uuid"] for line in text.splitlines()] == ids(written)


def test_whatever_goes_wrong_shows_on_the_stream_and_is_tried_again(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise LookupError("no such thing")

    with receiving() as receiver:
        stream = make(admin, receiver.url)
        written = happen(admin, 2)
        with monkeypatch.context() as patch:
            patch.setattr(transports, "send", broken)
            work_off()
        stream.refresh_from_db()
        assert stream.error == "LookupError: no such thing"
        work_off()

    assert [each["uuid"] for each in lines(receiver)] == ids(written)
