"""Rows for tests, without surprises: each factory makes what its name says and nothing else."""

import datetime

import factory

from povertyplan.accounts.choices import Role
from povertyplan.accounts.models import Grant, User
from povertyplan.areas import services as area_services
from povertyplan.areas.choices import Level, Setting
from povertyplan.areas.models import Area
from povertyplan.core.text import sort_key
from povertyplan.papers.choices import PaperType
from povertyplan.papers.models import Paper

START = datetime.date(2020, 1, 1)


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    valid_from = START
    sort_key = factory.LazyAttribute(lambda area: sort_key(area.name))


class ProvinceFactory(AreaFactory):
    level = Level.PROVINCE
    kind = "tỉnh"
    code = factory.Sequence(lambda n: f"{n % 89 + 10:02d}")
    name = factory.Sequence(lambda n: f"Tân Bình {n}")


class CommuneFactory(AreaFactory):
    level = Level.COMMUNE
    kind = "xã"
    setting = Setting.RURAL
    code = factory.Sequence(lambda n: f"{90000 + n % 9000:05d}")  # 99000 and up are for codes that tests spell
    name = factory.Sequence(lambda n: f"Thử Nghiệm {n}")
    parent = factory.SubFactory(ProvinceFactory)


class VillageFactory(AreaFactory):
    level = Level.VILLAGE
    kind = "thôn"
    name = factory.Sequence(lambda n: f"Xóm Mới {n}")
    position = factory.Sequence(lambda n: n)
    parent = factory.SubFactory(CommuneFactory)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"nguoi-dung-{n}")
    full_name = factory.Sequence(lambda n: f"Người Dùng {n}")
    must_change_password = False


class PaperFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Paper

    type = PaperType.DECISION
    number = factory.Sequence(lambda n: str(n + 1))
    notation = "QĐ-UBND"
    date = datetime.date(2023, 11, 21)
    issuer = "Ủy ban nhân dân tỉnh"
    subject = "về việc phê duyệt kết quả rà soát"


def user_with(
    role: Role, area: Area, *, valid_from: datetime.date = START, valid_to: datetime.date | None = None
) -> User:
    """A user whose only grant is ``role`` on ``area``; the reach of the tree is brought up to date."""
    user = UserFactory()
    Grant.objects.create(user=user, role=role, area=area, valid_from=valid_from, valid_to=valid_to)
    area_services.reach_rebuild()
    return user
