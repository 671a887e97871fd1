"""Rounds: opened, filled, brought from step to step, recognised."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api.base import HouseholdApi
from households.choices import Step
from households.models import ReviewRound, RoundStep, Standard
from households.selectors.exchange import recognitions_shown, rounds_shown
from households.selectors.rounds import progress
from households.serializers import rounds as shapes
from households.services import recognition
from households.services import rounds as services
from povertyplan.accounts.permissions import can_decide, can_enter
from povertyplan.areas.models import Area
from povertyplan.core.api.views import one_or_none
from povertyplan.offices.models import Board
from povertyplan.papers.models import Paper

TAGS = ["rounds"]


class Rounds(HouseholdApi):
    def round(self, pk: int) -> ReviewRound:
        return self.find(rounds_shown(), pk=pk)

    def now(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        row = cast(Any, self.round(pk))
        row.progress = progress(row, today=timezone.localdate())
        return self.answer(row, shapes.RoundWhole(row).data, code)

    def with_rows(self, sent: Mapping[str, Any], unit: Area) -> dict[str, Any]:
        """Ids and codes of the body as rows that the unit may name."""
        values = dict(sent)
        if "standard" in sent:
            standard = Standard.objects.filter(code=sent["standard"]).first()
            if standard is None:
                self.refuse("standard", "Không có chuẩn nghèo mang mã này.")
            values["standard"] = standard
        boards, papers = Board.objects.filter(unit=unit), Paper.objects.visible_to(self.user)
        for name, rows, sentence in (
            ("board", boards, "Đơn vị không có ban, tổ mang mã này."),
            ("team", boards, "Đơn vị không có ban, tổ mang mã này."),
            ("plan_paper", papers, "Không có văn bản mang mã này."),
        ):
            if name in sent:
                values[name] = one_or_none(rows, sent[name], field=name, sentence=sentence)
        return values


class RoundList(Rounds):
    filters = shapes.RoundQuery

    @extend_schema(operation_id="rounds_list", tags=TAGS, responses=shapes.RoundShown(many=True))
    def get(self, request: Request) -> Response:
        """Rounds, the last year first; of all units of the user, or of one."""
        asked = self.asked(shapes.RoundQuery)
        exact = {name: asked[name] for name in ("year", "kind", "state") if name in asked}
        return self.pages(self.of_unit(rounds_shown(), asked).filter(**exact), shapes.RoundShown)

    @extend_schema(operation_id="round_open", tags=TAGS, request=shapes.RoundOpened, responses={201: shapes.RoundWhole})
    def post(self, request: Request) -> Response:
        """Open a round with its steps; days that are left out come from the calendar of the province or the law."""
        unit = self.unit_sent(can_enter)
        sent = self.sent(shapes.RoundOpened)
        sent.pop("unit")
        row = services.round_open(by=self.user, unit=unit, **self.with_rows(sent, unit))
        answer = self.now(row.pk, status.HTTP_201_CREATED)
        answer["Location"] = reverse("api:round", args=[row.pk])
        return answer


class RoundAddress(Rounds):
    """One round, or something that is done to it."""

    has_etag = True

    def to_change(self, pk: int) -> ReviewRound:
        row = self.round(pk)
        self.may(can_enter, row.unit)
        self.demand_header()
        return row


class RoundDetail(RoundAddress):
    needs_version = frozenset({"PATCH"})

    @extend_schema(operation_id="round_read", tags=TAGS, responses=shapes.RoundWhole)
    def get(self, request: Request, pk: int) -> Response:
        """A round with its steps, its villages, who must act, and what keeps the present step from being done."""
        return self.now(pk)

    @extend_schema(operation_id="round_update", tags=TAGS, request=shapes.RoundChanges, responses=shapes.RoundWhole)
    def patch(self, request: Request, pk: int) -> Response:
        """Change days, boards, plan or standard of an open round."""
        row = self.to_change(pk)
        sent = self.sent(shapes.RoundChanges, partial=True)
        changes = self.with_rows(sent, row.unit)
        version = self.version(row, changes)
        services.round_update(by=self.user, round=row, version=version, **changes)
        return self.now(pk)


class RoundFill(RoundAddress):
    """Twice is once, so no version is asked for."""

    has_etag = False

    @extend_schema(operation_id="round_fill", tags=TAGS, request=None, responses={200: shapes.RoundFilled})
    def post(self, request: Request, pk: int) -> Response:
        """List who is on the last recognised list and who has an open request; twice is once."""
        row = self.round(pk)
        self.may(can_enter, row.unit)
        added = services.round_list_fill(by=self.user, round=row)
        return Response(shapes.RoundFilled({"added": added}).data)


class RoundCancel(RoundAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="round_cancel", tags=TAGS, request=shapes.RoundCancelled, responses={200: shapes.RoundWhole}
    )
    def post(self, request: Request, pk: int) -> Response:
        """Give up an open round; its requests wait for another."""
        row = self.to_change(pk)
        sent = self.sent(shapes.RoundCancelled)
        version = self.version(row)
        services.round_cancel(by=self.user, round=row, version=version, **sent)
        return self.now(pk)


class RoundRecognise(RoundAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="round_recognise",
        tags=TAGS,
        request=shapes.RoundRecognised,
        responses={201: shapes.RecognitionShown},
    )
    def post(self, request: Request, pk: int) -> Response:
        """The decision of the commune's chairman: every form is frozen. Who entered never recognises."""
        row = self.round(pk)
        self.may(can_decide, row.unit)
        self.demand_header()
        sent = self.sent(shapes.RoundRecognised)
        version = self.version(row, {"recognised_on": sent["on"]})
        decision = recognition.round_recognise(by=self.user, round=row, version=version, **sent)
        stored = self.find(recognitions_shown(), pk=decision.pk)
        return self.answer(stored, shapes.RecognitionShown(stored).data, status.HTTP_201_CREATED)


