"""The tree as HTML: semantic, everything escaped, no style attributes; one style sheet for screen, print and PDF."""

from collections.abc import Iterable
from importlib.resources import files

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from reports.tree import (
    Annex,
    Block,
    Cell,
    Column,
    Document,
    Header,
    Heading,
    InText,
    Item,
    Level,
    Picture,
    Signing,
    Table,
    Title,
)

SAMPLE, DRAFT = "BẢN MẪU", "DỰ THẢO"
HEADING_TAGS = {Level.SECTION: "h2", Level.CLAUSE: "h3", Level.SUBCLAUSE: "h4", Level.SUBSUBCLAUSE: "h5"}
NOTHING = SafeString()


def style_sheet(document: Document) -> str:
    names = ["document.css"]
    names += ["sample.css"] if document.is_sample else []
    names += ["draft.css"] if document.is_draft else []
    return "".join(files("reports").joinpath("static/reports", name).read_text(encoding="utf-8") for name in names)


def standalone(document: Document, *, more_style: str = "") -> str:
    """A whole page that needs no other file. ``more_style`` is ours, never a user's."""
    style = mark_safe(style_sheet(document) + more_style)  # noqa: S308 -- our own file, no input
    return str(
        format_html(
            '<!DOCTYPE html>\n<html lang="vi">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            "<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{}\n</body>\n</html>\n",
            document.name,
            style,
            fragment(document),
        )
    )


def fragment(document: Document) -> SafeString:
    """The document alone, to stand in a page that links the style sheet."""
    sheets = [*_main_sheet(document), *(_annex(annex, document) for annex in document.annexes)]
    return format_html('<article class="document" lang="vi">\n{}\n</article>', _joined(sheets, "\n"))


def _joined(parts: Iterable[SafeString], between: str = "") -> SafeString:
    return format_html_join(between, "{}", ((part,) for part in parts))


def _marks(document: Document) -> SafeString:
    """What every sheet says of the whole document, at its edge; of a sample also behind the text, as outlines, so that
    a reader's search and copy do not trip over it.
    """
    draft = format_html('<div class="doc-draft-words">{}</div>', DRAFT) if document.is_draft else NOTHING
    if not document.is_sample:
        return draft
    outlines = mark_safe(files("reports").joinpath("sample.svg").read_text(encoding="utf-8"))  # noqa: S308 -- our own file
    return format_html('{}<div class="doc-sample-words">{}</div>{}', outlines, SAMPLE, draft)


def _main_sheet(document: Document) -> list[SafeString]:
    """Nothing when the document is a bare table."""
    if document.header is None or document.title is None:
        return []
    return [
        format_html(
            '<section class="doc-sheet">{}{}{}{}{}{}</section>',
            _marks(document),
            _header(document.header),
            _title(document.title),
            _joined(format_html('<p class="doc-basis">{}</p>', basis) for basis in document.bases),
            _blocks(document.blocks),
            _foot(document.recipients, document.signing),
        )
    ]


def _header(header: Header) -> SafeString:
    issuer = format_html_join("", '<span class="doc-line">{}</span>', ((line,) for line in header.issuer))
    return format_html(
        '<header class="doc-header"><div class="doc-row"><div class="doc-issuer">{}</div><div class="doc-nation">'
        '<span class="doc-line">{}</span><span class="doc-motto">{}</span></div></div><div class="doc-row">'
        '<p class="doc-number">{}</p><p class="doc-date">{}</p></div></header>',
        issuer,
        header.nation,
        header.motto,
        header.number,
        header.place_and_date,
    )


def _title(title: Title) -> SafeString:
    lines = format_html_join("", '<span class="doc-line">{} </span>', ((line,) for line in title.subject))
    return format_html('<div class="doc-title"><h1>{}</h1><p class="doc-subject">{}</p></div>', title.kind, lines)


def _blocks(blocks: tuple[Block, ...]) -> SafeString:
    return _joined((_block(block) for block in blocks), "\n")


