"""What still refers to a row: asked before a mistake is removed, so that nothing that counts goes with it."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models

# Derived rows and states kept by the audit hold nothing back.
DERIVED = {"areas.Reach"}
# Words for models that have none of their own; the others are called by their ``verbose_name``.
WORDS = {
    "areas.AreaFlag": "tình trạng của địa bàn",
    "areas.Succession": "lịch sử chia, nhập",
    "papers.Paper": "văn bản",
    "reports.Duty": "phân công trong kế hoạch",
    "reports.LegalBasis": "căn cứ của kế hoạch",
}
EXAMPLES = 3


def refuse_if_used(row: models.Model) -> None:
    """ValidationError that says where the row is used; call with the row locked, inside a transaction."""
    places = [_place(users) for users in _users(row)]
    if places:
        raise ValidationError(f"Chưa xóa được {row}: đang dùng ở {'; '.join(places)}.")


def _users(row: models.Model) -> Iterator[models.QuerySet]:
    """Rows of each model that point to this one and would be lost or left hanging without it."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is models.DO_NOTHING:
            continue
        if relation.related_model._meta.label not in DERIVED:
            users = relation.related_model._default_manager.filter(**{relation.field.name: row.pk}).order_by("pk")
            if users.exists():
                yield users


def _place(users: models.QuerySet) -> str:
    options = users.model._meta
    first = [str(user) for user in users[: EXAMPLES + 1]]
    named = "; ".join([*first[:EXAMPLES], *(["…"] if len(first) > EXAMPLES else [])])
    return f"{WORDS.get(options.label, options.verbose_name)} ({named})"
