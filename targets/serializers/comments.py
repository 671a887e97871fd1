"""Remarks on a plan as the API shows and takes them."""

from rest_framework import serializers

from povertyplan.core.api.fields import Body, Choice, Id, Lines, Shown
from targets.models import Comment
from targets.rules.figures import COUNTS

MOST_LETTERS = 500


class CommentShown(Shown):
    """``column`` empty: of the line; ``row`` null: of the whole table. Open while ``closed_at`` is null."""

    author = serializers.CharField(source="by", read_only=True)
    closer = serializers.CharField(source="closed_by", read_only=True, allow_null=True)

    class Meta:
        model = Comment
        fields = (
            "id",
            "version",
            "plan",
            "unit",
            "row",
            "column",
            "text",
            "author",
            "at",
            "closer",
            "closed_at",
            "answer",
        )


class CommentAdded(Body):
    row = Id(required=False, allow_null=True, help_text="Id of a row of the plan.")
    column = Choice(COUNTS, required=False, allow_blank=True, help_text="A count of that row.")
    text = Lines(max_length=MOST_LETTERS)


class CommentClosed(Body):
    answer = Lines(max_length=MOST_LETTERS)
