"""Audit by database triggers: every insert, update and delete, also by raw SQL and COPY.

A model is audited by ``@audited()``; the triggers are statement-level, so a bulk write costs one insert more.
Who and why come from the context that services and the web open with ``acting``.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.db import models

Model = TypeVar("Model", bound=models.Model)


def audited(**options: Any) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: keep every state of every row of the model in a twin ``<Model>Event`` table."""
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)


@contextmanager
def acting(*, by: models.Model | None, action: str, batch: uuid.UUID | None = None) -> Iterator[None]:
    """All writes inside are the act ``action`` of user ``by`` (None: the system), of one ``batch`` if given."""
    extra = {"batch": str(batch)} if batch else {}
    with pghistory.context(user=by.pk if by else None, action=action, **extra):
        yield
