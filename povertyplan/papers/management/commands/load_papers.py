"""``load_papers``: the national papers."""

from typing import Any

from django.core.management.base import BaseCommand

from povertyplan.papers.national import papers_load


class Command(BaseCommand):
    help = "Nạp các văn bản trung ương dùng chung và ghi nghị quyết sắp xếp vào lịch sử đơn vị."

    def handle(self, *args: Any, **options: Any) -> None:
        added = papers_load()
        self.stdout.write(f"Đã nạp thêm {added} văn bản trung ương." if added else "Văn bản trung ương đã đủ.")
