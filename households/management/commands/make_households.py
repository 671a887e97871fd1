"""A made-up registry of any size, for benchmarks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from households.services.law import law_load
from households.services.synthetic import households_make
from povertyplan.areas.selectors import UnknownUnit, unit_in_year


class Command(BaseCommand):
    help = "Tạo hộ giả định cho một đơn vị, để đo tốc độ. Người trong hộ không có thật."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--count", type=int, required=True, help="số hộ")
        parser.add_argument("--seed", type=int, default=1, help="cùng số này thì ra cùng các hộ")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if options["count"] < 1:
            raise CommandError("Số hộ phải từ 1 trở lên.")
        try:
            unit = unit_in_year(options["unit"], today.year)
            law_load()
            made = households_make(unit=unit, count=options["count"], seed=options["seed"], day=today)
        except UnknownUnit as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã tạo {len(made)} hộ ở {unit}.")
