"""The addresses of frameworks and of the risk register, below /admin/."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from console.pages.acts import frameworks as bringing
from console.pages.acts import risks as acting
from console.pages.audits import control, frameworks, risks

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django.urls import URLPattern

    Show = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]

RISK_ACTS = {
    "revise": acting.revise,
    "review": acting.review,
    "accept": acting.accept,
    "link": acting.link,
}


def of_frameworks(show: Show) -> list[URLPattern]:
    """Return the pages of frameworks and their controls."""
    return [
        path("frameworks/", show(frameworks.listed), name="console_frameworks"),
        path("framework-import/", show(bringing.import_framework), name="console_framework_import"),
        path("controls/", show(control.control), name="console_control"),
        path("controls/map/", show(bringing.map_policy), name="console_control_map"),
        path("controls/state/", show(bringing.state_control), name="console_control_state"),
        path(
            "control-mappings/<uuid:uuid>/end/",
            show(bringing.end_mapping),
            name="console_mapping_end",
        ),
        path(
            "control-statements/<uuid:uuid>/end/",
            show(bringing.end_statement),
            name="console_statement_end",
        ),
        path("frameworks/<str:name>/", show(frameworks.framework), name="console_framework"),
    ]


def of_risks(show: Show) -> list[URLPattern]:
    """Return the pages of the risk register."""
    one = "risks/<uuid:uuid>/"
    return [
        path("risks/", show(risks.listed), name="console_risks"),
        path("risks/new/", show(acting.create), name="console_risk_create"),
        path(one, show(risks.risk), name="console_risk"),
        *[
            path(f"{one}{verb}/", show(view), name=f"console_risk_{verb}")
            for verb, view in RISK_ACTS.items()
        ],
        path(f"{one}links/<uuid:link>/end/", show(acting.unlink), name="console_risk_unlink"),
    ]
