"""Words of the area tree."""

from django.db.models import TextChoices


class Level(TextChoices):
    PROVINCE = "province", "tỉnh"
    DISTRICT = "district", "huyện"
    COMMUNE = "commune", "xã"
    VILLAGE = "village", "thôn"


class Setting(TextChoices):
    """Chooses the income line and the B1 cut-off."""

    RURAL = "rural", "nông thôn"
    URBAN = "urban", "thành thị"


class Flag(TextChoices):
    EXTREMELY_DIFFICULT = "is_extremely_difficult", "đặc biệt khó khăn"
    POOR_COMMUNE = "is_poor_commune", "xã nghèo"
    REGION_CLASS = "region_class", "khu vực"


KINDS = {
    Level.PROVINCE: ("tỉnh", "thành phố"),
    Level.DISTRICT: ("huyện", "quận", "thị xã", "thành phố"),
    Level.COMMUNE: ("xã", "phường", "thị trấn", "đặc khu"),
    Level.VILLAGE: (
        "thôn",
        "làng",
        "bản",
        "buôn",
        "ấp",
        "khóm",
        "khu phố",
        "tổ dân phố",
        "khối phố",
        "tổ",
        "xóm",
        "plei",
    ),
}
CODE_LENGTHS = {Level.PROVINCE: 2, Level.DISTRICT: 3, Level.COMMUNE: 5}
URBAN_KINDS = ("phường", "thị trấn")
