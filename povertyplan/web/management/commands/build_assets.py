"""``manage.py build_assets``: fonts and static files, ready to be served."""

from typing import Any

from django.core.management.base import BaseCommand

from povertyplan.web.assets import assets_build


class Command(BaseCommand):
    help = "Cắt phông chữ thành WOFF2 và gom tệp tĩnh vào STATIC_ROOT; làm lại chỉ phần đã cũ."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = assets_build()
        self.stdout.write(f"Phông chữ: {len(written)} tệp mới. Tệp tĩnh: đã gom xong.")
