"""How numbers, moments and icons look on pages. Display only: no queries, no rules."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw one symbol of `components/_sprite.svg`; decorative, so hidden from screen readers."""
    classes = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>',
        classes,
        name,
    )


@register.filter
def compact(value: int | None) -> str:
    """Shorten a count for a small space: 999, 1.2K, 34K, 5.6M. Never rounds up across a unit."""
    number = value or 0
    for unit, suffix in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        if number >= unit:
            tenths = number * 10 // unit
            whole, rest = divmod(tenths, 10)
            return f"{whole}{suffix}" if whole >= 100 or not rest else f"{whole}.{rest}{suffix}"
    return str(number)


@register.filter
def clock(milliseconds: int | None) -> str:
    """Duration as m:ss, or h:mm:ss from an hour on."""
    seconds = round((milliseconds or 0) / 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """A `<time>` such as "3h" that `controllers/ago.js` keeps current; the title has it all."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}" data-controller="ago">{}</time>',
        moment.isoformat(),
        format_date(timezone.localtime(moment), "j M Y, H:i"),
        _short_age(moment),
    )


def _short_age(moment: datetime) -> str:
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < _MINUTE:
        return _("now")
    if seconds < _HOUR:
        return _("%(n)dm") % {"n": seconds // _MINUTE}
    if seconds < _DAY:
        return _("%(n)dh") % {"n": seconds // _HOUR}
    if seconds < 7 * _DAY:
        return _("%(n)dd") % {"n": seconds // _DAY}
    local = timezone.localtime(moment)
    return format_date(local, "j M" if local.year == timezone.localtime().year else "j M Y")


@register.filter
def initial(person: object) -> str:
    """First letter for the picture of somebody without one."""
    if isinstance(person, Mapping):
        name = person.get("name") or person.get("username") or ""
    else:
        name = getattr(person, "name", "") or getattr(person, "username", "")
    return str(name)[:1].upper()
