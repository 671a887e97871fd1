"""My long work in a unit: how far, cancel, fetch the result."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from povertyplan.accounts.scope import UnitRequest, unit_view
from povertyplan.areas.models import Area
from povertyplan.jobs import services
from povertyplan.jobs.models import Job

PER_PAGE = 30


def _job(request: UnitRequest, unit: Area, pk: uuid.UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(unit=unit), pk=pk)


@require_GET
@unit_view
def index(request: UnitRequest, unit: Area, year: int) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user).filter(unit=unit).for_list()
    page = Paginator(jobs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/index.html", {"page_of_jobs": page})


@require_GET
@unit_view
def detail(request: UnitRequest, unit: Area, year: int, pk: uuid.UUID) -> HttpResponse:
    template = "ui/progress.html" if request.htmx else "jobs/detail.html"
    return render(request, template, {"job": _job(request, unit, pk)})


@require_POST
@unit_view
def cancel(request: UnitRequest, unit: Area, year: int, pk: uuid.UUID) -> HttpResponse:
    job = _job(request, unit, pk)
    try:
        services.job_cancel(by=request.user, job=job)
        messages.success(request, "Đã yêu cầu hủy việc.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("jobs:detail", code=unit.code, year=year, pk=pk)


@require_GET
@unit_view
def result(request: UnitRequest, unit: Area, year: int, pk: uuid.UUID) -> FileResponse:
    job = _job(request, unit, pk)
    if not job.result:
        raise Http404("Việc này chưa có kết quả.")
    return FileResponse(job.result.open("rb"), as_attachment=True, filename=job.result_name)
