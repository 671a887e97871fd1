"""Households that change as a whole: another village, split, merged, another head, another unit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from households.forms.registry import FollowForm, HeadForm, MergeForm, MoveForm, SplitForm
from households.models import Household, Member
from households.selectors.one_household import former_relations
from households.selectors.registry import villages_of_list, waiting_villages
from households.services import moves as services
from households.views.registry_parts import (
    act,
    form_page,
    household_of,
    household_url,
    list_url,
    present_members,
)
from povertyplan.accounts.permissions import can_enter
from povertyplan.accounts.scope import SignedRequest, require, unit_view
from povertyplan.areas.models import Area
from povertyplan.core.numbers import format_count
from povertyplan.core.pages import put_errors


@require_http_methods(["GET", "POST"])
@unit_view
def household_move(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    villages = [village for village in villages_of_list(unit=unit, year=year) if village.pk != row.village_id]
    form = MoveForm(request.POST or None, version=row.version, villages=villages)
    answer = act(
        request,
        form,
        do=lambda: services.household_move(by=request.user, household=row, **form.cleaned_data),
        said=lambda saved: f"Đã chuyển {saved} đến {saved.village}.",
        back_url=back_url,
    )
    notice = (
        f"Cả hộ chuyển từ {row.village} sang thôn khác trong {unit}. Lịch sử giữ nơi cũ; chuyển nhầm thì chuyển lại. "
        "Hộ đi khỏi địa bàn thì chọn «Thôi theo dõi»."
    )
    return answer or form_page(
        request, row, form, title=f"Chuyển thôn {row}", submit="Chuyển thôn", back_url=back_url, notice=notice
    )


@require_http_methods(["GET", "POST"])
@unit_view
def household_split(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    members = [member for member in present_members(row) if member.relation != "head"]
    form = SplitForm(
        request.POST or None,
        version=row.version,
        members=members,
        villages=villages_of_list(unit=unit, year=year),
        initial={"village": row.village_id},
    )

    def split() -> Household:
        cleaned = form.cleaned_data
        return services.household_split(
            by=request.user,
            household=row,
            version=cleaned["version"],
            member_ids=[int(chosen) for chosen in cleaned["member_ids"]],
            head_id=int(cleaned["head_id"]),
            on=cleaned["on"],
            relations=form.relations(),
            village=cleaned["village"],
        )

    answer = act(
        request,
        form,
        do=split,
        said=lambda new: f"Đã tách ra {new}.",
        back_url=back_url,
        to=lambda new: household_url(unit, year, new.pk),
    )
    notice = (
        f"Những người được chọn ra khỏi {row} và lập một hộ mới có mã riêng; lịch sử của hai hộ ghi cho nhau. "
        "Quan hệ để trống thì máy suy ra từ quan hệ cũ. Chủ hộ đang đứng tên muốn tách thì đổi chủ hộ trước. "
        "Tách nhầm thì nhập lại bằng «Nhập hộ»."
    )
    return answer or form_page(
        request, row, form, title=f"Tách {row}", submit="Tách hộ", back_url=back_url, notice=notice, danger=True
    )


@require_http_methods(["GET", "POST"])
@unit_view
def household_merge(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    """Two steps: which household, then what will happen with both named. What was shown is what is confirmed."""
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    members = present_members(row)
    form = MergeForm(request.POST or None, version=row.version, members=members)
    into = _named(unit, form) if form.is_valid() else None
    answer = None
    if into is not None and request.POST.get("confirmed") == _shown(into):
        cleaned = form.cleaned_data
        answer = act(
            request,
            form,
            do=lambda: services.household_merge(
                by=request.user,
                household=row,
                version=cleaned["version"],
                into=into,
                into_version=into.version,
                on=cleaned["on"],
                relations=form.relations(),
            ),
            said=lambda target: f"Đã nhập {row} vào {target}.",
            back_url=back_url,
            to=lambda target: household_url(unit, year, target.pk),
        )
    if answer is not None:
        return answer
    if into is not None and not form.errors:
        relations = {f"relation-{pk}": relation for pk, relation in former_relations(members, into).items()}
        typed = {name: value for name, value in form.cleaned_data.items() if value}
        form = MergeForm(version=row.version, members=members, initial=relations | typed)
    context = {
        "household": row,
        "form": form,
        "members": members,
        "into": into,
        "head": _head(into) if into else None,
        "confirmed": _shown(into) if into else "",
        "is_another": bool(into and "confirmed" in request.POST and not form.errors),
        "back_url": back_url,
    }
    return render(request, "households/merge.html", context, status=422 if form.errors else 200)


def _shown(into: Household) -> str:
    """The household as it stands now: another one, or a later version, has to be looked at again."""
    return f"{into.pk}-{into.version}"


def _named(unit: Area, form: MergeForm) -> Household | None:
    """The followed household of the unit with the typed code."""
    followed: QuerySet[Household] = Household.objects.of_unit(unit).followed().select_related("village", "unit")
    into = followed.filter(code__iexact=form.cleaned_data["into_code"]).first()
    if into is None:
        form.add_error("into_code", f"Không có hộ đang theo dõi nào mang mã «{form.cleaned_data['into_code']}».")
    return into


def _head(household: Household) -> Member | None:
    return Member.objects.present().filter(household=household, relation="head").first()


@require_http_methods(["GET", "POST"])
@unit_view
def head_change(request: SignedRequest, unit: Area, year: int, pk: int) -> HttpResponse:
    require(can_enter, request.user, unit)
    row = household_of(unit, pk)
    back_url = household_url(unit, year, pk)
    members = present_members(row)
    form = HeadForm(request.POST or None, version=row.version, members=members)

    def change() -> Household:
        cleaned = form.cleaned_data
        member = next(member for member in members if str(member.pk) == cleaned["member"])
        others = {pk: relation for pk, relation in form.relations().items() if pk != member.pk}
        return services.head_change(
            by=request.user,
            household=row,
            version=cleaned["version"],
            member=member,
            on=cleaned["on"],
            relations=others,
        )

    answer = act(request, form, do=change, said=lambda saved: f"Đã đổi chủ hộ của {saved}.", back_url=back_url)
    notice = (
        "Quan hệ của mọi người được ghi lại theo chủ hộ mới; để trống thì máy suy ra từ quan hệ cũ. "
        "Các danh sách đã công nhận vẫn ghi chủ hộ cũ. Đổi nhầm thì đổi lại."
    )
    return answer or form_page(
        request, row, form, title=f"Đổi chủ hộ của {row}", submit="Đổi chủ hộ", back_url=back_url, notice=notice
    )


@require_http_methods(["GET", "POST"])
@unit_view
def follow(request: SignedRequest, unit: Area, year: int) -> HttpResponse:
    """After a merger: choose for each old village the new one."""
    require(can_enter, request.user, unit)
    waiting = waiting_villages(unit=unit)
    villages = list(Area.objects.villages_of(unit).valid_in_year(max(year, unit.valid_from.year)))
    form = FollowForm(request.POST or None, unit=unit, waiting=waiting, villages=villages)
    if form.is_valid():
        try:
            moved = services.households_follow(
                by=request.user, unit=unit, villages=form.pairs(), on=form.cleaned_data["on"]
            )
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, f"Đã chuyển {format_count(moved)} hộ sang {unit}.")
            return redirect(list_url(unit, year))
    context = {"form": form, "waiting": waiting, "villages": villages, "back_url": list_url(unit, year)}
    return render(request, "households/follow.html", context, status=422 if form.errors else 200)
