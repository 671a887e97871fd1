"""``manage.py render_document KIND --unit C --year Y --format F --output F``: a document from what is stored."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from povertyplan.areas.selectors import UnknownUnit, unit_in_year
from reports.catalogue import UnknownKind, render
from reports.datasets import MissingData
from reports.pdf import FontsMissing


class Command(BaseCommand):
    help = "Lập một văn bản từ số liệu đã lưu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND")
        parser.add_argument("--unit", required=True, metavar="CODE")
        parser.add_argument("--year", required=True)
        parser.add_argument("--format", required=True)
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument("--layout", default="", metavar="standard|two_blocks|compact")
        parser.add_argument(
            "--edition", default="", metavar="N", help="Bản chỉ tiêu đã trình; bỏ trống: bảng hiện tại."
        )
        parser.add_argument("--round", default="", metavar="periodic|YYYY-MM")

    def handle(self, *args: Any, **options: Any) -> None:
        """One sentence and exit 1 when it cannot be done; then no file is left, nor an older one touched."""
        output = Path(options["output"])
        try:
            year = _year(options["year"])
            unit = unit_in_year(options["unit"], year)
            asked = {name: options[name] for name in ("layout", "edition", "round")}
            rendered = render(options["kind"], unit=unit, year=year, format=options["format"], **asked)
            _write(output, rendered.content)
        except (UnknownUnit, UnknownKind, MissingData, FontsMissing) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {output}: {error.strerror}.") from error
        if options["verbosity"]:
            self.stdout.write(f"Đã ghi {output}.")


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise UnknownUnit(f"Năm «{text}» không hợp lệ. Ví dụ cách ghi đúng: 2026.")
    return int(text)


def _write(output: Path, content: bytes) -> None:
    """Whole or not at all: a file beside it takes the name when it is complete."""
    descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, output)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
