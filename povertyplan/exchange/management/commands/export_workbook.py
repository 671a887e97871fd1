"""``manage.py export_workbook KIND --unit C --year Y --output F.xlsx``: what is stored, to be read back unchanged."""

from povertyplan.exchange import writer
from povertyplan.exchange.management.commands import workbook_template


class Command(workbook_template.Command):
    help = "Xuất số liệu đã lưu thành bảng Excel; nạp lại thì không đổi gì."
    write = staticmethod(writer.export)
