"""Shapes of evaluations, their rows and comparisons."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.http.serializers import InputSerializer
from registry.measures.rows import FORMATS
from registry.models import AssetVersion, Evaluation, EvaluationRow
from registry.queries.versions import reference_of

REFERENCE = 1_000
COMPARED = 8
EVALUATOR_TYPES = ("model", "human", "code")


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """An evaluation and how far it is; versions that the caller may not see are null."""

    workspace = serializers.CharField(source="workspace.slug")
    created_by = serializers.CharField(source="created_by.username")
    evaluates = serializers.SerializerMethodField()
    dataset = serializers.SerializerMethodField()
    prompt = serializers.SerializerMethodField()
    model = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    problems = serializers.JSONField()
    evaluators = serializers.JSONField()
    metrics = serializers.JSONField()
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Evaluation
        fields = (
            "uuid",
            "workspace",
            "name",
            "status",
            "evaluates",
            "dataset",
            "prompt",
            "model",
            "method",
            "evaluators",
            "metrics",
            "keep_text",
            "rows_format",
            "rows_digest",
            "row_count",
            "progress",
            "problems",
            "result",
            "created_at",
            "created_by",
            "finished_at",
        )

    def _shown(self, version: AssetVersion | None) -> str | None:
        if version is None or version.asset.workspace_id not in self.context["readable"]:
            return None
        return str(reference_of(version))

    def get_evaluates(self, evaluation: Evaluation) -> str | None:
        """Return the reference of what is evaluated."""
        return self._shown(evaluation.evaluates)

    def get_dataset(self, evaluation: Evaluation) -> str | None:
        """Return the reference of the dataset version."""
        return self._shown(evaluation.dataset)

    def get_prompt(self, evaluation: Evaluation) -> str | None:
        """Return the reference of the prompt version."""
        return self._shown(evaluation.prompt)

    def get_model(self, evaluation: Evaluation) -> str | None:
        """Return the reference of the model version."""
        return self._shown(evaluation.model)

    def get_result(self, evaluation: Evaluation) -> str | None:
        """Return the reference of the result version."""
        return self._shown(evaluation.result)

    def get_progress(self, evaluation: Evaluation) -> dict[str, Any] | None:
        """Return how far the background work is."""
        task = evaluation.task
        if task is None:
            return None
        return {
            "state": task.state,
            "done": task.done,
            "total": task.total,
            "message": task.message,
        }


class EvaluatorSerializer(InputSerializer):
    """Who or what gave scores; another version is another instrument."""

    name = serializers.CharField(max_length=200)
    type = serializers.ChoiceField(choices=EVALUATOR_TYPES)
    version = serializers.CharField(max_length=200)


class ColumnSerializer(InputSerializer):
    """A column of scores, called like its metric unless ``column`` says otherwise."""

    name = serializers.CharField(max_length=100)
    evaluator = serializers.CharField(max_length=200)
    column = serializers.CharField(max_length=100, allow_blank=True, default="")


class EvaluationCreateSerializer(InputSerializer):
    """What describes an evaluation; ``rows`` hands small ones in at once."""

    workspace = serializers.CharField(max_length=63)
    name = serializers.CharField(max_length=1_000, trim_whitespace=False)
    evaluates = serializers.CharField(max_length=REFERENCE)
    dataset = serializers.CharField(max_length=REFERENCE)
    prompt = serializers.CharField(max_length=REFERENCE, allow_blank=True, default="")
    model = serializers.CharField(max_length=REFERENCE, allow_blank=True, default="")
    method = serializers.CharField(max_length=500, allow_blank=True, default="")
    evaluators = EvaluatorSerializer(many=True, default=list)
    metrics = ColumnSerializer(many=True, default=list)
    rows_format = serializers.ChoiceField(choices=FORMATS, default="jsonl")
    rows = serializers.CharField(allow_blank=True, default="", trim_whitespace=False)
    keep_text = serializers.BooleanField(default=False)


class SubmitSerializer(InputSerializer):
    """What hands the rows in; with ``digest`` they must have it."""

    digest = serializers.CharField(max_length=71, allow_blank=True, default="")


class PartSerializer(serializers.Serializer[Any]):
    """A part of the rows as it arrived."""

    number = serializers.IntegerField()
    digest = serializers.CharField()


class RowSerializer(serializers.ModelSerializer[EvaluationRow]):
    """A row behind a result: its id, its scores, and its texts where they are kept."""

    id = serializers.CharField(source="key")
    scores = serializers.JSONField()
    texts = serializers.JSONField(source="text.body", default=None)

    class Meta:
        model = EvaluationRow
        fields = ("number", "id", "scores", "texts")


class CompareSerializer(InputSerializer):
    """What compares results: a baseline with one to eight variants."""

    baseline = serializers.CharField(max_length=REFERENCE)
    variants = serializers.ListField(
        child=serializers.CharField(max_length=REFERENCE), min_length=1, max_length=COMPARED
    )
    metrics = serializers.ListField(
        child=serializers.CharField(max_length=100), max_length=20, default=list
    )
    test = serializers.ChoiceField(choices=("auto", "t", "wilcoxon"), default="auto")
    confidence = serializers.FloatField(min_value=0.5, max_value=0.999, default=0.95)


class DifferenceSerializer(serializers.Serializer[Any]):
    """What two results say of one metric, row by row."""

    variant = serializers.CharField()
    metric = serializers.CharField()
    evaluator = serializers.CharField()
    direction = serializers.CharField(allow_null=True)
    n = serializers.IntegerField()
    baseline_mean = serializers.FloatField()
    variant_mean = serializers.FloatField()
    difference = serializers.FloatField()
    interval = serializers.ListField(child=serializers.FloatField())
    interval_method = serializers.CharField()
    test = serializers.CharField()
    statistic = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField()
    p_adjusted = serializers.FloatField()
    verdict = serializers.CharField()
    note = serializers.CharField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """Differences between a baseline and its variants on one dataset."""

    baseline = serializers.CharField()
    dataset_digest = serializers.CharField()
    confidence = serializers.FloatField()
    correction = serializers.CharField()
    differences = DifferenceSerializer(many=True)
