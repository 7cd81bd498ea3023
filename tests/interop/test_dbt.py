"""The stock dbt with openlineage-dbt builds a small DuckDB warehouse and tells of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.environments import environment
from tests.support.organisation import Organisation
from tests.support.parts import PartMissing, missing
from tests.support.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.interop]
PACKAGES = (
    "dbt-core==1.12.0",
    "dbt-duckdb==1.11.1",
    "openlineage-dbt==1.54.0",
    "dbt-core-experimental-parser==2.0.0a4",  # later ones come without a wheel
)
FILES = {
    "dbt_project.yml": 'name: shop\nversion: "1.0"\nconfig-version: 2\nprofile: shop\n',
    "profiles.yml": "shop:\n  target: dev\n  outputs:\n"
    "    dev: {type: duckdb, path: shop.duckdb, threads: 1}\n",
    "seeds/raw_orders.csv": "id,amount\n1,10\n2,20\n",
    "models/orders.sql": 'select id, amount * 2 as doubled from {{ ref("raw_orders") }}',
    "models/revenue.sql": 'select sum(doubled) as total from {{ ref("orders") }}',
    "models/schema.yml": "version: 2\nmodels:\n  - name: orders\n    columns:\n"
    "      - name: id\n        data_tests: [not_null]\n",
}
SHOW = """
import json
from lineage.models import DatasetEdge, Run
edges = DatasetEdge.objects.filter(closed_at=None)
print(json.dumps({
    "edges": list(edges.values_list("source__name", "target__name", "workspace__slug")),
    "runs": sorted(Run.objects.values_list("job__name", "status")),
    "children": Run.objects.filter(parent_run_id__isnull=False).count(),
}))
"""


def build(folder: Path, project: Path, organisation: Organisation) -> None:
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run(
        [str(folder / "bin" / "dbt-ol"), "build", "--profiles-dir", ".", "--project-dir", "."],
        cwd=project,
        env={
            "PATH": f"{folder / 'bin'}:{os.environ.get('PATH', '')}",
            "HOME": str(project),
            "DO_NOT_TRACK": "1",
            "OPENLINEAGE_URL": organisation.service.base_url,
            "OPENLINEAGE_ENDPOINT": "api/v1/lineage?workspace=assist-dev",
            "OPENLINEAGE_API_KEY": organisation.tokens["author"],
            "OPENLINEAGE_NAMESPACE": "dbt",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "Emitted 8 OpenLineage events" in done.stderr + done.stdout


def test_what_dbt_builds_is_in_the_graph(service: Service, tmp_path: Path) -> None:
    try:
        folder = environment("dbt-duckdb-1.11.1-openlineage-1.54.0", PACKAGES)
    except PartMissing as error:
        missing(str(error))
    organisation = Organisation.found(service)
    service.start_web()

    build(folder, tmp_path / "shop", organisation)

    answer = organisation.client("reader").get("/api/lineage/received/").expect(200).json
    assert len(answer["results"]) == 8
    assert {row["workspace"] for row in answer["results"]} == {"assist-dev"}
    printed = service.manage("shell", "--no-imports", "-c", SHOW)
    found = json.loads(printed.strip().splitlines()[-1])
    # The seed is no input of the run that reads it: the column lineage of its output names it.
    assert sorted(found["edges"]) == [
        ["shop.main.orders", "shop.main.revenue", "assist-dev"],
        ["shop.main.raw_orders", "shop.main.orders", "assist-dev"],
    ]
    assert found["runs"] == [
        ["dbt-run-shop", "COMPLETED"],
        ["shop.main.shop.orders.build.run", "COMPLETED"],
        ["shop.main.shop.orders.build.test", "COMPLETED"],
        ["shop.main.shop.revenue.build.run", "COMPLETED"],
    ]
    assert found["children"] == 3
