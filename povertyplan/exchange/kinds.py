"""Which workbooks there are. An app registers its own when it starts; nothing here knows them."""

from collections.abc import Callable
from dataclasses import dataclass

from povertyplan.accounts.models import User
from povertyplan.areas.models import Area
from povertyplan.exchange.resources import SheetResource


class UnknownKind(LookupError):
    """No such workbook, or not for this unit; the message is a Vietnamese sentence."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """``slug`` opens the file names; ``fits`` says for which units it is; ``permission`` is the right to write."""

    key: str
    label: str
    slug: str
    resource: type[SheetResource]
    permission: Callable[[User, Area], bool]
    fits: Callable[[Area], bool]
    position: int = 0


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called once by the app's ``ready``; the same key again takes the place of the first."""
    _KINDS[kind.key] = kind


def kinds_of(unit: Area) -> list[Kind]:
    return sorted((kind for kind in _KINDS.values() if kind.fits(unit)), key=lambda kind: kind.position)


def label_of(key: str) -> str:
    """What people call a workbook; the key itself where no app has such a one."""
    return _KINDS[key].label if key in _KINDS else key


def kind_of(key: str, *, unit: Area) -> Kind:
    """Raises UnknownKind."""
    kind = _KINDS.get(key)
    if kind is None:
        raise UnknownKind(f"Không có loại bảng Excel «{key}». Các loại có: {', '.join(sorted(_KINDS))}.")
    if not kind.fits(unit):
        raise UnknownKind(f"«{kind.label}» không dùng cho {unit}.")
    return kind
