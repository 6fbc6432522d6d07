"""The lunar calendar of Việt Nam, reckoned at UTC+7.

Source: J. Meeus, Astronomical Algorithms (2nd edition, 1998), chapters 25 (longitude of the sun)
and 49 (new moons); difference between dynamical and universal time after Espenak and Meeus,
Five Millennium Canon of Solar Eclipses (NASA, 2006). Checked against the feast days of
lunar_peaks.csv and, month by month for 1990 to 2070, against another ephemeris. Later new moons
fall so close to midnight (2077, 2085) that the unknown slowing of the earth decides the day.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2070
WINTER_MONTH: Final = 11
_MOST_MONTHS: Final = 12
_UTC_OFFSET_DAYS: Final = 7 / 24
_SECONDS_PER_DAY: Final = 86_400
# Julian day number of the noon that ends the day before date.toordinal() 1.
_ORDINAL_OFFSET: Final = 1_721_425
_NEW_MOON_2000: Final = 2_451_550.09766
_SYNODIC_DAYS: Final = 29.530588861
_JULIAN_2000: Final = 2_451_545.0
_DAYS_PER_CENTURY: Final = 36_525
_LUNATIONS_PER_CENTURY: Final = 1236.85
_SECTOR_DEGREES: Final = 30
_WINTER_SECTOR: Final = 9

# Amplitude in days and multiples of the sun's anomaly, the moon's anomaly and the moon's
# argument of latitude (Meeus, table 49.A, new moon).
_PERIODIC: Final = (
    (-0.40720, 0, 1, 0), (0.17241, 1, 0, 0), (0.01608, 0, 2, 0), (0.01039, 0, 0, 2),
    (0.00739, -1, 1, 0), (-0.00514, 1, 1, 0), (0.00208, 2, 0, 0), (-0.00111, 0, 1, -2),
    (-0.00057, 0, 1, 2), (0.00056, 1, 2, 0), (-0.00042, 0, 3, 0), (0.00042, 1, 0, 2),
    (0.00038, 1, 0, -2), (-0.00024, -1, 2, 0), (-0.00007, 2, 1, 0), (0.00004, 0, 2, -2),
    (0.00004, 3, 0, 0), (0.00003, 1, 1, -2), (0.00003, 0, 2, 2), (-0.00003, 1, 1, 2),
    (0.00003, -1, 1, 2), (-0.00002, -1, 1, -2), (-0.00002, 1, 3, 0), (0.00002, 0, 4, 0),
)  # fmt: skip
# Amplitude in 0.000001 day, degrees at the epoch, degrees a lunation (planetary arguments).
_PLANETARY: Final = (
    (325, 299.77, 0.107408), (165, 251.88, 0.016321), (164, 251.83, 26.651886),
    (126, 349.42, 36.412478), (110, 84.66, 18.206239), (62, 141.74, 53.303771),
    (60, 207.14, 2.453732), (56, 154.84, 7.306860), (47, 34.52, 27.261239),
    (42, 207.19, 0.121824), (40, 291.34, 1.844379), (37, 161.72, 24.198154),
    (35, 239.56, 25.513099), (23, 331.55, 3.592518),
)  # fmt: skip


class LunarDay(NamedTuple):
    """A day of the lunar calendar; the year is the solar one in which its Tết falls."""

    year: int
    month: int
    day: int
    is_leap: bool = False


class LunarMonth(NamedTuple):
    """A month and the solar days it spans."""

    year: int
    month: int
    is_leap: bool
    first: dt.date
    days: int

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.first + dt.timedelta(days=self.days - 1)


@cache
def months_of(year: int) -> tuple[LunarMonth, ...]:
    """Return the 12 or 13 months of a lunar year, from Tết on.

    Raises:
        ValueError: The year is outside FIRST_YEAR to LAST_YEAR.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The lunar calendar is reckoned from {FIRST_YEAR} to {LAST_YEAR}.")
    months = (*_between_winters(year), *_between_winters(year + 1))
    return tuple(month for month in months if month.year == year)


