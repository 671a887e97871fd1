"""The registry: list with search, one household, adding, correcting, closing, suspected duplicates."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from households.forms.registry import (
    BaseMemberRows,
    CloseForm,
    DayForm,
    HouseholdEditForm,
    HouseholdForm,
    member_rows,
)
from households.selectors import registry as selectors
from households.selectors.duplicates import suspicions, suspicions_for, suspicions_of, suspicious_groups
from households.selectors.one_household import household_page, household_rows, moved_from
from households.services import registry as services
from households.services.access import log_reading
from households.views.registry_parts import (
    act,
    ethnicities,
    form_page,
    household_of,
    household_url,
    list_url,
)
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.choices import Level
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date
from povertyplan.core.text import clean

PER_PAGE = 50


@require_GET
@unit_view
def households(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """One search box: a part of a name, a citizen number, a code."""
    words, wanted = clean(request.GET.get("q", "")), request.GET.get("village", "")
    villages = selectors.villages_of_list(unit=unit, year=year)
    village = next((row for row in villages if str(row.pk) == wanted), None)
    state = request.GET.get("state", "")
    state = state if state in selectors.State.values else selectors.State.FOLLOWED.value
    found = selectors.households_found(unit=unit, words=words, village=village, state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": selectors.lines(list(page.object_list), words=words),
        "words": words,
        "villages": villages,
        "village": village,
        "state": state,
        "states": selectors.State.choices,
        "is_filtered": bool(words or village or state != selectors.State.FOLLOWED),
        "has_predecessors": selectors.has_predecessors(unit),
        "has_registry": unit.level == Level.COMMUNE,
        "can_enter": unit.level == Level.COMMUNE and can_enter(request.user, unit),
    }
    return render(request, "households/list.html", context)


@require_GET
@unit_view
def household(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """One household; citizen numbers in full only for who enters, asked for by ``?numbers=1``, and logged."""
    row = household_rows().filter(unit=unit, pk=pk).first()
    if row is None:
        moved = moved_from(user=request.user, unit=unit, pk=pk)
        if moved is None:
            raise Http404(f"{unit.title} không có hộ này.")
        return redirect(household_url(moved.unit, max(year, moved.unit.valid_from.year), pk))
    page = household_page(row)
    may_enter = can_enter(request.user, unit)
    in_full = may_enter and "numbers" in request.GET
    shown = sum(bool(member.citizen_id) for member in page.members)
    if in_full and shown:
        log_reading(by=request.user, unit=unit, what=f"Trang hộ {row.code}", count=shown)
    context = {
        "page": page,
        "household": row,
        "suspicions": suspicions_of(row, page.members),
        "can_enter": may_enter,
        "in_full": in_full,
        "has_numbers": bool(shown),
    }
    return render(request, "households/detail.html", context)


@require_http_methods(["GET", "POST"])
@unit_view
def household_add(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    villages, groups = selectors.villages_of_list(unit=unit, year=year), ethnicities()
    data = request.POST or None
    more = data is not None and "more" in data
    rows = member_rows(data, ethnicities=groups)
    form = HouseholdForm(None if more else data, villages=villages, initial=data.dict() if data and more else None)
    alike: list[Any] = []
    if data and not more and _is_read(form, rows):
        if not data.get("is_confirmed"):
            alike = suspicions_for(unit=unit, village=form.cleaned_data["village"], persons=rows.members())
        if not alike:
            answer = _open(request, unit, year, form, rows)
            if answer is not None:
                return answer
    is_wrong = form.is_bound and bool(form.errors or rows.total_error_count())
    context = {
        "form": form,
        "rows": rows,
        "is_wrong": is_wrong,
        "suspicions": alike,
        "has_villages": bool(villages),
        "back_url": list_url(unit, year),
    }
    return render(request, "households/add.html", context, status=422 if is_wrong or alike else 200)


def _is_read(form: HouseholdForm, rows: BaseMemberRows) -> bool:
    """Whether everything could be read. Where something could not, what else is wrong is said in the same answer."""
    if all([form.is_valid(), rows.is_valid()]):
        return True
    errors = services.errors_so_far(members=rows.members(), **form.cleaned_data)
    if any("relation" in row.errors for row in rows.filled()):
        errors.pop("members", None)  # who cannot be read may be the head
    _put_errors(form, rows, errors)
    return False


def _open(
    request: SignedRequest, unit: Area, year: int, form: HouseholdForm, rows: BaseMemberRows
) -> HttpResponse | None:
    try:
        made = services.household_open(by=request.user, unit=unit, members=rows.members(), **form.cleaned_data)
    except ValidationError as error:
        _put_errors(form, rows, error.message_dict if hasattr(error, "error_dict") else {"": error.messages})
        return None
    messages.success(request, f"Đã lập {made}.")
    return redirect(household_url(unit, year, made.pk))


def _put_errors(form: HouseholdForm, rows: BaseMemberRows, errors: Mapping[str, list[str]]) -> None:
    """Sentences on persons go to their row; the service counts only rows that were filled in.

    A field that could not be read has its reason already.
    """
    filled = rows.filled()
    for key, sentences in errors.items():
        kind, _, rest = key.partition("members-")
        place, _, name = rest.partition("-")
        target: BaseForm = form
        if not kind and place.isdigit():
            target, key = filled[int(place)], name
        if key not in target.errors:
            target.add_error(key if key in target.fields else None, sentences)


@require_http_methods(["GET", "POST"])
@unit_view
def household_edit(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    form = HouseholdEditForm(request.POST or None, instance=row)
    answer = act(
        request,
        form,
        do=lambda: services.household_update(by=request.user, household=row, **form.cleaned_data),
        said=lambda saved: f"Đã lưu {saved}.",
        back_url=back_url,
    )
    return answer or form_page(request, row, form, title=f"Sửa {row}", submit="Lưu", back_url=back_url)


@require_http_methods(["GET", "POST"])
@unit_view
def household_close(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    persons = row.members.present().count()
    form = CloseForm(request.POST or None, version=row.version)
    answer = act(
        request,
        form,
        do=lambda: services.household_close(by=request.user, household=row, **form.cleaned_data),
        said=lambda saved: f"Đã ghi thôi theo dõi {saved} từ ngày {format_date(saved.closed_on)}.",
        back_url=back_url,
    )
    notice = (
        f"Từ ngày này {row} không còn trong danh sách theo dõi; {persons} người đang ở trong hộ được ghi ra khỏi hộ "
        "cùng ngày: chuyển đi, ghi nhầm, hoặc đã chết nếu hộ chỉ còn một người và không còn ai. Có người đã chết mà hộ "
        "còn người khác thì ghi người đó ra khỏi hộ trước. Phiếu rà soát, kết quả đã công nhận và lịch sử giữ nguyên. "
        "Lấy lại bằng «Theo dõi lại»."
    )
    return answer or form_page(
        request,
        row,
        form,
        title=f"Thôi theo dõi {row}",
        submit="Thôi theo dõi",
        back_url=back_url,
        notice=notice,
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@unit_view
def household_reopen(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    if row.closed_on is None:
        messages.info(request, f"{row} vẫn đang được theo dõi.")
        return redirect(back_url)
    form = DayForm(request.POST or None, version=row.version)
    answer = act(
        request,
        form,
        do=lambda: services.household_reopen(by=request.user, household=row, **form.cleaned_data),
        said=lambda saved: f"Đã theo dõi lại {saved}.",
        back_url=back_url,
    )
    notice = (
        "Những người ra khỏi sổ cùng hộ trở lại hộ từ ngày này. Ghi đúng ngày thôi theo dõi "
        f"({format_date(row.closed_on)}) thì coi như chưa từng thôi theo dõi."
    )
    return answer or form_page(
        request, row, form, title=f"Theo dõi lại {row}", submit="Theo dõi lại", back_url=back_url, notice=notice
    )


@require_GET
@unit_view
def duplicates(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """Persons of the unit who may be written twice."""
    page = Paginator(suspicious_groups(unit=unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "suspicions": suspicions(unit=unit, groups=list(page.object_list)),
        "can_enter": unit.level == Level.COMMUNE and can_enter(request.user, unit),
    }
    return render(request, "households/duplicates.html", context)
