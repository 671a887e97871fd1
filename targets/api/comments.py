"""Remarks on a plan: said by the leader and the level above, answered by the unit."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from targets.api.base import TAGS, PartAddress, PartApi
from targets.models import Comment, TargetRow
from targets.serializers import comments as shapes
from targets.services import comments as services


class Comments(PartApi):
    rows = Comment.objects.select_related("unit", "plan", "by", "closed_by")
    shown = shapes.CommentShown
    route = "comment"


class CommentList(Comments):
    @extend_schema(operation_id="target_comments_list", tags=TAGS, responses=shapes.CommentShown(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Every remark on the plan, the newest first."""
        return self.pages(self.rows.filter(plan=self.plan(pk)).order_by("-at", "-pk"), shapes.CommentShown)

    @extend_schema(
        operation_id="target_comment_add", tags=TAGS, request=shapes.CommentAdded, responses={201: shapes.CommentShown}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Say something of a cell, a line (no column) or the whole table (no row), whatever its state."""
        plan = self.plan(pk)
        self.may(services.can_comment, plan.unit)
        rows = TargetRow.objects.filter(plan=plan)
        sent = self.with_row(self.sent(shapes.CommentAdded), "row", rows, "Dòng này không thuộc bảng.")
        return self.made(services.comment_add(by=self.user, plan=plan, **sent))


class CommentDetail(Comments, PartAddress):
    @extend_schema(operation_id="target_comment_read", tags=TAGS, responses=shapes.CommentShown)
    def get(self, request: Request, pk: int) -> Response:
        """One remark."""
        return self.now(pk)


class CommentClose(Comments, PartAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="target_comment_close",
        tags=TAGS,
        request=shapes.CommentClosed,
        responses={200: shapes.CommentShown},
    )
    def post(self, request: Request, pk: int) -> Response:
        """The unit has dealt with the remark and says how: what it changed, or why it keeps it."""
        row = self.to_change(pk)
        sent = self.sent(shapes.CommentClosed)
        version = self.version(row, sent)
        services.comment_close(by=self.user, comment=row, version=version, **sent)
        return self.now(pk)
