"""``manage.py import_workbook KIND F.xlsx --unit C --year Y [--dry-run] [--as USER]``: one JSON object on stdout."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from povertyplan.accounts.models import User
from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from povertyplan.exchange.cells import CellError, WorkbookRefused
from povertyplan.exchange.check import Checked
from povertyplan.exchange.kinds import UnknownKind, kind_of
from povertyplan.exchange.services import workbook_try, workbook_write

NOTHING = {"rows": 0, "new": 0, "changed": 0, "unchanged": 0}


class Command(BaseCommand):
    help = "Nạp một bảng Excel: tất cả hoặc không dòng nào."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("file", metavar="F.xlsx", type=Path)
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi")
        parser.add_argument("--as", dest="username", default="", metavar="USER", help="mặc định là hệ thống")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 with the errors in the object, and nothing written, when there is any."""
        user = self._user(options["username"])
        act = workbook_try if options["dry_run"] else workbook_write
        try:
            unit = unit_in_year(options["unit"], options["year"])
            kind = kind_of(options["kind"], unit=unit)
            with options["file"].open("rb") as file:
                found = told(act(by=user, kind=kind, unit=unit, year=options["year"], file=file))
        except WorkbookRefused as refusal:
            found = NOTHING | {"errors": [said(error) for error in refusal.errors]}
        except (UnknownUnit, UnknownKind) as error:
            raise CommandError(str(error)) from error
        except PermissionDenied as error:
            raise CommandError(f"Tài khoản «{options['username']}» không có quyền nhập ở đơn vị này.") from error
        except OSError as error:
            raise CommandError(f"Không đọc được tệp {options['file']}: {error.strerror}.") from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        if found["errors"]:
            raise SystemExit(1)

    def _user(self, username: str) -> User | None:
        if not username:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"Không có tài khoản «{username}» đang dùng.")
        return user


def told(checked: Checked) -> dict[str, Any]:
    return checked.counts | {
        "errors": [said(error) for error in checked.errors],
        "ignored_columns": list(checked.sheet.ignored),
    }


def said(error: CellError) -> dict[str, str]:
    return {"sheet": error.sheet, "cell": error.cell, "message": error.message}
