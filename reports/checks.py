"""What documents need from the machine."""

from typing import Any

from django.core.checks import CheckMessage, Error

from reports.pdf import FontsMissing, font_files


def fonts_installed(**_: Any) -> list[CheckMessage]:
    """PDF files embed the fonts that stand for Times New Roman."""
    try:
        font_files()
    except FontsMissing as error:
        return [Error(str(error), hint="apt install fonts-liberation2", id="reports.E001")]
    return []