def solar_day(day: LunarDay) -> dt.date | None:
    """Return the solar day, None where there is no such lunar day."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    for month in months_of(day.year):
        if (month.month, month.is_leap) == (day.month, day.is_leap) and 1 <= day.day <= month.days:
            return month.first + dt.timedelta(days=day.day - 1)
    return None


def lunar_day(day: dt.date) -> LunarDay:
    """Return the lunar day of a solar one.

    Raises:
        ValueError: The year is outside the reckoned ones.
    """
    year = day.year if day.year <= LAST_YEAR and day >= months_of(day.year)[0].first else None
    for month in months_of(year or day.year - 1):
        if month.first <= day <= month.last:
            at = (day - month.first).days + 1
            return LunarDay(month.year, month.month, at, month.is_leap)
    raise ValueError(f"{day} is outside the reckoned years.")


def tet(year: int) -> dt.date:
    """Return the first day of the lunar year, which falls in the solar year of that number.

    Raises:
        ValueError: The year is outside FIRST_YEAR to LAST_YEAR.
    """
    return months_of(year)[0].first


@cache
def _between_winters(year: int) -> tuple[LunarMonth, ...]:
    """Return the months from the 11th of the year before up to the next 11th.

    Where there are thirteen, the first in which the sun enters no new sector is the leap month.
    """
    first, beyond = _winter_moon(year - 1), _winter_moon(year)
    starts = [_new_moon_day(k) for k in range(first, beyond + 1)]
    leap = _leap_at(starts) if len(starts) > _MOST_MONTHS + 1 else None
    months, number = [], WINTER_MONTH - 1
    for at, (start, end) in enumerate(pairwise(starts)):
        number += at != leap
        of_year = year - 1 if number <= _MOST_MONTHS else year
        month = (number - 1) % _MOST_MONTHS + 1
        begins = dt.date.fromordinal(start)
        months.append(LunarMonth(of_year, month, at == leap, begins, end - start))
    return tuple(months)


def _leap_at(starts: list[int]) -> int:
    sectors = [_sun_sector(start) for start in starts]
    return next(at for at in range(1, len(starts)) if sectors[at] == sectors[at + 1])


def _winter_moon(year: int) -> int:
    """Return the lunation whose month holds the winter solstice of a solar year."""
    last_day = dt.date(year, 12, 31).toordinal()
    k = math.floor((last_day + _ORDINAL_OFFSET - _NEW_MOON_2000) / _SYNODIC_DAYS) + 1
    while _new_moon_day(k) > last_day or _sun_sector(_new_moon_day(k)) >= _WINTER_SECTOR:
        k -= 1
    return k


@cache
def _new_moon_day(k: int) -> int:
    """Return the day (proleptic ordinal, at UTC+7) of the k-th new moon after 2000-01-06."""
    moment = _new_moon(k) - _delta_t_days(k) + _UTC_OFFSET_DAYS
    return math.floor(moment + 0.5) - _ORDINAL_OFFSET


def _new_moon(k: int) -> float:
    """Return the moment of a new moon as Julian day in dynamical time (Meeus, chapter 49)."""
    t = k / _LUNATIONS_PER_CENTURY
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t**2
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t**2
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    moment = _NEW_MOON_2000 + _SYNODIC_DAYS * k + 0.00015437 * t**2 - 0.00017 * _sin(node)
    for size, by_sun, by_moon, by_latitude in _PERIODIC:
        angle = by_sun * sun + by_moon * moon + by_latitude * latitude
        moment += size * eccentricity ** abs(by_sun) * _sin(angle)
    return moment + sum(size * _sin(at + pace * k) for size, at, pace in _PLANETARY) / 1e6


def _sun_sector(day: int) -> int:
    """Return in which twelfth of the ecliptic the sun stands as a day begins at UTC+7.

    0 begins at the spring equinox, 9 at the winter solstice (Meeus, chapter 25).
    """
    moment = day + _ORDINAL_OFFSET - 0.5 - _UTC_OFFSET_DAYS
    moment += _delta_t_days((moment - _NEW_MOON_2000) / _SYNODIC_DAYS)
    t = (moment - _JULIAN_2000) / _DAYS_PER_CENTURY
    anomaly = 357.52911 + 35_999.05029 * t - 0.0001537 * t**2
    centre = (1.914602 - 0.004817 * t) * _sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * _sin(2 * anomaly) + 0.000289 * _sin(3 * anomaly)
    mean = 280.46646 + 36_000.76983 * t + 0.0003032 * t**2
    apparent = mean + centre - 0.00569 - 0.00478 * _sin(125.04 - 1934.136 * t)
    return math.floor(apparent % 360 / _SECTOR_DEGREES)


def _delta_t_days(k: float) -> float:
    """Return dynamical minus universal time (Espenak and Meeus, the years 2005 to 2050)."""
    years = k * 100 / _LUNATIONS_PER_CENTURY
    return (62.92 + 0.32217 * years + 0.005589 * years**2) / _SECONDS_PER_DAY


def _sin(degrees: float) -> float:
    return math.sin(math.radians(degrees))
