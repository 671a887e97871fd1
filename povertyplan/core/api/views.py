"""Ground of the views of the API: find in scope, check the right, read the body, call one service, answer."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.http import Http404
from django.utils.cache import patch_cache_control
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from povertyplan.core.api.versions import demand_version, version_sent, versioned_answer
from povertyplan.core.models import Versioned

Row = TypeVar("Row", bound=models.Model)


class ApiView(GenericAPIView):
    """One address. Rows come from ``visible_to``; what lies outside is not found."""

    serializer_class = serializers.Serializer

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Answers hold personal data: no shared cache keeps them, and a browser asks again."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(answer, private=True, no_cache=True)
        return answer

    def find(self, rows: models.QuerySet[Row], **wanted: Any) -> Row:
        """The row in the scope of who asks, or 404."""
        try:
            return rows.visible_to(self.request.user).get(**wanted)  # type: ignore[attr-defined]
        except ObjectDoesNotExist as error:
            raise Http404 from error

    def sent(self, body: type[serializers.BaseSerializer], *, partial: bool = False) -> dict[str, Any]:
        """The body, checked field by field."""
        return self._checked(body(data=self.request.data, partial=partial))

    def asked(self, filters: type[serializers.BaseSerializer]) -> dict[str, Any]:
        """The query of the address, checked field by field."""
        query = self.request.query_params
        return self._checked(filters(data={name: query[name] for name in query if name not in PAGING}))

    def demand_header(self) -> None:
        """428 without a version, before the body is looked at."""
        version_sent(self.request)

    def version(self, row: Versioned, changes: Mapping[str, Any] | None = None) -> int:
        return demand_version(self.request, row, changes)

    def pages(
        self, rows: models.QuerySet | Sequence[Any], shown: type[serializers.BaseSerializer], **context: Any
    ) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(shown(page, many=True, context=context).data)

    def answer(self, row: Versioned, data: Any, code: int = status.HTTP_200_OK) -> Response:
        return versioned_answer(self.request, row, data, code)

    @staticmethod
    def _checked(serializer: serializers.BaseSerializer) -> dict[str, Any]:
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


PAGING = frozenset({"page", "page_size"})


def one_of(rows: models.QuerySet[Row], pk: int, *, field: str, sentence: str) -> Row:
    """The row that a field of the body names by its key; a refusal of that field when there is none."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise ValidationError({field: sentence})
    return row


def one_or_none(rows: models.QuerySet[Row], pk: int | None, *, field: str, sentence: str) -> Row | None:
    """The same where the field may be left empty."""
    return None if pk is None else one_of(rows, pk, field=field, sentence=sentence)
