"""``create_unit``: one area of the tree."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from povertyplan.areas.services import unit_create
from povertyplan.core.dates import NotADate, format_date, parse_date

REQUIRED = ("level", "code", "name", "kind")


class Command(BaseCommand):
    help = "Tạo một đơn vị hành chính (tỉnh, huyện, xã). Không ghi ngày thì có từ 01/01 năm nay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--level", default="", help="province, district hoặc commune")
        parser.add_argument("--code", default="", help="mã chính thức: tỉnh 2, huyện 3, xã 5 chữ số")
        parser.add_argument("--name", default="", help="tên, không kèm loại")
        parser.add_argument("--kind", default="", help="tỉnh, thành phố, huyện, xã, phường …")
        parser.add_argument("--parent", default="", help="mã đơn vị cấp trên")
        parser.add_argument("--valid-from", default="", help="ngày bắt đầu, ví dụ 01/07/2025 hoặc 2025-07-01")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [f"--{name}" for name in REQUIRED if not options[name].strip()]
        if missing:
            raise CommandError(f"Thiếu {', '.join(missing)}.")
        try:
            unit = unit_create(
                by=None,
                level=options["level"],
                code=options["code"],
                name=options["name"],
                kind=options["kind"],
                parent_code=options["parent"] or None,
                valid_from=parse_date(options["valid_from"]) if options["valid_from"] else None,
            )
        except NotADate as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã tạo {unit}, mã {unit.code}, từ ngày {format_date(unit.valid_from)}.")
