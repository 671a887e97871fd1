"""``load_areas``: the country's units."""

from typing import Any

from django.core.management.base import BaseCommand

from povertyplan.areas.national import areas_load
from povertyplan.core.numbers import format_count


class Command(BaseCommand):
    help = "Nạp danh mục đơn vị hành chính: 34 tỉnh, 3.321 xã hiện nay và các đơn vị trước 01/07/2025 cần tra lại."

    def handle(self, *args: Any, **options: Any) -> None:
        made = areas_load()
        self.stdout.write(f"Đã nạp thêm {format_count(made)} đơn vị." if made else "Danh mục đơn vị đã đủ.")
