"""``manage.py workbook_template KIND --unit C --year Y --output F.xlsx``: the workbook to fill in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from povertyplan.exchange import writer
from povertyplan.exchange.kinds import UnknownKind, kind_of


class Command(BaseCommand):
    help = "Lập bảng Excel để điền, có sẵn những gì đã biết."
    write = staticmethod(writer.template)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--output", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        try:
            unit = unit_in_year(options["unit"], options["year"])
            kind = kind_of(options["kind"], unit=unit)
            content = self.write(kind, kind.resource(unit=unit, year=options["year"], by=None))
            output.write_bytes(content)
        except (UnknownUnit, UnknownKind) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error
        if options["verbosity"]:
            self.stdout.write(f"Đã ghi {output}.")
