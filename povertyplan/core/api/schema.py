"""What OpenAPI says of every address beside its bodies: refusals, versions, the login."""

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

SAFE = frozenset({"GET", "HEAD"})


class Errors(serializers.Serializer):
    """Vietnamese sentences by the field they speak of; ``all`` for the whole."""

    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class ConflictField(serializers.Serializer):
    """One field: as it is stored and as it was sent."""

    name = serializers.CharField()
    label = serializers.CharField()
    theirs = serializers.JSONField(allow_null=True)
    mine = serializers.JSONField(allow_null=True)


class ConflictDetail(serializers.Serializer):
    version = serializers.IntegerField()
    who = serializers.CharField(allow_blank=True)
    when = serializers.DateTimeField(allow_null=True)
    fields_in_conflict = ConflictField(many=True)

    def get_fields(self) -> dict[str, Any]:
        """``fields`` is a word of the framework, so the attribute has another name."""
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_in_conflict")
        return fields


class Conflict(Errors):
    """Somebody saved meanwhile; nothing was written."""

    conflict = ConflictDetail()


REFUSALS: dict[int, tuple[type[serializers.Serializer] | None, str]] = {
    304: (None, "The client has this answer already (If-None-Match)."),
    400: (Errors, "What was sent is refused, field by field."),
    401: (Errors, "Nobody is logged in."),
    403: (Errors, "Inside the user's area, without the right."),
    404: (Errors, "Nothing there within the user's area."),
    412: (Conflict, "The row is no longer at the version of If-Match; nothing was written."),
    413: (Errors, "The body is longer than 5 MB."),
    415: (Errors, "The body is not JSON."),
    428: (Errors, "If-Match is missing or carries no version."),
    429: (Errors, "Too many calls in a minute."),
}
ALWAYS = (401, 403, 404, 429)


class ApiSchema(AutoSchema):
    """Adds what follows from the ground of the views, so that no view has to say it."""

    @property
    def _asks_for_version(self) -> bool:
        return self.method in getattr(self.view, "needs_version", ())

    @property
    def _has_etag(self) -> bool:
        return self.method in SAFE and getattr(self.view, "has_etag", False)

    @property
    def _filters(self) -> type[serializers.Serializer] | None:
        return getattr(self.view, "filters", None) if self.method in SAFE else None

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = [self._filters] if self._filters else []
        if self._asks_for_version:
            parameters.append(_header("If-Match", "ETag of the row as it was read.", required=True))
        if self._has_etag:
            parameters.append(_header("If-None-Match", "ETag of the answer that the client has.", required=False))
        if self._has_etag or self._asks_for_version:
            description = "Version of the row and digest of the answer."
            parameters.append(
                OpenApiParameter(
                    "ETag", str, OpenApiParameter.HEADER, description=description, response=[200, 201, 304]
                )
            )
        return parameters

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code in self._refusals():
            serializer, description = REFUSALS[code]
            response = OpenApiResponse(response=serializer, description=description)
            bodies.setdefault(str(code), self._get_response_for_code(response, str(code), direction=direction))
        return bodies

    def _refusals(self) -> list[int]:
        codes = [*ALWAYS]
        if self.method not in SAFE:
            codes += [400, 413, 415]
        if self._filters:
            codes += [400]
        if self._asks_for_version:
            codes += [412, 428]
        if self._has_etag:
            codes += [304]
        return sorted(codes)


class BodyShape(OpenApiSerializerExtension):
    """A body holds the fields that are said and no others."""

    target_class = "povertyplan.core.api.fields.Body"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Literal["request", "response"]) -> Any:
        schema = auto_schema._map_basic_serializer(self.target, direction)
        return schema | {"additionalProperties": False}


class SessionLoginScheme(OpenApiAuthenticationExtension):
    """The session cookie of the login page."""

    target_class = "povertyplan.core.api.access.SessionLogin"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "Log in at /accounts/login/. Requests that write also carry X-CSRFToken.",
        }


def _header(name: str, description: str, *, required: bool) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, required=required)
