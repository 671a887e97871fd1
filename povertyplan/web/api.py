"""Addresses of the API that belong to no data app: units, the schema, and whatever does not exist."""

import datetime

from django.http import Http404
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.api.fields import Body, Choice, Id, Shown, Text, Whole
from povertyplan.core.api.views import ApiView


class Unit(Shown):
    """An area of the dated tree: province, district (until 30/06/2025), commune or village."""

    class Meta:
        model = Area
        fields = (
            "id",
            "version",
            "level",
            "code",
            "name",
            "kind",
            "setting",
            "parent",
            "position",
            "valid_from",
            "valid_to",
            "is_sample",
        )


class UnitFilter(Body):
    year = Whole(
        required=False,
        min_value=datetime.MINYEAR,
        max_value=datetime.MAXYEAR,
        help_text="Only areas that exist on some day of the year.",
    )
    code = Text(required=False, max_length=5, help_text="Official code.")
    level = Choice(Level.choices, required=False)
    parent = Id(required=False, help_text="Id of the area right above.")
    q = Text(required=False, max_length=100, help_text="Part of the name, accents left aside.")


class UnitList(ApiView):
    filters = UnitFilter

    @extend_schema(operation_id="units_list", tags=["units"], responses=Unit(many=True))
    def get(self, request: Request) -> Response:
        """Areas that a grant of the user reaches, villages included, in Vietnamese order of names."""
        asked = self.asked(UnitFilter)
        rows = Area.objects.visible_to(request.user)
        if "year" in asked:
            rows = rows.valid_in_year(asked["year"])
        if "q" in asked:
            rows = rows.filter(name__unaccent__icontains=asked["q"])
        exact = {name: asked[name] for name in ("code", "level", "parent") if name in asked}
        return self.pages(rows.filter(**exact).order_by("sort_key", "-valid_from", "pk"), Unit)


class UnitDetail(ApiView):
    has_etag = True

    @extend_schema(operation_id="units_read", tags=["units"], responses=Unit)
    def get(self, request: Request, pk: int) -> Response:
        """One area."""
        area = self.find(Area.objects.all(), pk=pk)
        return self.answer(area, Unit(area).data)


class Schema(SpectacularAPIView):
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer]

    @extend_schema(
        operation_id="schema_read",
        tags=["schema"],
        parameters=[OpenApiParameter("lang", exclude=True), OpenApiParameter("format", exclude=True)],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request) -> Response:
        """This description: OpenAPI 3 as JSON."""
        return super().get(request)


class Nowhere(ApiView):
    """Any other address under the API: JSON like every refusal, not a page."""

    schema = None

    def get(self, request: Request, rest: str) -> Response:
        raise Http404(rest)

    post = put = patch = delete = get
