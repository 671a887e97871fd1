"""``load_law``: ethnic groups, standards and figures of procedure."""

from typing import Any

from django.core.management.base import BaseCommand

from households.services.law import law_load


class Command(BaseCommand):
    help = "Nạp dân tộc, chuẩn nghèo, chỉ số, nguyên nhân và các mốc quy trình."

    def handle(self, *args: Any, **options: Any) -> None:
        added = law_load()
        self.stdout.write(f"Đã nạp thêm {added} dòng." if added else "Chuẩn nghèo và quy trình đã đủ.")
