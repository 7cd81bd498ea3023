"""The matrix of what people decide and say about findings, and of scans over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.services import due_rules, finding_comments, scan_schedules
from tests.api.rows import SIGNED_IN, WHATEVER_IS_THERE, WHO_SEES_IT, Row, row
from tests.factories import administrator

if TYPE_CHECKING:
    from tests.api.world import World

FINDINGS, FINDING = "audits/findings/", "audits/findings/<uuid:uuid>/"
COMMENTS, RULES = "audits/finding-comments/", "audits/due-rules/"
SCHEDULES, SCHEDULE = "audits/scan-schedules/", "audits/scan-schedules/<uuid:uuid>/"
WHO_SCANS = "401 404 404 404 404 404 200 200 200"
WHO_TRIAGES = "401 404 403 403 403 200 200 200 200"
DAYS = {"critical": 3, "high": 14, "medium": 60, "low": None}

ROWS: tuple[Row, ...] = (
    row("GET", f"{FINDINGS}trend/", SIGNED_IN, query="?days=7"),
    row("GET", f"{FINDING}story/", WHO_SEES_IT, "finding"),
    row("GET", f"{FINDING}triage/", WHO_SEES_IT, "finding"),
    row(
        "PATCH",
        f"{FINDING}triage/",
        WHO_TRIAGES,
        "finding",
        body=lambda _: {"ticket": "https://tracker.example/T-1"},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "POST",
        f"{FINDINGS}triage/",
        "401 400 403 403 403 204 204 204 204",
        body=lambda world: {
            "findings": [str(world.at["finding"])],
            "ticket": "https://tracker.example/T-2",
        },
    ),
    row("GET", COMMENTS, SIGNED_IN),
    row(
        "POST",
        COMMENTS,
        "401 404 201 201 201 201 201 201 201",
        body=lambda world: {"finding": str(world.at["finding"]), "text": "Seen."},
    ),
    row("GET", f"{COMMENTS}<uuid:uuid>/", WHO_SEES_IT, "finding_comment"),
    row(
        "DELETE",
        f"{COMMENTS}<uuid:uuid>/",
        "401 404 403 403 403 403 403 200 200",
        "finding_comment",
    ),
    row("GET", RULES, SIGNED_IN),
    row("GET", f"{RULES}in-force/", SIGNED_IN),
    row(
        "POST",
        RULES,
        "401 400 403 403 403 403 403 201 201",
        body=lambda world: {"workspace": world.dev.slug, **DAYS},
    ),
    row("GET", f"{RULES}<uuid:uuid>/", WHO_SEES_IT, "due_rule"),
    row(
        "POST",
        f"{RULES}<uuid:uuid>/end/",
        "401 404 403 403 403 403 403 200 200",
        "due_rule",
        body=lambda _: {},
    ),
    row("GET", SCHEDULES, SIGNED_IN),
    row(
        "POST",
        SCHEDULES,
        "401 400 403 403 403 403 201 201 201",
        body=lambda world: {
            "name": "another",
            "workspaces": [world.dev.slug],
            "cron": "30 2 * * *",
        },
    ),
    row("GET", SCHEDULE, WHO_SCANS, "scan_schedule"),
    row(
        "PATCH",
        SCHEDULE,
        WHO_SCANS,
        "scan_schedule",
        body=lambda _: {"enabled": False},
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "DELETE",
        SCHEDULE,
        "401 404 404 404 404 404 204 204 204",
        "scan_schedule",
        headers=WHATEVER_IS_THERE,
    ),
    row(
        "GET",
        "audits/scans/<uuid:uuid>/comparison/",
        WHO_SCANS,
        "scan",
        query="?with={scan}",
    ),
)


def furnish(world: World) -> None:
    """Comment on the world's finding, set a due rule and a schedule."""
    admin = administrator()
    said = finding_comments.add(actor=admin, finding=world.at["finding"], text="Look at it.")
    rule = due_rules.set_rule(
        actor=admin, workspace=world.dev.slug, days=DAYS | {"low": 365}, reason="quick"
    )
    schedule = scan_schedules.add(
        actor=admin,
        terms={"name": "nightly", "workspaces": [world.dev.slug], "every_minutes": 60},
    )
    world.at |= {
        "finding_comment": said.uuid,
        "due_rule": rule.uuid,
        "scan_schedule": schedule.uuid,
    }
