"""Persons of a household: added, corrected, gone."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from households.forms.registry import LeaveForm, MemberForm
from households.models import Household, Member
from households.rules.persons import masked
from households.selectors.duplicates import suspicions_for
from households.services import members as services
from households.services.access import conflicts_logged, log_reading
from households.views.registry_parts import act, ethnicities, form_page, household_of, household_url
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.dates import format_date


def _member(household: Household, pk: int) -> Member:
    return get_object_or_404(Member.objects.filter(household=household).select_related("unit"), pk=pk)


@require_http_methods(["GET", "POST"])
@unit_view
def member_add(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    household = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    form = MemberForm(request.POST or None, instance=Member(household=household), ethnicities=ethnicities())
    alike = []
    if form.is_valid() and "is_confirmed" not in request.POST:
        alike = suspicions_for(unit=unit, village=household.village, persons=[form.values()])
    answer = None
    if not alike:
        answer = act(
            request,
            form,
            do=lambda: services.member_add(by=request.user, household=household, **form.values()),
            said=lambda added: f"Đã thêm {added} vào {household}.",
            back_url=back_url,
        )
    return answer or form_page(
        request,
        household,
        form,
        title=f"Thêm người vào {household}",
        submit="Thêm người",
        back_url=back_url,
        suspicions=alike,
    )


@require_http_methods(["GET", "POST"])
@unit_view
def member_edit(request: SignedRequest, unit: Area, year: int, pk: int, member_pk: int) -> HttpResponse:
    """The one page of a person that shows the citizen number in full; each opening is logged, a conflict as well."""
    require(can_enter, request.user, unit)
    household = household_of(unit, pk)
    member = _member(household, member_pk)
    back_url = household_url(unit, year, pk)
    form = MemberForm(request.POST or None, instance=member, ethnicities=ethnicities())
    what = f"Sửa người: {household.code}, {masked(member.citizen_id)}"
    if request.method == "GET" and member.citizen_id:
        log_reading(by=request.user, unit=unit, what=what, count=1)

    def update() -> Member:
        with conflicts_logged(by=request.user, unit=unit, what=what):
            return services.member_update(by=request.user, member=member, **form.cleaned_data)

    answer = act(
        request,
        form,
        do=update,
        said=lambda saved: f"Đã lưu {saved}.",
        back_url=back_url,
    )
    return answer or form_page(request, household, form, title=f"Sửa {member.name}", submit="Lưu", back_url=back_url)


@require_http_methods(["GET", "POST"])
@unit_view
def member_leave(request: SignedRequest, unit: Area, year: int, pk: int, member_pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    household = household_of(unit, pk)
    member = _member(household, member_pk)
    back_url = household_url(unit, year, pk)
    form = LeaveForm(request.POST or None, version=member.version)
    answer = act(
        request,
        form,
        do=lambda: services.member_leave(by=request.user, member=member, **form.cleaned_data),
        said=lambda gone: f"Đã ghi {gone} ra khỏi hộ từ ngày {format_date(gone.left_on)}.",
        back_url=back_url,
    )
    notice = (
        f"Từ ngày này {member.name} không còn là người của {household}; dòng này ở lại trong phần «Đã ra khỏi hộ». "
        "Nếu là người cuối cùng thì hộ cũng thôi theo dõi. Ghi nhầm thì thêm lại người đó."
    )
    return answer or form_page(
        request,
        household,
        form,
        title=f"Ghi {member.name} ra khỏi hộ",
        submit="Ghi ra khỏi hộ",
        back_url=back_url,
        notice=notice,
        danger=True,
    )
