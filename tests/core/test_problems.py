"""Errors as problem documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from rest_framework import exceptions, serializers

from core import errors
from core.actors import Actor, Via
from core.http.problems import document, exception_handler
from core.http.serializers import InputSerializer
from core.models import JournalEntry
from tests.factories import make_user


def handled(error: Exception, **context: Any) -> Any:
    response = exception_handler(error, context)
    assert response is not None
    assert response.content_type == "application/problem+json"
    return response


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (errors.InvalidInput("x"), 400, "invalid-input"),
        (errors.AuthenticationRequired("x"), 401, "authentication-required"),
        (errors.AccessDenied("x"), 403, "access-denied"),
        (errors.NotFound(), 404, "not-found"),
        (errors.Conflict("x"), 409, "conflict"),
        (errors.Refused("x"), 409, "refused"),
        (errors.TooLarge("x"), 413, "too-large"),
        (errors.Unavailable("x"), 503, "unavailable"),
        (Http404(), 404, "not-found"),
        (PermissionDenied(), 403, "http"),
        (exceptions.NotFound(), 404, "not-found"),
        (exceptions.NotAuthenticated(), 401, "authentication-required"),
        (exceptions.MethodNotAllowed("PUT"), 405, "http"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "http"),
        (exceptions.Throttled(), 429, "http"),
        (exceptions.ParseError("x"), 400, "invalid-input"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_expected_failure_has_its_status_and_type(
    error: Exception, status: int, slug: str
) -> None:
    response = handled(error)

    assert response.status_code == status
    assert response.data["type"] == f"urn:muniment:problem:{slug}"
    assert response.data["status"] == status
    assert response.data["title"]
    assert response.data["detail"]


def test_a_401_says_how_to_authenticate() -> None:
    assert handled(errors.AuthenticationRequired("x"))["WWW-Authenticate"] == "Bearer"


def test_an_unexpected_failure_is_left_to_django() -> None:
    assert exception_handler(RuntimeError("bug"), {}) is None


def test_the_denial_of_an_error_is_journalled_and_never_answered() -> None:
    denial = errors.Denial("view_workspace", "secret-place", None)

    problem = document(errors.NotFound(denial=denial))

    assert problem == document(errors.NotFound())


@pytest.mark.django_db
def test_a_refused_caller_is_on_record_and_an_anonymous_one_is_not() -> None:
    actor = Actor(user=make_user(), via=Via.TOKEN, credential="abc")
    request = type("Request", (), {"auth": actor})()
    error = errors.NotFound(denial=errors.Denial("view_workspace", "secret-place", None))

    handled(error)
    assert not JournalEntry.objects.filter(action="core.access.denied").exists()
    handled(error, request=request)

    entry = JournalEntry.objects.get(action="core.access.denied")
    assert (entry.subject, entry.outcome) == ("secret-place", "denied")
    assert actor.user is not None
    assert entry.actor == actor.user.uuid


class Part(InputSerializer):
    size = serializers.IntegerField()
    ratio = serializers.FloatField(required=False)


class Whole(InputSerializer):
    name = serializers.CharField()
    parts = Part(many=True, default=list)
    tags = serializers.ListField(child=serializers.CharField(), default=list)
    kind = serializers.ChoiceField(choices=["a", "b"], default="a")


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ([], "body", "dictionary"),
        ({}, "name", "required"),
        ({"name": 5}, "name", "must be a string"),
        ({"name": True}, "name", "must be a string"),
        ({"name": None}, "name", "null"),
        ({"name": "x", "nmae": "y"}, "nmae", "is not known here; there are name"),
        ({"name": "x", "kind": "c"}, "kind", "not a valid choice"),
        ({"name": "x", "kind": ["a"]}, "kind", "must be a string"),
        ({"name": "x", "tags": "a"}, "tags", "must be a list"),
        ({"name": "x", "tags": ["a", 5]}, "tags[1]", "must be a string"),
        ({"name": "x", "parts": {}}, "parts", "list"),
        ({"name": "x", "parts": [{"size": 1}, {"size": "5"}]}, "parts[1].size", "whole number"),
        ({"name": "x", "parts": [{"size": True}]}, "parts[0].size", "whole number"),
        ({"name": "x", "parts": [{"size": 1, "ratio": "1"}]}, "parts[0].ratio", "a number"),
        ({"name": "x", "parts": [{"size": 1, "x": 1}]}, "parts[0].x", "not known"),
    ],
    ids=str,
)
def test_a_body_of_another_shape_is_answered_with_field_and_reason(
    body: Any, field: str, reason: str
) -> None:
    with pytest.raises(exceptions.ValidationError) as caught:
        Whole(data=body).is_valid(raise_exception=True)

    found = handled(caught.value).data["errors"]

    assert [item["field"] for item in found] == [field]
    assert reason in found[0]["reason"]


@pytest.mark.django_db
def test_every_wrong_field_is_told_at_once() -> None:
    with pytest.raises(exceptions.ValidationError) as caught:
        Whole(data={"name": "", "parts": [{}]}).is_valid(raise_exception=True)

    assert [item["field"] for item in handled(caught.value).data["errors"]] == [
        "name",
        "parts[0].size",
    ]


@pytest.mark.django_db
def test_addresses_that_are_none_are_answered_like_missing_objects() -> None:
    answer = Client().get("/api/registry/nothing/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == document(errors.NotFound())


@pytest.mark.parametrize("length", ["x", "-1", "²", "9" * 30])
def test_a_content_length_that_is_no_number_is_refused(length: str) -> None:
    answer = Client().post("/health", b"", content_type="application/json", CONTENT_LENGTH=length)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/api/registry/assets/%00/", "/api/registry/assets/?name=%00"])
def test_a_nul_byte_in_an_address_is_refused(address: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 400
    assert "NUL" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("abc-123", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("ä", False)],
)
def test_a_sane_request_id_is_kept_and_any_other_replaced(given: str, is_kept: bool) -> None:
    answer = Client().get("/health", headers={"X-Request-Id": given})

    assert (answer["X-Request-Id"] == given) is is_kept
    assert answer["X-Request-Id"]
