"""How old somebody is by the birth date they told, and what that opens."""

import datetime as dt

ADULT_YEARS = 18
LEAST_YEARS = 13


def is_adult(born: dt.date | None, today: dt.date) -> bool:
    """Return whether a birth date makes its owner 18 or older; an unknown one does not."""
    return born is not None and years(born, today) >= ADULT_YEARS


def years(born: dt.date, today: dt.date) -> int:
    """Return the age in whole years; who is born on 29 February has a birthday on 1 March."""
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1)
