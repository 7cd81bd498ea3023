"""The matrix of frameworks and of the risk register, and what it names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from audits.services import control_terms, risk_links, risks
from audits.services.frameworks import import_catalog
from tests.api.rows import ADMINISTRATOR, SIGNED_IN, WHATEVER_IS_THERE, WHO_SEES_IT, row
from tests.audits.frameworks.catalogs import a_catalog
from tests.factories import administrator
from tests.policies.estate import make_policy

if TYPE_CHECKING:
    from tests.api.world import World

OWN = "house-rules"


def furnish(world: World) -> None:
    """A framework in two versions, a mapping, a statement, and a risk with a link."""
    admin = administrator()
    import_catalog(actor=admin, name=OWN, document={"catalog": a_catalog()})
    changed = a_catalog() | {"controls": [{"id": "hr-9", "title": "Everybody is trained again"}]}
    import_catalog(actor=admin, name=OWN, document={"catalog": changed})
    mapping = control_terms.map_policy(
        actor=admin, control=f"{OWN}/hr-1", policy=make_policy().policy.name, reason="it signs"
    )
    statement = control_terms.state_control(
        actor=admin,
        control=f"{OWN}/hr-9",
        terms=control_terms.StatementTerms(
            state="partial",
            text="In spring.",
            expires_at=timezone.now() + timedelta(days=30),
        ),
        workspace=world.dev.slug,
    )
    terms = risks.RiskTerms(**_risk(), treatment="accept", treatment_reason="It is small.")
    risk = risks.create(actor=admin, terms=terms, workspace=world.dev.slug).risk
    link = risk_links.link(actor=admin, risk=risk.uuid, kind="control", target=f"{OWN}/hr-1")
    world.at |= {
        "own_framework": OWN,
        "control_mapping": mapping.uuid,
        "control_statement": statement.uuid,
        "risk": risk.uuid,
        "risk_link": link.uuid,
    }


def _risk() -> dict[str, Any]:
    return {
        "title": "It leaks",
        "category": "privacy",
        "inherent_likelihood": 2,
        "inherent_impact": 2,
        "review_on": timezone.now().date() + timedelta(days=30),
    }


def a_risk(world: World) -> dict[str, Any]:
    said = _risk() | {"workspace": world.dev.slug}
    return said | {"review_on": said["review_on"].isoformat()}


TRIAGE = "401 404 403 403 403 200 200 200 200"
STATES = "401 404 403 403 403 403 403 200 200"

FRAMEWORKS = (
    row("GET", "audits/frameworks/", SIGNED_IN),
    row(
        "POST",
        "audits/frameworks/",
        ADMINISTRATOR,
        body=lambda world: {"name": "another", "catalog": a_catalog()},
    ),
    row("GET", "audits/frameworks/<str:name>/", SIGNED_IN, "framework"),
    row("GET", "audits/frameworks/<str:name>/gaps/", SIGNED_IN, "framework"),
    row("GET", "audits/frameworks/<str:name>/catalog/", SIGNED_IN, "framework"),
    row("GET", "audits/frameworks/<str:name>/versions/", SIGNED_IN, "own_framework"),
    row(
        "GET",
        "audits/frameworks/<str:name>/diff/",
        SIGNED_IN,
        "own_framework",
        query="?before=1&after=2",
    ),
    row("GET", "audits/control-mappings/", SIGNED_IN),
    row("GET", "audits/control-mappings/<uuid:uuid>/", SIGNED_IN, "control_mapping"),
    row(
        "POST",
        "audits/control-mappings/",
        ADMINISTRATOR,
        body=lambda world: {
            "control": f"{OWN}/hr-9",
            "policy": world.at["policy_reference"].partition("/")[0],
            "reason": "it trains",
        },
    ),
    row(
        "POST",
        "audits/control-mappings/<uuid:uuid>/end/",
        "401 403 403 403 403 403 403 403 200",
        "control_mapping",
        body=lambda world: {"reason": "over"},
    ),
    row("GET", "audits/control-statements/", SIGNED_IN),
    row("GET", "audits/control-statements/<uuid:uuid>/", WHO_SEES_IT, "control_statement"),
    row(
        "POST",
        "audits/control-statements/",
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {
            "control": f"{OWN}/hr-1",
            "workspace": world.dev.slug,
            "state": "implemented",
            "text": "We sign.",
            "expires_at": (timezone.now() + timedelta(days=9)).isoformat(),
        },
    ),
    row(
        "POST",
        "audits/control-statements/<uuid:uuid>/end/",
        STATES,
        "control_statement",
        body=lambda world: {"reason": "over"},
    ),
)

RISKS = (
    row("GET", "audits/risks/", SIGNED_IN),
    row("GET", "audits/risks/matrix/", SIGNED_IN),
    row("GET", "audits/risks/export/", SIGNED_IN, query="?state=open"),
    row("GET", "audits/risks/<uuid:uuid>/", WHO_SEES_IT, "risk"),
    row("GET", "audits/risks/<uuid:uuid>/revisions/", WHO_SEES_IT, "risk"),
    row("GET", "audits/risks/<uuid:uuid>/links/", WHO_SEES_IT, "risk"),
    row("POST", "audits/risks/", "401 400 403 403 403 201 201 201 201", body=a_risk),
    row(
        "PATCH",
        "audits/risks/<uuid:uuid>/",
        TRIAGE,
        "risk",
        body=lambda world: {"title": "It leaks much"},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "POST",
        "audits/risks/<uuid:uuid>/review/",
        TRIAGE,
        "risk",
        body=lambda world: {"review_on": (timezone.now().date() + timedelta(days=60)).isoformat()},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "POST",
        "audits/risks/<uuid:uuid>/accept/",
        "401 404 403 403 403 200 200 200 403",  # the administrator owns it
        "risk",
        body=lambda world: {"reason": "small"},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "POST",
        "audits/risks/<uuid:uuid>/links/",
        "401 404 403 403 403 201 201 201 201",
        "risk",
        body=lambda world: {"kind": "version", "target": world.at["ref"]},
    ),
    row(
        "POST",
        "audits/risks/<uuid:uuid>/links/<uuid:link>/end/",
        TRIAGE,
        "risk",
        "risk_link",
        body=lambda world: {"reason": "over"},
    ),
)

ROWS = FRAMEWORKS + RISKS
