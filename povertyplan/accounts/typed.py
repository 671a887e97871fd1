"""What somebody typed into a form while the session ended, carried through the login."""

import json

from django.http import HttpRequest

NOT_CARRIED = "csrfmiddlewaretoken"
SECRET = "password"  # noqa: S105 -- part of the names of such fields


def typed_of(request: HttpRequest) -> str:
    """The fields of the form as one text; empty where nothing was sent. Passwords and files are not carried."""
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name != NOT_CARRIED and SECRET not in name
        for value in values
    ]
    return json.dumps(pairs, ensure_ascii=False) if pairs else ""


def fields_of(typed: str) -> list[tuple[str, str]]:
    """The pairs of ``typed_of`` again; none where the text is not of that form."""
    try:
        pairs = json.loads(typed)
        return [(str(name), str(value)) for name, value in pairs]
    except (TypeError, ValueError):
        return []
