"""The page of a control: what is mapped to it and stated of it, and how both end."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.models import ControlMapping, ControlStatement
from audits.services import control_terms
from registry.models import Workspace
from tests.console.pages import browser
from tests.factories import administrator, make_actor
from tests.policies.estate import make_policy

CONTROL = "iso-42001/A.2.2"


def shown(client: Client) -> str:
    answer = client.get(reverse("admin:console_control"), {"control": CONTROL})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_mapping_is_ended_in_a_form_and_stays_on_the_controls_page(
    admin: Client, reader: Client, prod: Workspace
) -> None:
    policy = make_policy()
    said = {"control": CONTROL, "policy": policy.policy.name, "reason": "It checks it."}
    mapping = control_terms.map_policy(actor=administrator(), **said)
    end = reverse("admin:console_mapping_end", args=[mapping.uuid])

    before = shown(admin)
    assert end in before
    assert end not in shown(reader)
    assert reader.get(end).status_code == 403
    done = admin.post(end, {"reason": "It never did."}, follow=True)

    text = done.content.decode()
    assert "supports A.2.2 no more" in text
    assert ("It checks it." in text, end in text) == (True, False)
    assert ControlMapping.objects.get().valid_to is not None
    assert "ended already" in admin.post(end, {"reason": "again"}).content.decode()
    assert admin.get(reverse("admin:console_control"), {"control": "none/x"}).status_code == 404


def test_a_statement_is_ended_by_whom_it_is_of(admin: Client, reader: Client) -> None:
    terms = control_terms.StatementTerms(
        state="implemented", text="A policy", expires_at=timezone.now() + timedelta(days=9)
    )
    statement = control_terms.state_control(
        actor=administrator(), control=CONTROL, terms=terms, workspace="prod"
    )
    end = reverse("admin:console_statement_end", args=[statement.uuid])

    assert end in shown(admin)
    assert end not in shown(reader)
    assert reader.post(end, {"reason": "mine"}).status_code == 200
    assert ControlStatement.objects.get().valid_to is None
    assert browser(make_actor()).get(end).status_code == 404
    assert admin.post(end, {"reason": "It is not."}).status_code == 302
    statement.refresh_from_db()
    assert statement.status == "ended"
