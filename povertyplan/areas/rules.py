"""Pure rules of the area tree."""

from povertyplan.areas.choices import CODE_LENGTHS, URBAN_KINDS, Level, Setting


def level_of_code(code: str) -> Level | None:
    """The level that writes codes of this length: provinces two digits, districts three, communes five."""
    if not (code.isascii() and code.isdigit()):
        return None
    return next((level for level, length in CODE_LENGTHS.items() if length == len(code)), None)


def default_setting(level: Level, kind: str, parent: Setting | None) -> Setting | None:
    """Rural or urban by the kind of commune; a village as its commune. Practice, open to correction per area."""
    if level == Level.VILLAGE:
        return parent
    if level == Level.COMMUNE:
        return Setting.URBAN if kind in URBAN_KINDS else Setting.RURAL
    return None
