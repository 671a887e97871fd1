"""HTML to PDF with fonts that are there and a fetcher that fetches nothing else."""

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports import html
from reports.tree import Document

# Debian 12 keeps the edition with Vietnamese letters in «liberation2»; from Debian 13 on it is «liberation».
FONT_FOLDERS = (Path("/usr/share/fonts/truetype/liberation2"), Path("/usr/share/fonts/truetype/liberation"))
VIETNAMESE = "ăđêơưạểỗựỷẪ"
FACES = {
    "LiberationSerif-Regular.ttf": ("normal", "normal"),
    "LiberationSerif-Bold.ttf": ("bold", "normal"),
    "LiberationSerif-Italic.ttf": ("normal", "italic"),
    "LiberationSerif-BoldItalic.ttf": ("bold", "italic"),
}


class FontsMissing(RuntimeError):
    """The message is a Vietnamese sentence with the remedy."""


class FetchRefused(RuntimeError):
    """The document asked for something outside itself."""


class FontsOnly(URLFetcher):
    """Hands out the font files by their exact addresses; any other address stops the printing."""

    def __init__(self, allowed: dict[str, Path]) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False, fail_on_errors=True)
        self._allowed = allowed

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        path = self._allowed.get(url)
        if path is None:
            raise FetchRefused(f"Văn bản đòi tải «{url[:200]}»: không được phép.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


@cache
def font_files(folders: tuple[Path, ...] = FONT_FOLDERS) -> dict[str, Path]:
    """The four faces that stand for Times New Roman, by file name. Raises FontsMissing.

    Editions of the fonts before 2.0 have no Vietnamese letters, so what is installed is looked into.
    """
    folder = next((folder for folder in folders if all(_is_vietnamese(folder / name) for name in FACES)), None)
    if folder is None:
        raise FontsMissing(
            "Máy chưa có phông chữ Liberation Serif đủ chữ tiếng Việt (bản 2.0 trở lên): hãy cài gói fonts-liberation2 "
            "(Debian 12, Ubuntu 22.04) hoặc fonts-liberation (bản mới hơn)."
        )
    return {name: folder / name for name in FACES}


def _is_vietnamese(path: Path) -> bool:
    if not path.is_file():
        return False
    with TTFont(path, lazy=True) as font:
        return all(ord(letter) in font.getBestCmap() for letter in VIETNAMESE)


def write(document: Document) -> bytes:
    """The document on A4, fonts embedded. The same document gives the same bytes."""
    return print_page(html.standalone(document, more_style=_font_faces()))


def print_page(page: str) -> bytes:
    """Raises FetchRefused when the page refers to anything but the fonts."""
    fetcher = FontsOnly({path.as_uri(): path for path in font_files().values()})
    try:
        return HTML(string=page, url_fetcher=fetcher).write_pdf(font_config=FontConfiguration())
    except FatalURLFetchingError as error:
        raise FetchRefused(str(error.__cause__ or error)) from error


@cache
def _font_faces() -> str:
    return "".join(
        f'@font-face {{ font-family: "Liberation Serif Embedded"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{font_files()[name].as_uri()}"); }}\n'
        for name, (weight, style) in FACES.items()
    )
