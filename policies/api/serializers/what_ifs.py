"""Shapes of what-ifs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from policies.models import WhatIf, WhatIfResult


class WhatIfProgressSerializer(serializers.Serializer[Any]):
    """How far the work is."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()
    message = serializers.CharField()


class WhatIfCountsSerializer(serializers.Serializer[Any]):
    """How many workspaces were asked, and how many answers there are of each state and of what
    would follow."""

    workspaces = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField())
    would = serializers.DictField(child=serializers.IntegerField())


class WhatIfSerializer(serializers.ModelSerializer[WhatIf]):
    """A what-if as it is answered; ``counts`` are null until it is completed."""

    status = serializers.CharField()
    terms = serializers.DictField()
    progress = WhatIfProgressSerializer(source="task")
    error = serializers.CharField(source="task.error")
    requested_by = serializers.CharField(source="requested_by.username")
    counts = WhatIfCountsSerializer(allow_null=True)

    class Meta:
        model = WhatIf
        fields = (
            "uuid",
            "status",
            "terms",
            "progress",
            "error",
            "requested_by",
            "as_of",
            "completed_at",
            "expires_at",
            "counts",
        )


class WhatIfFindingSerializer(serializers.Serializer[Any]):
    """Where in the document, and why."""

    path = serializers.CharField()
    msg = serializers.CharField()


class WhatIfResultSerializer(serializers.ModelSerializer[WhatIfResult]):
    """A subject that would not pass, and what would follow."""

    workspace = serializers.CharField(source="workspace.slug")
    policy = serializers.CharField(source="policy_version.reference")
    title = serializers.CharField(source="policy_version.title")
    resource = serializers.UUIDField(source="resource.uuid", default=None)
    version = serializers.UUIDField(source="version.uuid", default=None)
    findings = WhatIfFindingSerializer(many=True)

    class Meta:
        model = WhatIfResult
        fields = (
            "would",
            "state",
            "workspace",
            "policy",
            "title",
            "severity",
            "reference_id",
            "kind",
            "subject",
            "resource",
            "version",
            "findings",
            "error",
        )
