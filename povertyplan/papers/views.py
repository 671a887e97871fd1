"""The documents a unit cites: its own file and the national ones."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.pages import form_answer, removal_answer
from povertyplan.papers import services
from povertyplan.papers.forms import ConfirmForm, PaperForm, ReplaceForm
from povertyplan.papers.models import Paper
from povertyplan.papers.selectors import national_papers, papers_kept_by

PER_PAGE = 50


def _url(unit: Area, year: int) -> str:
    return reverse("papers:list", args=[unit.code, year])


@require_GET
@unit_view
def index(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    context = {
        "page_of_papers": Paginator(papers_kept_by(unit), PER_PAGE).get_page(request.GET.get("page")),
        "national": list(national_papers()),
        "can_enter": can_enter(request.user, unit),
        "can_confirm": request.user.is_superuser,
    }
    return render(request, "papers/list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    form = PaperForm(request.POST or None, unit=unit)

    def write() -> str:
        return f"Đã thêm {services.paper_add(by=request.user, unit=unit, **form.values())}."

    return form_answer(request, form, write, back_url=_url(unit, year), template="papers/form.html")


@require_http_methods(["GET", "POST"])
@unit_view
def edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    paper = get_object_or_404(papers_kept_by(unit), pk=pk)
    form = PaperForm(request.POST or None, unit=unit, instance=paper)

    def write() -> str:
        version = form.cleaned_data["version"] or 0
        return f"Đã lưu {services.paper_update(by=request.user, paper=paper, version=version, **form.values())}."

    return form_answer(request, form, write, back_url=_url(unit, year), template="papers/form.html", paper=paper)


@require_http_methods(["GET", "POST"])
@unit_view
def replace(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    paper = get_object_or_404(papers_kept_by(unit), pk=pk)
    form = ReplaceForm(request.POST or None, paper=paper, papers=Paper.objects.to_choose(unit))

    def write() -> str:
        services.paper_replace(by=request.user, paper=paper, **form.cleaned_data)
        return f"Đã ghi văn bản thay thế {paper}."

    return form_answer(request, form, write, back_url=_url(unit, year), template="papers/replace.html", paper=paper)


@require_http_methods(["GET", "POST"])
@unit_view
def confirm(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """A national paper compared with its text, for every unit at once."""
    if not request.user.is_superuser:
        raise PermissionDenied
    paper = get_object_or_404(national_papers(), pk=pk)
    title = str(paper)
    form = ConfirmForm(request.POST or None, instance=paper)

    def write() -> str:
        services.paper_confirm(by=request.user, paper=paper, **form.cleaned_data)
        return f"Đã ghi {title} là đã đối chiếu văn bản."

    return form_answer(request, form, write, back_url=_url(unit, year), template="papers/confirm.html", title=title)


@require_http_methods(["GET", "POST"])
@unit_view
def remove(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    paper = get_object_or_404(papers_kept_by(unit), pk=pk)

    def write(version: int) -> str:
        services.paper_remove(by=request.user, paper=paper, version=version)
        return f"Đã xóa {paper}."

    context = {
        "title": f"Xóa {paper}",
        "what": f"Xóa khỏi danh mục của {unit}: {paper.full_citation}.",
        "reach": "Chỉ xóa được văn bản ghi nhầm, chưa nơi nào viện dẫn.",
        "undo": "Nhật ký vẫn giữ nội dung đã xóa; cần dùng lại thì thêm văn bản lần nữa.",
        "submit": "Xóa văn bản",
    }
    return removal_answer(request, paper, write, back_url=_url(unit, year), **context)
