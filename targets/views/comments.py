"""Remarks on a target table: said by the leader and the level above, answered by the unit."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import form_answer
from targets.forms.review import AnswerForm, CommentForm
from targets.models import Comment, TargetPlan
from targets.permissions import can_plan
from targets.selectors.versions import comments_of
from targets.services import comments as services


@require_http_methods(["GET", "POST"])
@unit_view
def comments(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """All remarks, those still open first; who may, adds one. ``?row=…&column=…`` chooses the cell."""
    if request.method == "POST":
        require(services.can_comment, request.user, unit)
    plan = get_object_or_404(TargetPlan.objects.filter(unit=unit), year=year)
    chosen = {name: request.GET.get(name, "") for name in ("row", "column")}
    form = CommentForm(request.POST or None, plan=plan, initial=chosen)

    def write() -> str:
        services.comment_add(by=request.user, plan=plan, **form.cleaned_data)
        return "Đã gửi góp ý."

    context = {
        "comments": comments_of(plan),
        "can_comment": services.can_comment(request.user, unit),
        "can_answer": can_plan(request.user, unit),
    }
    return form_answer(
        request, form, write, back_url=_back(unit, year), template="targets/comments_page.html", **context
    )


@require_http_methods(["GET", "POST"])
@unit_view
def close(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """The unit answers a remark and closes it."""
    require(can_plan, request.user, unit)
    rows = Comment.objects.select_related("row__place", "by", "unit").filter(unit=unit, plan__year=year)
    comment = get_object_or_404(rows, pk=pk)
    form = AnswerForm(request.POST or None, initial={"version": comment.version})

    def write() -> str:
        services.comment_close(by=request.user, comment=comment, **form.cleaned_data)
        return "Đã trả lời và đóng góp ý."

    back = _back(unit, year)
    return form_answer(request, form, write, back_url=back, template="targets/comments_answer.html", comment=comment)


def _back(unit: Area, year: int) -> str:
    return reverse("targets:comments", args=[unit.code, year])
