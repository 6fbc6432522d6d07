"""Other ways provinces and towns are written; a short form that means two places is not here."""

from __future__ import annotations

from typing import Final

# Not here on purpose: QN (three provinces), ĐN, BD, HG, HB, BN, TN, VP: each means several.
PROVINCES: Final = {
    "Hà Nội": ("HN", "HNoi", "Ha Noi City", "Hanoi Capital", "Hà Tây"),
    "Hồ Chí Minh": ("HCM", "TPHCM", "HCMC", "SG", "TPSG", "Sài Gòn", "Ho Chi Minh City", "TP HCMC"),
    "Hải Phòng": ("HP", "TPHP", "Hai Phong City"),
    "Đà Nẵng": ("Da Nang City", "TPĐN"),
    "Cần Thơ": ("Can Tho City", "TPCT"),
    "Thừa Thiên Huế": ("TT Huế", "T T Huế", "Thừa Thiên", "TTHuế"),
    "Bà Rịa - Vũng Tàu": ("BRVT", "BR VT", "Bà Rịa VT", "BR Vũng Tàu"),
    "Đắk Lắk": ("Đắc Lắc", "Đak Lak", "Đắk Lắc"),
    "Bắc Kạn": ("Bắc Cạn",),
    "Kon Tum": ("Công Tum",),
    "Khánh Hòa": ("Khánh Hoà",),
}
DISTRICTS: Final = {
    ("66", "Buôn Ma Thuột"): ("Buôn Mê Thuột", "Ban Mê Thuột", "BMT"),
    ("64", "Pleiku"): ("Plây Cu", "Plây Ku", "Pleicu"),
    ("56", "Nha Trang"): ("NT",),
    ("68", "Đà Lạt"): ("DaLat City",),
    ("58", "Phan Rang - Tháp Chàm"): ("Phan Rang", "Tháp Chàm", "PRTC"),
}
