"""What a user of MLflow does with its registry, by the unmodified client.

Run by the Python of MLflow's own environment; prints one JSON document, a member per step.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

URL, GIVEN = sys.argv[1], json.loads(sys.argv[2])
Step = Callable[[MlflowClient], Any]


def connected(token: str, workspace: str = "assist-dev") -> MlflowClient:
    """A client that holds the token, in the workspace."""
    os.environ["MLFLOW_TRACKING_TOKEN"] = token
    mlflow.set_workspace(workspace)
    return MlflowClient(URL, URL)


def failure(act: Callable[[], Any]) -> Any:
    """The error code and message of a call that fails; what it returned, if it does not."""
    try:
        return {"returned": str(act())}
    except MlflowException as error:
        return {"code": error.error_code, "message": str(error)}


def versions(found: Any) -> list[list[Any]]:
    return [[version.name, int(version.version)] for version in found]


def registering(client: MlflowClient) -> Any:
    client.create_registered_model("iris", tags={"team": "a"}, description="Flowers")
    made = client.create_model_version(
        "iris", "s3://does-not-exist/x", tags={"stage": "x"}, description="First"
    )
    again = failure(lambda: client.create_registered_model("iris"))
    shown = client.get_registered_model("iris")
    return {
        "version": int(made.version),
        "status": made.status,
        "message": made.status_message,
        "user": made.user_id,
        "tags": made.tags,
        "uri": client.get_model_version_download_uri("iris", "1"),
        "again": again["code"],
        "model": [shown.name, shown.description, shown.tags],
        "latest": versions(shown.latest_versions),
        "missing": failure(lambda: client.get_registered_model("none")),
    }


def changing(client: MlflowClient) -> Any:
    client.update_registered_model("iris", "Better flowers")
    client.update_model_version("iris", "1", "Better")
    client.set_registered_model_tag("iris", "owner", "b")
    client.set_model_version_tag("iris", "1", "checked", "yes")
    client.delete_registered_model_tag("iris", "team")
    client.delete_model_version_tag("iris", "1", "stage")
    model, version = client.get_registered_model("iris"), client.get_model_version("iris", "1")
    return [model.description, model.tags, version.description, version.tags]


def aliasing(client: MlflowClient) -> Any:
    client.create_model_version("iris", "s3://bucket/2")
    client.set_registered_model_alias("iris", "champion", "1")
    client.set_registered_model_alias("iris", "champion", "2")
    by_alias = client.get_model_version_by_alias("iris", "champion")
    client.delete_registered_model_alias("iris", "champion")
    return {
        "at": versions([by_alias]),
        "names": list(by_alias.aliases),
        "after": failure(lambda: client.get_model_version_by_alias("iris", "champion")),
        "protected": failure(lambda: client.set_registered_model_alias("iris", "production", "1")),
    }


def searching(client: MlflowClient) -> Any:
    for number in range(7):
        name = f"search-{number}"
        client.create_registered_model(name, tags={"even": str(number % 2 == 0)})
        client.create_model_version(name, f"s3://bucket/{name}")
    names, token = [], None
    while True:
        page = client.search_registered_models(
            "name LIKE 'search-%'", max_results=3, order_by=["name DESC"], page_token=token
        )
        names.append([model.name for model in page])
        token = page.token
        if not token:
            break
    even = client.search_registered_models("tags.even = 'True' AND name ILIKE 'SEARCH-%'")
    return {
        "pages": names,
        "even": [model.name for model in even],
        "by_case": len(client.search_registered_models("name LIKE 'SEARCH-%'")),
        "versions": versions(client.search_model_versions("name = 'iris'")),
        "wrong": failure(lambda: client.search_registered_models("colour = 'red'"))["code"],
        "token": failure(lambda: client.search_registered_models(page_token="AAAA"))["code"],
    }


def copying(client: MlflowClient) -> Any:
    copy = client.copy_model_version("models:/iris/2", "iris-copy")
    return {
        "made": versions([copy]),
        "source": copy.source,
        "uri": client.get_model_version_download_uri("iris-copy", copy.version),
    }


def staging(client: MlflowClient) -> Any:
    moved = client.transition_model_version_stage("iris", "2", "Staging")
    latest = client.get_latest_versions("iris", ["Staging"])
    archived = failure(lambda: client.transition_model_version_stage("iris", "1", "Archived"))
    return [moved.current_stage, versions(latest), archived.get("code")]


def prompting(client: MlflowClient) -> Any:
    mlflow.genai.register_prompt(
        "greeting", "Hello {{name}}!", commit_message="First", tags={"tone": "kind"}
    )
    mlflow.genai.register_prompt("greeting", "Good day, {{ name }}.")
    mlflow.genai.set_prompt_alias("greeting", "best", 1)
    chat = [
        {"role": "system", "content": "You are {{style}}."},
        {"role": "user", "content": "{{question}}"},
    ]
    mlflow.genai.register_prompt("talk", chat)
    first = mlflow.genai.load_prompt("prompts:/greeting@best")
    second = mlflow.genai.load_prompt("greeting", version=2)
    talk = mlflow.genai.load_prompt("prompts:/talk/1")
    return {
        "first": [first.version, first.format(name="Ann"), first.commit_message, first.tags],
        "second": [second.version, second.format(name="Ann")],
        "talk": talk.format(style="brief", question="Why?"),
        "variables": sorted(talk.variables),
        "found": sorted(prompt.name for prompt in mlflow.genai.search_prompts()),
        "models": [model.name for model in client.search_registered_models("name = 'greeting'")],
        "missing": mlflow.genai.load_prompt("nothing", version=1, allow_missing=True),
    }


def refused(client: MlflowClient) -> Any:
    wrong = connected("mun_000000000000_" + "A" * 43)
    found = {"token": failure(lambda: wrong.get_registered_model("iris"))}
    reader = connected(GIVEN["reader"])
    found["reader"] = failure(lambda: reader.create_registered_model("mine"))
    outsider = connected(GIVEN["outsider"])
    found["outsider"] = failure(lambda: outsider.get_registered_model("iris"))
    author = connected(GIVEN["author"])
    found["author"] = failure(lambda: author.delete_model_version("iris", "1"))
    return found


def living(client: MlflowClient) -> Any:
    """As the administrator: rename, delete, delete rules, what is left."""
    admin = connected(GIVEN["administrator"])
    admin.create_registered_model("life")
    for number in range(3):
        admin.create_model_version("life", f"s3://bucket/{number}")
    admin.set_registered_model_alias("life", "production", "2")
    held = failure(lambda: admin.delete_model_version("life", "2"))
    still = versions([admin.get_model_version_by_alias("life", "production")])
    admin.delete_model_version("life", "3")
    fourth = admin.create_model_version("life", "s3://bucket/3")
    admin.rename_registered_model("life", "afterlife")
    renamed = admin.get_registered_model("afterlife").name
    by_former_name = admin.get_registered_model("life").name
    admin.delete_registered_model_alias("afterlife", "production")
    admin.delete_registered_model("afterlife")
    admin.create_registered_model("afterlife")
    again = admin.create_model_version("afterlife", "s3://bucket/4")
    return {
        "held": held,
        "still": still,
        "fourth": int(fourth.version),
        "renamed": [renamed, by_former_name],
        "again": int(again.version),
    }


def crossing(client: MlflowClient) -> Any:
    """As the administrator: workspaces, and a version of one used in another."""
    admin = connected(GIVEN["administrator"], "assist-prod")
    made = mlflow.create_workspace("fresh", description="New")
    admin.create_registered_model("iris")
    copy = admin.create_model_version(
        "iris", f"muniment://{GIVEN['instance']}/assist-dev/model/iris/2"
    )
    return {
        "workspaces": sorted(workspace.name for workspace in mlflow.list_workspaces()),
        "made": [made.name, made.description],
        "copy": versions([copy]),
        "uri": admin.get_model_version_download_uri("iris", copy.version),
    }


def crowding(client: MlflowClient) -> Any:
    """Sixteen at once on one model."""
    author = connected(GIVEN["author"])
    author.create_registered_model("hot")

    def make(number: int) -> int:
        return int(author.create_model_version("hot", f"s3://bucket/{number}").version)

    with ThreadPoolExecutor(16) as pool:
        return sorted(pool.map(make, range(48)))


STEPS: tuple[Step, ...] = (
    registering,
    changing,
    aliasing,
    searching,
    copying,
    staging,
    prompting,
    refused,
    living,
    crossing,
    crowding,
)

if __name__ == "__main__":
    first = connected(GIVEN["author"])
    print(json.dumps({step.__name__: step(first) for step in STEPS}))
