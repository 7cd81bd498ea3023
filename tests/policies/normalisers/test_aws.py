"""Describe answers of SageMaker, and CloudFormation templates."""

from __future__ import annotations

import pytest

from core.plain_yaml import loads
from policies.normalisers import NormalisationError, normalise
from policies.normalisers.short_forms import function_of
from tests.policies.normalisers.reading import only, read

NOTEBOOK = "AWS::SageMaker::NotebookInstance"
MODEL = "AWS::SageMaker::Model"
ARN = "arn:aws:sagemaker:eu-west-1:1:notebook-instance/one"


def test_which_call_it_was_follows_from_the_answer() -> None:
    notebook, model = read(
        "sagemaker-describe",
        [
            {
                "NotebookInstanceArn": ARN,
                "DirectInternetAccess": "Disabled",
                "ResponseMetadata": {},
            },
            {"ModelArn": "arn:model", "ModelName": "m", "EnableNetworkIsolation": True},
        ],
        reads=["KmsKeyId", "Tags"],
    )

    assert (notebook.type, notebook.external_id, notebook.provenance) == (NOTEBOOK, ARN, "observed")
    assert "ResponseMetadata" not in notebook.configuration
    assert notebook.fields is not None
    assert notebook.fields["KmsKeyId"] == "absent"
    assert "Tags" not in notebook.fields
    assert (model.type, model.external_id) == (MODEL, "arn:model")


@pytest.mark.parametrize("word", ["Model", "DescribeModel", MODEL])
def test_the_call_can_be_named(word: str) -> None:
    assert only("sagemaker-describe", {"ModelArn": "a"}, type=word).type == MODEL


@pytest.mark.parametrize("document", [{"Something": 1}, "text", {"ModelArn": "a", "Unheard": 1}])
def test_what_is_no_answer_is_refused(document: object) -> None:
    with pytest.raises(NormalisationError):
        normalise("sagemaker-describe", document)


TEMPLATE = """
Parameters:
  Access: {Type: String, Default: Disabled}
  Key: {Type: String}
  Token: {Type: String, Default: hunter2, NoEcho: true}
Mappings:
  Sizes: {small: {type: ml.t3.medium}}
Conditions:
  Never: !Equals [a, b]
  Perhaps: !Equals [!Ref Key, b]
Resources:
  One:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      DirectInternetAccess: !Ref Access
      InstanceType: !FindInMap [Sizes, small, type]
      KmsKeyId: !Ref Key
      NotebookInstanceName: !Sub "nb-${Access}"
      LifecycleConfigName: !Ref Token
      RoleArn: !GetAtt Role.Arn
      SubnetId: !If [Never, !Ref AWS::NoValue, subnet-1]
      SecurityGroupIds: [!Join ["-", [sg, "1"]]]
  Gone:
    Type: AWS::SageMaker::Model
    Condition: Never
  Unsure:
    Type: AWS::SageMaker::Model
    Condition: Perhaps
    Properties:
      EnableNetworkIsolation: !If [Perhaps, true, false]
"""


def test_templates_are_resolved_as_far_as_they_tell() -> None:
    document = loads(TEMPLATE, tags=function_of)

    found, skipped = normalise(
        "cloudformation", document, reads={NOTEBOOK: ["RootAccess", "CreationTime"]}
    )

    notebook, unsure = found
    assert notebook.configuration == {
        "DirectInternetAccess": "Disabled",
        "InstanceType": "ml.t3.medium",
        "KmsKeyId": {"Ref": "Key"},
        "NotebookInstanceName": "nb-Disabled",
        "NotebookInstanceLifecycleConfigName": {"Ref": "Token"},
        "RoleArn": {"Fn::GetAtt": "Role.Arn"},
        "SubnetId": "subnet-1",
        "SecurityGroups": ["sg-1"],
    }
    assert notebook.fields is not None
    assert notebook.fields["RootAccess"] == "absent"
    assert "CreationTime" not in notebook.fields
    assert [each.name for each in skipped] == ["Gone"]
    assert unsure.configuration == {"EnableNetworkIsolation": {"Fn::If": ["Perhaps", True, False]}}
    assert unsure.notes
