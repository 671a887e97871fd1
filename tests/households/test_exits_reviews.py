"""The review form of the year shows that its household registered, in no query more."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.choices import Need
from households.services.exits import registration_withdraw
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.factories import user_with
from tests.households import build, years
from tests.households.exit_rows import spring

SAID = "Đã đăng ký thoát nghèo ngày 20/03/2023, nhu cầu: sản xuất (2 con bò), vay vốn tín dụng."


def test_the_form_says_when_and_with_which_needs(commune: Area, django_assert_max_num_queries: Any) -> None:
    world = spring(commune)
    row = world.register(world.poor[0], needs=[Need.CREDIT, (Need.PRODUCTION, "2 con bò")])
    bare = world.register(world.poor[1])
    round = years.periodic(commune, 2023, standard=build.standard())
    reviews = [years.reviewed(round, household) for household in world.poor[:3]]
    client = Client()
    client.force_login(user_with(Role.OFFICER, commune))
    pages = [reverse("reviews:form", args=[commune.code, 2023, review.pk]) for review in reviews]

    with django_assert_max_num_queries(12):
        assert SAID in client.get(pages[0]).content.decode()
    assert "Đã đăng ký thoát nghèo ngày 20/03/2023.<" in client.get(pages[1]).content.decode()
    assert "Đã đăng ký thoát nghèo" not in client.get(pages[2]).content.decode()
    for registration in (row, bare):
        registration_withdraw(
            by=None, registration=registration, version=1, on=datetime.date(2023, 6, 1), reason="đi làm xa"
        )
    assert "Đã đăng ký thoát nghèo" not in client.get(pages[0]).content.decode()


@pytest.mark.parametrize("year", [2022, 2024])
def test_a_form_of_another_year_says_nothing(commune: Area, year: int) -> None:
    world = spring(commune)
    world.register(world.poor[0])
    review = world.poor[0].reviews.get()
    if year == 2024:
        review = years.reviewed(years.periodic(commune, 2024, standard=build.standard()), world.poor[0])
    client = Client()
    client.force_login(user_with(Role.OFFICER, commune))

    page = client.get(reverse("reviews:form", args=[commune.code, year, review.pk])).content.decode()

    assert "Đã đăng ký thoát nghèo" not in page
