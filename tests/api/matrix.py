"""Every address under /api, every method, every caller: the status that must come back.

The statuses of a row are literals in the order of ``CALLERS``: anonymous, outsider, reader,
author, approver, deployer, auditor, admin (of the workspace), administrator (of the organisation).
"""

from __future__ import annotations

from tests.api import (
    artifact_rows,
    card_rows,
    catalogue_rows,
    collaboration_rows,
    deployment_rows,
    evaluation_rows,
    finding_rows,
    fleet_rows,
    framework_rows,
    import_rows,
    life_rows,
    pack_rows,
    request_rows,
    retention_rows,
    rule_rows,
    stream_rows,
)
from tests.api.governance_rows import AUDITS, LINEAGE, POLICIES
from tests.api.registry_rows import REGISTRY
from tests.api.rows import EVERYBODY, Row, row

DESCRIPTION = (row("GET", "schema/", EVERYBODY), row("GET", "docs/", EVERYBODY))

AREAS: dict[str, tuple[Row, ...]] = {
    "description": DESCRIPTION,
    "registry": REGISTRY,
    "life": life_rows.ROWS,
    "artifacts": artifact_rows.ROWS,
    "cards": card_rows.ROWS,
    "promotion rules": rule_rows.ROWS,
    "evaluations": evaluation_rows.ROWS,
    "deployments": deployment_rows.ROWS,
    "collaboration": collaboration_rows.ROWS,
    "requests": request_rows.ROWS,
    "catalogue": catalogue_rows.ROWS,
    "imports": import_rows.ROWS,
    "streams": stream_rows.ROWS,
    "fleet": fleet_rows.ROWS,
    "retention": retention_rows.ROWS,
    "lineage": LINEAGE,
    "policies": POLICIES,
    "audits": AUDITS,
    "frameworks": framework_rows.ROWS,
    "packs": pack_rows.ROWS,
    "findings": finding_rows.ROWS,
}
