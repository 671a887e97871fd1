"""Vietnamese text at the door: one form of Unicode, legacy fonts recognised, names in Vietnamese order."""

import re
import unicodedata
from collections.abc import Sequence

SPACES = re.compile(r"\s+")
LETTERS = {" ": "02"} | {letter: str(rank) for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", start=10)}
TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
DIGITS = re.compile(r"\d+")
# What text typed for an old font looks like in Unicode. Only signs that Vietnamese never writes there count, or
# «Liên» and «hoà» would be refused: TCVN3 draws letters at the places of signs, VNI puts accents as letters behind.
TCVN3 = re.compile(
    "[A-Za-z][\u00a8\u00a9\u00aa\u00ac\u00ae\u00b5\u00b6\u00b8\u00bc-\u00be\u00c6\u00de\u00df]"
    "|[\u00a9\u00aa\u00ac\u00ae\u00b5\u00b6\u00b8][a-z]|\u00a7[\u00b7\u00b9a-z]"
    "|[A-Za-z][\u00ab\u00ad\u00b7\u00b9\u00bb][a-z\u00eb]"
)
VNI = re.compile("[A-Za-z][øûïäåëü]|[ñö][A-Za-zâêôù]|[aeouy][ùõ]|[aeo]â|a[êàáãèé]|e[àáã]", re.IGNORECASE)
VIETNAMESE_ONLY = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĂĐƠƯẠ-ỹ]")


def clean(value: str) -> str:
    """NFC, no control or invisible characters, single spaces, none at the ends."""
    composed = unicodedata.normalize("NFC", value)
    visible = "".join(char for char in composed if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})
    return SPACES.sub(" ", visible).strip()


def clean_lines(value: str) -> str:
    """Like ``clean`` for text of several lines; empty lines at the ends are dropped."""
    return "\n".join(clean(line) for line in value.splitlines()).strip("\n")


def legacy_encoding(value: str) -> str:
    """Name of the old font encoding the text seems typed in, «TCVN3» or «VNI»; empty for Unicode."""
    if VIETNAMESE_ONLY.search(value):
        return ""
    if TCVN3.search(value):
        return "TCVN3"
    return "VNI" if VNI.search(value) else ""


def sort_key(value: str) -> str:
    """Key that orders names as a Vietnamese dictionary does: a ă â, d đ, then by tone; numbers by value.

    Stored beside the name, because the database has no Vietnamese collation. Plain ASCII: byte order is enough.
    """
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", DIGITS.sub(lambda m: m[0].zfill(6), clean(value).lower())):
        if char in TONES:
            tones.append(TONES[char])
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
            tones.append(" ")
    return (
        "".join(LETTERS.get(char, char if char.isascii() else "zz") for char in letters) + "!" + "".join(tones).rstrip()
    )


def first_upper(value: str) -> str:
    return value[:1].upper() + value[1:]


def plain(value: str) -> str:
    """For searching: small letters without accents, ``đ`` as ``d``, single spaces."""
    letters = unicodedata.normalize("NFD", clean(value).lower()).replace("đ", "d")
    return "".join(char for char in letters if not unicodedata.combining(char))


def some_of(names: Sequence[str], most: int = 5) -> str:
    """The first few places by name, the others by number."""
    more = f" và {len(names) - most} nơi khác" if len(names) > most else ""
    return ", ".join(names[:most]) + more
