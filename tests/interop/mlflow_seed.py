"""Fills a stock MLflow registry, by the unmodified client, with what an import must carry."""

from __future__ import annotations

import json
import sys

import mlflow
from mlflow import MlflowClient

URL = sys.argv[1]


def main() -> None:
    mlflow.set_tracking_uri(URL)
    client = MlflowClient(URL, URL)
    client.create_registered_model("iris", tags={"team": "a"}, description="Flowers")
    with mlflow.start_run() as run:
        mlflow.log_params({"depth": 3})
        mlflow.log_metrics({"f1": 0.75})
    for number in (1, 2, 3):
        client.create_model_version(
            "iris", "s3://bucket/iris", run_id=run.info.run_id, description=f"No {number}"
        )
    client.delete_model_version("iris", "2")
    client.set_model_version_tag("iris", "3", "checked", "yes")
    client.set_registered_model_alias("iris", "champion", "3")
    created = client.get_model_version("iris", "3").creation_timestamp
    mlflow.register_prompt("greeting", "Hello {{name}}!", commit_message="First")
    mlflow.register_prompt("greeting", "Good day, {{name}}.")
    mlflow.set_prompt_alias("greeting", "live", 2)
    print(json.dumps({"run": run.info.run_id, "created": created}))


if __name__ == "__main__":
    main()
