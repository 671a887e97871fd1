import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.jobs import services
from povertyplan.jobs.choices import State
from povertyplan.jobs.models import Heartbeat, Job
from tests.jobs import work


def run_queue() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)


def start(officer: User, commune: Area, task=work.writes_a_file, **kwargs: str) -> Job:
    return services.job_start(by=officer, unit=commune, title="Việc thử", task=task, **kwargs)


def after_queue(job: Job) -> Job:
    run_queue()
    job.refresh_from_db()
    return job


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_and_keeps_its_file(officer: User, commune: Area) -> None:
    job = after_queue(start(officer, commune, text="xong"))
    assert (job.state, job.percent, job.result_name, job.result.read()) == (State.DONE, 50, "ket-qua.txt", b"xong")


@pytest.mark.django_db(transaction=True)
def test_a_waiting_job_is_cancelled_at_once_and_never_runs(officer: User, commune: Area) -> None:
    job = services.job_cancel(by=officer, job=start(officer, commune, text="không"))
    assert job.state == State.CANCELLED
    assert not after_queue(job).result


@pytest.mark.django_db(transaction=True)
def test_a_running_job_stops_at_its_next_step(officer: User, commune: Area) -> None:
    job = after_queue(start(officer, commune, task=work.is_stopped_half_way))
    assert (job.state, job.done) == (State.CANCELLED, 2)


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_said_in_words(officer: User, commune: Area) -> None:
    job = after_queue(start(officer, commune, task=work.refuses))
    assert (job.state, job.message) == (State.FAILED, "Chưa có bảng chỉ tiêu năm 2026.")


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_ends_the_job_with_its_number(officer: User, commune: Area) -> None:
    job = after_queue(start(officer, commune, task=work.breaks))
    assert job.state == State.FAILED
    assert str(job.pk) in job.message


def test_an_ended_job_cannot_be_cancelled(officer: User, commune: Area) -> None:
    job = start(officer, commune, text="")
    Job.objects.filter(pk=job.pk).update(state=State.DONE)
    with pytest.raises(ValidationError, match="đã kết thúc"):
        services.job_cancel(by=officer, job=job)


def test_a_job_of_a_dead_worker_is_given_up(officer: User, commune: Area) -> None:
    job = start(officer, commune, text="")
    services.job_claim(pk=str(job.pk), worker="may-cu")
    services.worker_beat(worker="may-cu")
    assert services.jobs_of_lost_workers_fail() == 0
    Heartbeat.objects.update(at=timezone.now() - datetime.timedelta(minutes=2))
    assert services.jobs_of_lost_workers_fail() == 1
    job.refresh_from_db()
    assert (job.state, job.message) == (State.FAILED, services.LOST)


def test_old_jobs_go_with_their_files(officer: User, commune: Area) -> None:
    job = start(officer, commune, text="")
    Job.objects.filter(pk=job.pk).update(state=State.DONE, finished_at=timezone.now() - datetime.timedelta(days=31))
    assert services.jobs_prune() == 1
    assert not Job.objects.exists()


def test_a_colleague_does_not_see_my_job(officer: User, leader: User, commune: Area) -> None:
    job = start(officer, commune, text="")
    assert list(Job.objects.visible_to(officer)) == [job]
    assert not Job.objects.visible_to(leader).exists()
    client = Client()
    client.force_login(leader)
    assert client.get(reverse("jobs:detail", args=[commune.code, 2026, job.pk])).status_code == 404