def _block(block: Block) -> SafeString:
    if isinstance(block, Heading):
        tag = HEADING_TAGS[block.level]
        return format_html('<{0} class="doc-heading">{1} {2}</{0}>', tag, block.marker, block.text)
    if isinstance(block, Item):
        return format_html('<p class="doc-item doc-{}">{} {}</p>', block.level.name.lower(), block.marker, block.text)
    if isinstance(block, InText):
        return format_html('<div class="doc-in-text">{}{}</div>', _table(block.table), _notes(block.notes))
    return format_html("<p>{}</p>", block.text)


def _notes(notes: tuple[str, ...]) -> SafeString:
    return format_html_join("", '<p class="doc-note">{}</p>', ((note,) for note in notes))


def _foot(recipients: tuple[str, ...], signing: Signing | None) -> SafeString:
    if signing is None:
        return NOTHING
    return format_html(
        '<footer class="doc-foot"><div class="doc-row"><div class="doc-recipients"><p>Nơi nhận:</p><ul>{}</ul></div>'
        '<div class="doc-signing">{}<p class="doc-signer">{}</p></div></div></footer>',
        format_html_join("", "<li>{}</li>", ((line,) for line in recipients)),
        format_html_join("", "<p>{}</p>", ((line,) for line in signing.lines)),
        signing.name,
    )


def _annex(annex: Annex, document: Document) -> SafeString:
    label = format_html('<p class="doc-annex-label">{}</p>', annex.label) if annex.label else NOTHING
    state = format_html('<p class="doc-reference">{}</p>', annex.state) if annex.state else NOTHING
    return format_html(
        '<section class="doc-sheet {}">{}<div class="doc-annex-head">{}<h2>{}</h2>'
        '<p class="doc-reference">{}</p>{}</div>{}{}{}</section>',
        "doc-drawn" if annex.picture else "doc-annex",
        _marks(document),
        label,
        annex.title,
        annex.reference,
        state,
        _picture(annex.picture) if annex.picture else NOTHING,
        _table(annex.table),
        _notes(annex.notes),
    )


def _picture(picture: Picture) -> SafeString:
    """The drawing itself stands in the page: it is text like the rest, with its own words escaped."""
    return format_html(
        '<figure class="doc-picture">{}<figcaption>{}</figcaption></figure>',
        format_html_join("", "{}", ((piece,) for piece in picture.pieces)),
        picture.sentence,
    )


def _table(table: Table) -> SafeString:
    totals = _joined(_row(table.columns, row, css="doc-total") for row in table.totals)
    rows = _joined((_row(table.columns, row) for row in table.rows), "\n")
    body = (totals, rows) if table.total_first else (rows, totals)
    return format_html(
        '<table class="doc-table"><colgroup>{}</colgroup><thead>{}{}</thead><tbody>{}{}</tbody></table>',
        format_html_join("", '<col class="doc-{}">', ((column.width.value,) for column in table.columns)),
        _head(table),
        _formulas(table),
        *body,
    )


def _head(table: Table) -> SafeString:
    rows = (
        format_html_join(
            "",
            '<th scope="{}" colspan="{}" rowspan="{}">{}</th>',
            (("colgroup" if cell.columns > 1 else "col", cell.columns, cell.rows, cell.text) for cell in row),
        )
        for row in table.header
    )
    return format_html_join("", "<tr>{}</tr>", ((row,) for row in rows))


def _formulas(table: Table) -> SafeString:
    if not table.formulas:
        return NOTHING
    cells = format_html_join("", "<td>{}</td>", ((formula,) for formula in table.formulas))
    return format_html('<tr class="doc-formulas">{}</tr>', cells)


def _row(columns: tuple[Column, ...], cells: tuple[Cell, ...], css: str = "doc-body-row") -> SafeString:
    return format_html(
        '<tr class="{}">{}</tr>',
        css,
        format_html_join(
            "",
            '<td class="doc-{}{}"{}>{}</td>',
            (
                (column.align.value, " doc-keep" if column.keep_on_line else "", _span(cell), cell.text)
                for column, cell in zip(columns, cells, strict=True)
                if not cell.is_covered
            ),
        ),
    )


def _span(cell: Cell) -> SafeString:
    return format_html(' rowspan="{}"', cell.rows) if cell.rows > 1 else NOTHING
