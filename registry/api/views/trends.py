"""How a metric of an asset went over its versions, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from core.errors import InvalidInput
from registry.api.serializers.metrics import TrendPointSerializer
from registry.api.views.experiments import ShowsVersions
from registry.models import Metric, VersionLink
from registry.queries.metrics import asset_by_uuid, trend

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


class TrendFilter(filters.FilterSet):
    """Filters of a trend; ``dataset`` is the digest of a dataset version."""

    metric = filters.CharFilter(field_name="name")
    evaluator = filters.CharFilter()
    dataset = filters.CharFilter(method="by_dataset")

    class Meta:
        model = Metric
        fields: tuple[str, ...] = ()

    def by_dataset(self, queryset: QuerySet[Metric], name: str, value: str) -> QuerySet[Metric]:
        """Keep the values that were found on that dataset version."""
        on_it = VersionLink.objects.filter(role="evaluated_on", target__digest=value)
        return queryset.filter(version_id__in=on_it.values("version_id"))


class AssetTrendViewSet(ShowsVersions):
    """Values of results that evaluate versions of one asset, newest first."""

    queryset = Metric.objects.none()
    serializer_class = TrendPointSerializer
    filterset_class = TrendFilter

    @extend_schema(responses=TrendPointSerializer(many=True))
    @action(detail=True)
    def trend(self, request: Request, uuid: UUID) -> Response:
        """Answer the values of ``metric`` over the asset's versions, with who gave them."""
        if not request.query_params.get("metric"):
            raise InvalidInput.of("metric", "is required")
        asset = asset_by_uuid(self.actor, uuid)
        page: Any = self.paginate_queryset(self.filter_queryset(trend(self.actor, asset)))
        context = {**self.get_serializer_context(), "asset": asset}
        shown = TrendPointSerializer(page, many=True, context=context)
        return self.get_paginated_response(shown.data)
