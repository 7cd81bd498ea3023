"""Make a stream, change it, pause it, test it, send again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from audits.services.streams import managing, operating
from audits.streams.formats import FORMATS
from console.pages.acts.fields import ObjectField, number, offer, words, yes_no
from console.pages.shell import page
from registry import access
from registry.admin import operations
from registry.admin.mixin import actor_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.contrib.admin import AdminSite
    from django.http import HttpRequest, HttpResponse

    from audits.models import Stream
    from audits.services.streams.managing import Keyed

ADDRESS = (
    "https://…, syslog+tls://host:6514, or file://name. Unencrypted ones, and those inside of this"
    " network, need a setting."
)
ACTIONS = "Between commas: an action, or the first words of one. Nothing asks for all."
LABELS = {"json": "JSON", "cef": "CEF", "ocsf": "OCSF", "splunk": "Splunk HEC"}


class StreamForm(forms.Form):
    """Where to, of what, and how it looks."""

    name = operations.text("Name", max_length=100)
    address = operations.text("Address", max_length=2_000, help_text=ADDRESS)
    format = operations.choice("Format")
    batch = number("Entries at once", 1, 1_000, required=True)
    workspaces = words("Workspaces", help_text="Slugs between commas. Nothing asks for all.")
    actions = words("Actions", help_text=ACTIONS)
    outcomes = words("Outcomes", help_text="As success, refused, denied. Nothing asks for all.")
    with_names = yes_no(
        "With usernames", help_text="What has left cannot be erased with a person here."
    )
    headers = ObjectField(
        "Headers",
        rows=3,
        help_text="Over HTTP, as “Authorization: Splunk …”. Kept sealed, and never shown again.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, LABELS.get(name, name)) for name in FORMATS]
        offer(self, "format", choices)

    def given(self) -> dict[str, Any]:
        """Return what the service takes; headers that are left empty stay as they are."""
        told = dict(self.cleaned_data)
        headers = told.pop("headers")
        return told | ({"headers": _texts(headers)} if headers else {})


class ChangeForm(StreamForm):
    """The same, another key, and why."""

    new_secret = yes_no("Make another key", help_text="For HTTP; the earlier one ends at once.")
    reason = operations.text("Reason", required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = operations.text("Reason", required=False, max_length=400)


class ReplayForm(ReasonForm):
    """From which place on."""

    seq = number("From the place", 0, 10**15, required=True, help_text="The seq of an entry.")
    field_order = ("seq", "reason")


def _texts(headers: dict[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in headers.items()}


def create(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Make a stream, and show its key this once."""
    actor = actor_of(request)
    access.require_organisation_admin(actor, subject="stream")
    made: list[Keyed] = []
    start = {"format": "json", "batch": 100, "with_names": True}
    form = StreamForm(request.POST or None, initial=start)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        made.append(managing.create(actor=actor, **form.given()))
        return messages.SUCCESS, "The stream is made; it is told of what happens from now on."

    def back() -> str:
        return reverse("admin:console_stream", args=[made[0].stream.uuid])

    listed = reverse("admin:console_streams")
    operation = operations.Operation("Make a stream", "Make", call, back, listed)
    answer = operations.answer(request, operation, form, site=site)
    return _secret(site, request, made[0]) if made and made[0].secret else answer


def change(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a stream; a key that is made is shown this once."""
    actor = actor_of(request)
    found = managing.managed(actor, uuid)
    made: list[Keyed] = []
    names = operating.slugs()
    start = {
        **{name: getattr(found, name) for name in ("name", "address", "format", "batch")},
        "with_names": found.with_names,
        "workspaces": ", ".join(names.get(each, each) for each in found.workspaces),
        "actions": ", ".join(found.actions),
        "outcomes": ", ".join(found.outcomes),
    }
    form = ChangeForm(request.POST or None, initial=start)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        changes = form.given()
        reason = changes.pop("reason")
        made.append(managing.change(actor=actor, stream=uuid, changes=changes, reason=reason))
        return messages.SUCCESS, "Changed; what waits goes out the new way."

    intro = "Headers that are left empty stay as they are."
    operation = _operation(found, "Change the stream", "Save", call, intro=intro)
    answer = operations.answer(request, operation, form, site=site)
    return _secret(site, request, made[0]) if made and made[0].secret else answer


def _secret(site: AdminSite, request: HttpRequest, keyed: Keyed) -> HttpResponse:
    """Answer the form with the key: it is stored sealed, and no address shows it again."""
    shown = page(
        site,
        request,
        "console/audit_stream_secret.html",
        title="The key of the stream",
        stream=keyed.stream,
        secret=keyed.secret,
    )
    shown.headers["Cache-Control"] = "no-store"
    return shown


def switch(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Pause a stream, or let it go on."""
    actor = actor_of(request)
    found = managing.managed(actor, uuid)
    active = found.state != found.State.ACTIVE

    def call(data: dict[str, Any]) -> tuple[int, str]:
        managing.switch(actor=actor, stream=uuid, active=active, **data)
        return messages.SUCCESS, "What waited goes out now." if active else "Paused."

    title, verb = ("Resume the stream", "Resume") if active else ("Pause the stream", "Pause")
    intro = "" if active else "It goes on from where it stopped; nothing is left out."
    form = ReasonForm(request.POST if request.method == "POST" else None)
    operation = _operation(found, title, verb, call, intro=intro)
    return operations.answer(request, operation, form, site=site)


def replay(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Tell everything from a place on once more."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        count = operating.replay(actor=actor, stream=uuid, **data)
        return (
            messages.SUCCESS,
            f"{count} {'entry is' if count == 1 else 'entries are'} told again.",
        )

    found = managing.managed(actor, uuid)
    form = ReplayForm(request.POST or None, initial={"seq": max(0, found.cursor)})
    intro = "Receivers know an entry that they have by its uuid."
    operation = _operation(found, "Tell it again", "Send", call, intro=intro)
    return operations.answer(request, operation, form, site=site)


def delete(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete a stream with its secrets."""
    actor = actor_of(request)

    def call(data: dict[str, Any]) -> tuple[int, str]:
        managing.delete(actor=actor, stream=uuid, **data)
        return messages.SUCCESS, "Deleted."

    operation = _operation(
        managing.managed(actor, uuid),
        "Delete the stream",
        "Delete",
        call,
        intro="Its key and headers go with it.",
        back=reverse("admin:console_streams"),
        danger=True,
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return operations.answer(request, operation, form, site=site)


def test(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Have a test event sent."""
    if request.method == "POST":
        operating.request_test(actor=actor_of(request), stream=uuid)
        messages.success(request, "A test is on its way; this page tells what comes of it.")
    return redirect("admin:console_stream", uuid)


def retry(site: AdminSite, request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send once more what was refused."""
    if request.method == "POST":
        count = operating.retry(actor=actor_of(request), stream=uuid)
        messages.success(request, f"{count} {'entry is' if count == 1 else 'entries are'} queued.")
    return redirect("admin:console_stream", uuid)


def _operation(
    found: Stream,
    title: str,
    submit: str,
    call: Any,
    *,
    intro: str = "",
    back: str = "",
    danger: bool = False,
) -> operations.Operation:
    here = reverse("admin:console_stream", args=[found.uuid])
    return operations.Operation(
        title, submit, call, back or here, here, intro=f"{found.name}. {intro}", danger=danger
    )
