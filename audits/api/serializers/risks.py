"""Shapes of risks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from audits.models import Risk, RiskLink, RiskRevision
from audits.models.risk import MOVES, Level, level
from audits.models.risk_link import KINDS
from audits.queries.risks import tag_of
from audits.services.risk_links import target_of
from core.http.serializers import InputSerializer

LEVELS = Level.choices


class ScoreField(serializers.IntegerField):
    """A likelihood or an impact."""

    def __init__(self, **more: Any) -> None:
        super().__init__(min_value=1, max_value=5, **more)


class RiskAtSerializer(serializers.Serializer[Any]):
    """When."""

    at = serializers.DateTimeField(required=False, help_text="By default now.")


class RiskTermsSerializer(InputSerializer):
    """What is said of a risk; likelihood and impact are from 1 to 5."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    category = serializers.ChoiceField(choices=Risk.Category.choices)
    inherent_likelihood = ScoreField()
    inherent_impact = ScoreField()
    residual_likelihood = ScoreField(allow_null=True, default=None)
    residual_impact = ScoreField(allow_null=True, default=None)
    treatment = serializers.ChoiceField(
        choices=Risk.Treatment.choices, allow_blank=True, default=""
    )
    treatment_reason = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    owner = serializers.CharField(max_length=150, allow_blank=True, default="")
    review_on = serializers.DateField()


class RiskCreateSerializer(RiskTermsSerializer):
    """A risk of a workspace, or of the organisation without one."""

    workspace = serializers.CharField(max_length=63, allow_blank=True, default="")


class RiskReviseSerializer(InputSerializer):
    """What is said of a risk from now on; what is left out stays."""

    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    category = serializers.ChoiceField(choices=Risk.Category.choices, required=False)
    inherent_likelihood = ScoreField(required=False)
    inherent_impact = ScoreField(required=False)
    residual_likelihood = ScoreField(allow_null=True, required=False)
    residual_impact = ScoreField(allow_null=True, required=False)
    treatment = serializers.ChoiceField(
        choices=Risk.Treatment.choices, allow_blank=True, required=False
    )
    treatment_reason = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    owner = serializers.CharField(max_length=150, required=False)
    review_on = serializers.DateField(required=False)
    state = serializers.ChoiceField(choices=MOVES, required=False)
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class RiskReviewSerializer(InputSerializer):
    """That a risk was looked at, and when it is next."""

    review_on = serializers.DateField()
    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class RiskAcceptSerializer(InputSerializer):
    """Why a risk is acceptable."""

    reason = serializers.CharField(max_length=4_000)


class RiskLinkCreateSerializer(InputSerializer):
    """What a risk is linked to: by reference, public id, or ``framework/control``."""

    kind = serializers.ChoiceField(choices=KINDS)
    target = serializers.CharField(max_length=500)


class RiskUnlinkSerializer(InputSerializer):
    """Why."""

    reason = serializers.CharField(max_length=4_000, allow_blank=True, default="")


class RiskSerializer(serializers.ModelSerializer[RiskRevision]):
    """A risk as it stands, or stood: its newest revision by then."""

    uuid = serializers.UUIDField(source="risk.uuid")
    workspace = serializers.CharField(source="risk.workspace.slug", default=None)
    revision = serializers.IntegerField(source="number")
    level = serializers.SerializerMethodField()
    inherent_level = serializers.ChoiceField(source="inherent", choices=LEVELS)
    residual_level = serializers.ChoiceField(source="residual", choices=LEVELS, allow_null=True)
    owner = serializers.CharField(source="owner.username")
    accepted_by = serializers.CharField(source="accepted_by.username", default=None)
    is_overdue = serializers.BooleanField()
    revised_by = serializers.CharField(source="made_by.username")
    revised_at = serializers.DateTimeField(source="made_at")
    created_by = serializers.CharField(source="risk.created_by.username")
    created_at = serializers.DateTimeField(source="risk.created_at")
    etag = serializers.SerializerMethodField()

    class Meta:
        model = RiskRevision
        fields = (
            "uuid",
            "workspace",
            "revision",
            "change",
            "title",
            "description",
            "category",
            "state",
            "level",
            "inherent_likelihood",
            "inherent_impact",
            "inherent_level",
            "residual_likelihood",
            "residual_impact",
            "residual_level",
            "treatment",
            "treatment_reason",
            "owner",
            "accepted_by",
            "review_on",
            "is_overdue",
            "reason",
            "revised_by",
            "revised_at",
            "created_by",
            "created_at",
            "etag",
        )

    @extend_schema_field(serializers.ChoiceField(choices=LEVELS))
    def get_level(self, revision: RiskRevision) -> str:
        """Return the level as it stands: after treatment where that was judged."""
        return level(*revision.place).value

    def get_etag(self, revision: RiskRevision) -> str:
        """Return the tag that a change sends in If-Match."""
        return f'"{tag_of(revision)}"'


class RiskLinkSerializer(serializers.ModelSerializer[RiskLink]):
    """What a risk is linked to."""

    kind = serializers.ChoiceField(choices=KINDS)
    target = serializers.SerializerMethodField()
    linked_by = serializers.CharField(source="linked_by.username")
    linked_at = serializers.DateTimeField(source="valid_from")
    ended_at = serializers.DateTimeField(source="valid_to", allow_null=True)

    class Meta:
        model = RiskLink
        fields = ("uuid", "kind", "target", "linked_by", "linked_at", "ended_at")

    def get_target(self, link: RiskLink) -> str:
        """Return the name of what the link leads to."""
        return target_of(link)


class RiskCellSerializer(serializers.Serializer[Any]):
    """How many risks that are not closed have this likelihood and impact: before treatment, and
    as they stand."""

    likelihood = serializers.IntegerField()
    impact = serializers.IntegerField()
    level = serializers.ChoiceField(choices=LEVELS)
    inherent = serializers.IntegerField()
    standing = serializers.IntegerField()


class RiskMatrixSerializer(serializers.Serializer[Any]):
    """The heat map: 25 cells, the likeliest first, by rising impact."""

    cells = RiskCellSerializer(many=True)
