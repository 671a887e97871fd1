"""``load_demo``: the demonstration; twice is once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from povertyplan.core.numbers import format_count
from povertyplan.settings.environment import DEMO
from povertyplan.web.demo import Summary, demo_load


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn: danh mục đơn vị, văn bản trung ương, năm đơn vị mẫu và tài khoản."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE != DEMO:
            raise CommandError("Chế độ production không nạp dữ liệu trình diễn.")
        self.stdout.write(_sentence(demo_load()))


def _sentence(summary: Summary) -> str:
    if summary.is_nothing:
        return "Dữ liệu trình diễn đã đủ, không nạp thêm."
    units = f"; đơn vị mẫu: {', '.join(summary.units)}" if summary.units else ""
    return (
        f"Đã nạp {format_count(summary.areas)} đơn vị, {format_count(summary.papers)} văn bản trung ương, "
        f"{format_count(summary.users)} tài khoản{units}."
    )
