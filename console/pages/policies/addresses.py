"""The addresses of the pages about where policies hold, what is waived, and what would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import attestations as attesting
from console.pages.acts import exemptions as exempting
from console.pages.acts import opas as registering
from console.pages.acts import policy_terms as assigning
from console.pages.policies import assignments, exemptions, fleet, what_ifs

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]

ASSIGNMENT_ACTS = {
    "enforcement": assigning.set_enforcement,
    "end": assigning.end,
    "exempt": exempting.ask,
    "attest": attesting.attest,
}
OPA_ACTS = {
    "sources": registering.pull,
    "masks": registering.mask,
    "token": registering.issue,
    "retire": registering.retire,
}


def of_fleet(show: Show) -> list[URLPattern]:
    """Return the pages of OPAs of elsewhere."""
    one = "fleet/<uuid:uuid>/"
    return [
        path("fleet/", show(fleet.opas), name="console_fleet"),
        path("fleet/new/", show(registering.register), name="console_opa_register"),
        path(one, show(fleet.opa), name="console_opa"),
        *[
            path(f"{one}{verb}/", show(view), name=f"console_opa_{verb}")
            for verb, view in OPA_ACTS.items()
        ],
    ]


def of_assignments(show: Show) -> list[URLPattern]:
    """Return the pages of assignments, exemptions, attestations and what-ifs."""
    held, waived = "policy-assignments/", "policy-exemptions/"
    one = f"{held}<uuid:uuid>/"
    return [
        path(held, show(assignments.listed), name="console_policy_assignments"),
        path(f"{held}new/", show(assigning.assign), name="console_policy_assign"),
        path(one, show(assignments.assignment), name="console_policy_assignment"),
        *[
            path(f"{one}{verb}/", show(view), name=f"console_policy_{verb}")
            for verb, view in ASSIGNMENT_ACTS.items()
        ],
        path(waived, show(exemptions.listed), name="console_exemptions"),
        *[
            path(f"{waived}<uuid:uuid>/{verb}/", show(view), name=f"console_exemption_{verb}")
            for verb, view in (("grant", exempting.grant), ("end", exempting.end))
        ],
        path(
            "policy-attestations/<uuid:uuid>/end/",
            show(attesting.end),
            name="console_attestation_end",
        ),
        path("what-ifs/", show(what_ifs.listed), name="console_what_ifs"),
        path("what-ifs/new/", show(assigning.ask), name="console_what_if_ask"),
        path("what-ifs/<uuid:uuid>/", show(what_ifs.what_if), name="console_what_if"),
        path(
            "what-ifs/<uuid:uuid>/assign/",
            show(assigning.assign_as_asked),
            name="console_what_if_assign",
        ),
    ]
