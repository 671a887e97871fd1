"""The opinion of the level above: asked, queued, answered."""

from typing import Any

import pytest
from django.test import Client

from households.choices import Step
from households.models import Opinion
from povertyplan.accounts.choices import Role
from povertyplan.areas.models import Area
from tests.factories import CommuneFactory, user_with
from tests.households.round_steps import (
    asked,
    met_round,
    posted_round,
)
from tests.households.test_round_pages_index import address, text

# Opinion of the level above


def test_the_opinion_is_asked_after_the_steps_before_it(officer_client: Client, commune: Area) -> None:
    round = met_round(commune)
    url = address("opinion-ask", commune, round.pk)

    assert "Bước «Niêm yết» chưa xong." in text(officer_client.post(url, {"sent_on": "30/10/2025"}))
    assert not Opinion.objects.exists()


def test_the_level_above_has_a_queue_and_answers(officer_client: Client, commune: Area, client: Client) -> None:
    round = posted_round(commune)
    officer_client.post(address("opinion-ask", commune, round.pk), {"sent_on": "30/10/2025"})
    opinion = Opinion.objects.get()
    province = commune.parent
    client.force_login(user_with(Role.REVIEWER, province))

    queue = text(client.get(address("index", province)))
    assert commune.title in queue
    assert address("opinion-reply", province, opinion.pk) in queue
    url = address("opinion-reply", province, opinion.pk)
    sent = {"version": opinion.version, "reply": "returned", "text": "", "on": "03/11/2025"}
    refused = client.post(url, sent)
    assert refused.context["form"].errors["text"] == ["Đề nghị xem lại thì ghi rõ xem lại điều gì."]
    client.post(url, sent | {"text": "xem lại thôn Xóm 1"})

    assert "xem lại thôn Xóm 1" in text(officer_client.get(address("step", commune, round.pk, Step.OPINION)))
    assert "Không có xã nào đang chờ ý kiến" in text(client.get(address("index", province)))


def test_a_reviewer_of_another_province_finds_no_opinion(commune: Area, client: Client) -> None:
    opinion = asked(commune)
    other = CommuneFactory().parent
    client.force_login(user_with(Role.REVIEWER, other))

    assert client.get(address("opinion-reply", other, opinion.pk)).status_code == 404
    assert client.get(address("opinion-reply", commune.parent, opinion.pk)).status_code == 404


def test_an_officer_of_the_province_reads_the_queue_and_does_not_answer(commune: Area, client: Client) -> None:
    opinion = asked(commune)
    client.force_login(user_with(Role.ADMINISTRATOR, commune.parent))

    assert client.get(address("opinions", commune.parent)).status_code == 200
    assert client.get(address("opinion-reply", commune.parent, opinion.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_same_questions_for_one_and_three_communes(
    commune: Area, client: Client, count: int, django_assert_num_queries: Any
) -> None:
    asked(commune)
    for _ in range(count - 1):
        asked(CommuneFactory(parent=commune.parent))
    client.force_login(user_with(Role.REVIEWER, commune.parent))

    with django_assert_num_queries(11):
        page = client.get(address("index", commune.parent))
    assert len(page.context["opinions"]) == len(page.context["lines"]) == count
    with django_assert_num_queries(8):
        assert len(client.get(address("opinions", commune.parent)).context["page"]) == count
