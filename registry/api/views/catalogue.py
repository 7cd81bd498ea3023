"""The catalogue over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.http.pagination import CursorPages
from core.http.views import ActorViewSet
from core.texts import check_text
from registry.api.serializers.catalogue import (
    CataloguePageSerializer,
    EntrySerializer,
    FacetsSerializer,
    FacetValueSerializer,
    SideBySideSerializer,
    StubSerializer,
)
from registry.models import CatalogueEntry
from registry.queries.catalogue.asked import COLUMNS, LABELS, ORDERS, RELEVANCE, asked
from registry.queries.catalogue.comparison import compare
from registry.queries.catalogue.discoverable import discoverable_entries
from registry.queries.catalogue.facets import facets
from registry.queries.catalogue.pages import page
from registry.queries.catalogue.search import as_of_seq

if TYPE_CHECKING:
    from rest_framework.request import Request

    from registry.queries.catalogue.asked import Asked

KNOWN = ("q", "kind")
WHOLE = {"type": "integer", "minimum": 0}
MOMENT = {"type": "string", "format": "date-time"}
FILTERS = [
    OpenApiParameter("q", str, description="words; each must occur, or a word that begins so"),
    *(OpenApiParameter(name, str, many=True, description="one of these") for name in COLUMNS),
    *(OpenApiParameter(name, str, many=True, description="each of these") for name in LABELS),
    OpenApiParameter("owner", str, many=True, description="one of these accounts or groups"),
    OpenApiParameter("metric", str, many=True, description="such as accuracy>=0.9"),
    OpenApiParameter("parameters_min", WHOLE),
    OpenApiParameter("parameters_max", WHOLE),
    OpenApiParameter("context_length_min", WHOLE),
    OpenApiParameter("price_max", str, description="for a million tokens, in ``currency``"),
    OpenApiParameter("currency", str, description="of ``price_max``; USD if not given"),
    OpenApiParameter("updated_after", MOMENT),
]
PAGED = [
    OpenApiParameter("order", str, enum=[RELEVANCE, *ORDERS]),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 200}),
    OpenApiParameter("cursor", str),
]


class EntryPages(CursorPages):
    """Pages of entries, the newest asset first."""

    ordering = "-asset"


def question(request: Request) -> Asked:
    """Return what the parameters of the address ask."""
    return asked(dict(request.query_params.lists()))


def size_of_page(request: Request) -> int:
    """Return ``limit``, as lists elsewhere take it."""
    return CursorPages().get_page_size(request) or CursorPages.page_size


def address_of_next(request: Request, cursor: str) -> str | None:
    """Return the address of the page at ``cursor``, or None where that is empty."""
    if not cursor:
        return None
    return str(replace_query_param(request.build_absolute_uri(), "cursor", cursor))


class CatalogueViewSet(ActorViewSet):
    """What there is, over all workspaces that the caller may read."""

    queryset = CatalogueEntry.objects.none()
    serializer_class = EntrySerializer
    pagination_class = None
    filter_backends = ()
    lists_whole = True

    @extend_schema(
        operation_id="registry_catalogue_list",
        parameters=[*FILTERS, *PAGED],
        responses=CataloguePageSerializer,
    )
    def list(self, request: Request) -> Response:
        """Answer the entries that fit, the best first, or in the order asked for."""
        wanted = question(request)
        seq = as_of_seq()
        found = page(
            self.actor,
            wanted,
            cursor=request.query_params.get("cursor", ""),
            limit=size_of_page(request),
        )
        context = {"query": wanted.query}
        return Response(
            {
                "results": EntrySerializer(found.entries, many=True, context=context).data,
                "next": address_of_next(request, found.cursor),
                "as_of_seq": seq,
            }
        )

    @extend_schema(
        parameters=[FILTERS[0], OpenApiParameter("kind", str)],
        responses=StubSerializer(many=True),
    )
    @action(detail=False, pagination_class=EntryPages)
    def discoverable(self, request: Request) -> Response:
        """Answer what exists in discoverable workspaces that the caller may not read."""
        given = request.query_params
        wanted = {name: check_text(given.get(name, ""), field=name, limit=1_000) for name in KNOWN}
        found = discoverable_entries(self.actor, query=wanted["q"], kind=wanted["kind"])
        page_of = self.paginate_queryset(found)
        return self.get_paginated_response(StubSerializer(page_of, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("ref", str, many=True, required=True)],
        responses=SideBySideSerializer,
    )
    @action(detail=False)
    def compare(self, request: Request) -> Response:
        """Answer two to five versions side by side, fact by fact."""
        found = compare(self.actor, request.query_params.getlist("ref"))
        return Response(SideBySideSerializer(found).data)

    @extend_schema(parameters=FILTERS, responses=FacetsSerializer)
    @action(detail=False)
    def facets(self, request: Request) -> Response:
        """Answer how many entries fit for each value of each fact."""
        seq = as_of_seq()
        counted = facets(self.actor, question(request))
        found = {
            name: FacetValueSerializer(values, many=True).data
            for name, values in counted.values.items()
        }
        return Response({"facets": found, "is_complete": counted.is_complete, "as_of_seq": seq})
