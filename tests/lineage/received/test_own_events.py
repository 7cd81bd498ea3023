"""What this service does is told of its own jobs, runs and datasets too."""

from __future__ import annotations

import pytest

from lineage.models import Dataset, DatasetEdge, DatasetVersion, Job, Run, WorkspaceDataset
from lineage.received import facets
from registry.models import Workspace
from tests import factories
from tests.lineage.steps import tell

pytestmark = pytest.mark.django_db


def test_a_registration_makes_a_run_and_a_dataset_that_is_the_asset(dev: Workspace) -> None:
    data = factories.make_dataset(dev)
    model = factories.make_model(dev, trained_on=[data])
    tell()

    row = Dataset.objects.get(asset=model.asset)
    observation = WorkspaceDataset.objects.get(dataset=row)
    assert facets.facet(observation.state, "version")["datasetVersion"] == "1"
    run = Run.objects.get()
    assert run.status == "COMPLETED"
    assert [told["name"] for told in run.state["inputs"].values()] == [
        f"dev/dataset/{data.asset.name}"
    ]
    assert run.job == Job.objects.get()
    assert DatasetVersion.objects.filter(run=run, observation=observation).count() == 1
    assert not DatasetEdge.objects.exists()  # the version graph has them


def test_telling_again_changes_nothing(dev: Workspace) -> None:
    factories.make_model(dev)
    tell()
    before = list(WorkspaceDataset.objects.values_list("state", "event_time"))
    tell()
    assert list(WorkspaceDataset.objects.values_list("state", "event_time")) == before


def test_an_asset_of_elsewhere_is_told_of_in_its_own_workspace_only(
    dev: Workspace, prod: Workspace
) -> None:
    data = factories.make_dataset(dev)
    factories.make_model(prod, trained_on=[data])
    tell()

    observed = WorkspaceDataset.objects.filter(dataset__asset=data.asset)
    assert [row.workspace for row in observed] == [dev]
