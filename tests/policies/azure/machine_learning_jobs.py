"""Cases for the settings that Azure Machine Learning enforces on jobs of a compute."""

from __future__ import annotations

from typing import Any

from tests.policies.azure.cases import Entry, Parameters
from tests.policies.azure.machine_learning import COMPUTE, SUBNET, compute

NO_SETTINGS = {"enforcedSettings": "ARM does not answer with what policies enforce on jobs"}


def _choices(given: Parameters) -> tuple[Parameters, ...]:
    """The setting for all computes, and for computes by name, type, network and tags."""

    def chosen(azure: dict[str, Any], ours: dict[str, Any]) -> Parameters:
        return Parameters(azure={**given.azure, **azure}, ours={**given.ours, **ours})

    return (
        given,
        chosen({"computeNames": ["Train", "x"]}, {"compute_names": ["Train", "x"]}),
        chosen({"computeType": "ComputeInstance"}, {"compute_type": "ComputeInstance"}),
        chosen(
            {"computeType": "MachineLearningCompute", "isIsolatedNetwork": "Yes"},
            {"compute_type": "MachineLearningCompute", "is_isolated_network": "Yes"},
        ),
        chosen({"isIsolatedNetwork": "No"}, {"is_isolated_network": "No"}),
        chosen({"tags": ["team:assist"]}, {"tags": ["team:assist"]}),
        chosen({"tags": ["env:prod", "team:assist"]}, {"tags": ["env:prod", "team:assist"]}),
    )


def _enforced(
    file: str, rule: str, setting_name: str, *, given: Parameters, values: list[Any]
) -> Entry:
    """A setting that jobs on a compute must have, under different choices of computes.

    The first of the values is the one that is enforced.
    """

    base = {
        **compute("AmlCompute", subnet={"id": SUBNET}),
        "tags": {},
        "enforcedSettings": {setting_name: values[0]},
    }
    not_enforced = {**base, "enforcedSettings": {}}
    return Entry(
        file=f"Machine Learning/{file}_EnforceSetting.json",
        rule=f"azure_ml.{rule}",
        type=COMPUTE,
        base=base,
        values={
            f"enforcedSettings.{setting_name}": [*values, None, "", [], {}],
            "enforcedSettings": [{}, None],
            "name": ["train", "TRAIN", "serve", "assist-prod/train", "train/serve"],
            "tags": [{}, {"team": "assist"}, {"Team": "Assist", "env": "prod"}, {"env": "dev"}],
            "properties.computeType": ["AmlCompute", "amlcompute", "ComputeInstance", "HDInsight"],
            "properties.properties.subnet.id": [SUBNET, ""],
        },
        parameters=_choices(given),
        silent=NO_SETTINGS,
        others=[
            {**not_enforced, "tags": each}
            for each in ({"team": "assist"}, {"env": "dev"}, {"env": "prod", "team": "assist"})
        ],
    )


def _listed(values: list[str], trust: str = "None") -> dict[str, Any]:
    return {"allowedList": values, "trustIPProtectedComponent": trust}


ENTRIES = (
    _enforced(
        "AllowedACRs",
        "job_container_registries",
        "allowedACRs",
        given=Parameters(
            azure={"allowedACRs": ["a.azurecr.io", "b.azurecr.io/x"]},
            ours={"allowed_registries": ["a.azurecr.io", "b.azurecr.io/x"]},
        ),
        values=[
            _listed(["b.azurecr.io/x", "a.azurecr.io"]),
            _listed(["a.azurecr.io"]),
            _listed(["a.azurecr.io", "b.azurecr.io/x", "c"]),
            _listed(["a.azurecr.io", "b.azurecr.io/x"], "Yes"),
            {"allowedList": ["a.azurecr.io", "b.azurecr.io/x"]},
        ],
    ),
    _enforced(
        "AllowedModuleAuthors",
        "job_module_authors",
        "allowedModuleAuthors",
        given=Parameters(
            azure={"allowedModuleAuthors": ["assist"], "trustIPProtectedComponent": "Yes"},
            ours={"allowed_module_authors": ["assist"], "trust_ip_protected_component": "Yes"},
        ),
        values=[
            _listed(["assist"], "Yes"),
            _listed(["assist"]),
            _listed([], "Yes"),
            _listed(["assist", "other"], "Yes"),
            {"trustIPProtectedComponent": "Yes"},
        ],
    ),
    _enforced(
        "AllowedPythonPackageChannels",
        "job_package_channels",
        "allowedPythonPackageChannels",
        given=Parameters(
            azure={"allowedPythonPackageChannels": ["https://packages.example.com/simple"]},
            ours={"allowed_package_channels": ["https://packages.example.com/simple"]},
        ),
        values=[
            ["https://packages.example.com/simple"],
            ["https://other.example.com"],
            ["https://packages.example.com/simple", "https://other.example.com"],
        ],
    ),
    _enforced(
        "AllowedLogFilter",
        "job_log_filter",
        "logFilter",
        given=Parameters(
            azure={"logFilters": ["^a.*$", "^b"], "datastore": "logs"},
            ours={"log_filters": ["^a.*$", "^b"], "datastore": "logs"},
        ),
        values=[
            {"filters": ["^b", "^a.*$"], "datastore": "logs"},
            {"filters": ["^a.*$"], "datastore": "logs"},
            {"filters": ["^a.*$", "^b"], "datastore": "other"},
            {"filters": ["^a.*$", "^b"]},
        ],
    ),
    _enforced(
        "AllowedSigningKey",
        "job_signing_keys",
        "signingKeys",
        given=Parameters(azure={"signingKey": "key one"}, ours={"signing_key": "key one"}),
        values=[
            _listed(["key one", ""]),
            _listed(["key one"]),
            _listed(["key one", "key two"]),
            _listed(["key one", ""], "No"),
        ],
    ),
    _enforced(
        "ApprovalEndpoint",
        "job_approval_endpoint",
        "approvalEndpoint",
        given=Parameters(
            azure={"approvalEndpoint": "https://approve.example.com"},
            ours={"approval_endpoint": "https://approve.example.com"},
        ),
        values=[
            "https://approve.example.com",
            "https://approve.example.com/v2",
            ["https://approve.example.com"],
        ],
    ),
)