class StepAddress(Rounds):
    """A step of a round, which has a version of its own."""

    has_etag = True

    def step(self, pk: int, step: str) -> RoundStep:
        if step not in Step.values:
            raise Http404
        return self.find(RoundStep.objects.select_related("round__unit", "unit"), round=pk, step=step)

    def to_change(self, pk: int, step: str) -> RoundStep:
        row = self.step(pk, step)
        self.may(can_enter, row.unit)
        self.demand_header()
        return row

    def shown(self, row: RoundStep) -> Response:
        return self.answer(row, shapes.StepShown(row).data)


class StepDetail(StepAddress):
    @extend_schema(operation_id="step_read", tags=TAGS, responses=shapes.StepShown)
    def get(self, request: Request, pk: int, step: str) -> Response:
        """One step with its own version."""
        return self.shown(self.step(pk, step))


class StepFinish(StepAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="step_finish", tags=TAGS, request=shapes.StepFinished, responses={200: shapes.StepShown}
    )
    def post(self, request: Request, pk: int, step: str) -> Response:
        """Done on a day: refused with everything that is still missing."""
        row = self.to_change(pk, step)
        sent = self.sent(shapes.StepFinished)
        version = self.version(row, {"done_on": sent["on"]})
        services.step_finish(by=self.user, round=row.round, step=step, version=version, **sent)
        return self.shown(self.step(pk, step))


class StepReopen(StepAddress):
    needs_version = frozenset({"POST"})

    @extend_schema(
        operation_id="step_reopen", tags=TAGS, request=shapes.StepReopened, responses={200: shapes.StepShown}
    )
    def post(self, request: Request, pk: int, step: str) -> Response:
        """Open a step again, and with it every later one."""
        row = self.to_change(pk, step)
        sent = self.sent(shapes.StepReopened)
        version = self.version(row, {"done_on": None})
        services.step_reopen(by=self.user, round=row.round, step=step, version=version, **sent)
        return self.shown(self.step(pk, step))
