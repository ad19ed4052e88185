"""Filters and tags for every page; they stand in every template without being loaded."""

import re
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from html import unescape

import nh3
import segno
from babel import Locale
from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

from interlock.web.look import amounts
from interlock.web.look.made_up import INVENTED, MADE_UP

TEXTS = 2_048  # of what organisers wrote, kept as they are shown

register = template.Library()
_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


def _below_the_page(state: StateCore) -> None:
    """Headings stand below those of the page: the highest one that is used is a third-level one."""
    headings = [token for token in state.tokens if token.type.startswith("heading_")]
    highest = min((token.tag for token in headings), default="")
    for token in headings:
        token.tag = "h3" if token.tag == highest else "h4"


_markdown.core.ruler.push("below_the_page", _below_the_page)

register.filter("number", amounts.number)
register.filter("moment", amounts.moment)
register.filter("day", amounts.day)
register.filter("calendar_day", amounts.calendar_day)
register.filter("zone_name", amounts.zone_name)
register.filter("zoned", amounts.zoned)


@register.filter
def money(minor: int | Fraction, currency: str) -> SafeString:
    """The amount for machines and people: `<data value="64000.00">$64,000</data>`."""
    return _money(round(minor), currency, amounts.locale())


@lru_cache(amounts.REMEMBERED)
def _money(whole: int, currency: str, _reader: Locale) -> SafeString:
    return format_html(
        '<data value="{}">{}</data>',
        whole / 10 ** amounts.precision(currency),
        amounts.money(whole, currency),
    )


register.filter("money_text", amounts.money)


@register.filter
def markdown(text: object) -> SafeString:
    """What organisers write, as HTML: raw HTML is off, and the outcome is cleaned again."""
    return _rendered(str(text))


@register.filter
def excerpt(text: object, length: int) -> str:
    """The beginning of what organisers write, without its marks."""
    return _excerpt(str(text), length)


@lru_cache(TEXTS)
def _rendered(text: str) -> SafeString:
    return mark_safe(nh3.clean(_markdown.render(text), tags=ALLOWED))


@lru_cache(TEXTS)
def _excerpt(text: str, length: int) -> str:
    plain = unescape(nh3.clean(_markdown.render(text), tags=set()))
    return str(Truncator(plain.strip()).chars(length))


ALLOWED = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "h3", "h4", "br"}


@register.filter
def time_tag(at: datetime, zone: str) -> SafeString:
    return _time_tag(at, zone, amounts.locale())


@lru_cache(amounts.REMEMBERED)
def _time_tag(at: datetime, zone: str, _reader: Locale) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), amounts.moment(at, zone))


@register.filter
def percent(part: int, whole: int) -> int:
    """A share of the whole as a rounded percentage; nothing of nothing is 0."""
    return round(100 * part / whole) if whole else 0


@register.filter
def width(part: int | Fraction, whole: int | Fraction) -> str:
    """A bar's width for SVG, always with a point: `47.6%`."""
    share = Fraction(part) / Fraction(whole) if whole else Fraction(0)
    return f"{float(min(max(share, Fraction(0)), Fraction(1))) * 100:.2f}%"


@register.filter
def jointed(text: object) -> SafeString:
    """A file's name, say, that a narrow page may break after its signs and not within a word."""
    return mark_safe(re.sub(r"([_.\-]+)(?=.)", r"\1<wbr>", escape(text)))


@register.filter
def groups_of_four(code: str) -> list[str]:
    return [code[start : start + 4] for start in range(0, len(code), 4)]


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as one SVG path, always dark on white."""
    code = segno.make(text, error="m", micro=False)
    side = len(code.matrix)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dot in enumerate(row) if dot
    )
    return format_html(
        '<svg class="qr" viewBox="-2 -2 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><path d="{2}" fill="#000"/></svg>',
        side + 4,
        _("The same code as a QR code"),
        path,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the few drawings that stand before a sentence. The sentence says it all."""
    return mark_safe(ICONS[name])


@register.simple_tag
def made_up() -> SafeString:
    """The mark of what is invented: a drawing and words, so never told by colour alone."""
    return format_html('<span class="tag open">{}{}</span>', icon("made-up"), MADE_UP)


@register.simple_tag
def made_up_notice() -> SafeString:
    """The same for a page, with a sentence."""
    return format_html(
        '<div class="state draft">{}<p><strong>{}.</strong> {}</p></div>',
        icon("made-up"),
        MADE_UP,
        INVENTED,
    )


ICONS = {
    "made-up": '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="lh" d="M3 4h18v7a9 9 0 0 1-18 0z"/>'
    '<path class="li" d="M7 10h3M14 10h3M8.5 14.5q3.5 2.5 7 0"/></svg>',
    "done": '<svg viewBox="0 0 24 24" aria-hidden="true"><circle class="fg" cx="12" cy="12" r="11"/>'
    '<path class="tick" d="M6.5 12.5l3.8 3.8 7.2-8"/></svg>',
    "missing": '<svg viewBox="0 0 24 24" aria-hidden="true"><circle class="lh dash" cx="12" cy="12" '
    'r="10.5"/><path class="lh" d="M7.5 12h9"/></svg>',
    "not": '<svg viewBox="0 0 24 24" aria-hidden="true"><circle class="lx" cx="12" cy="12" r="10.5"/>'
    '<path class="lx" d="M8 8l8 8M16 8l-8 8"/></svg>',
    "draft": '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="lh dash" d="M3 3h18v18H3z"/>'
    '<path class="li" d="M7 16.5l1-3.6 7-7 2.6 2.6-7 7z"/></svg>',
    "vote": '<svg viewBox="0 0 44 44" aria-hidden="true"><path class="lg" d="M6 20h32v18H6zM14 20V6h16v14"/>'
    '<path class="lc" d="M18 12l3 3 6-7"/><path class="lg" d="M15 27h14"/></svg>',
    "budget": '<svg viewBox="0 0 44 44" aria-hidden="true"><circle class="lg" cx="22" cy="22" r="16"/>'
    '<path class="lg" d="M22 6v16l13 9"/><path class="lc w3" d="M22 22L8 30"/></svg>',
    "co-op": '<svg viewBox="0 0 44 44" aria-hidden="true"><circle class="lc" cx="22" cy="12" r="7"/>'
    '<circle class="lc" cx="11" cy="30" r="7"/><circle class="lc" cx="33" cy="30" r="7"/>'
    '<path class="lg" d="M19 18l-5 6M25 18l5 6M18 31h8"/></svg>',
    "link": '<svg viewBox="0 0 44 44" aria-hidden="true"><circle class="lg w3" cx="16" cy="22" r="11"/>'
    '<circle class="lc w3" cx="28" cy="22" r="11"/></svg>',
    "exchange": '<svg viewBox="0 0 44 44" aria-hidden="true"><path class="lg w3" d="M8 15h26M27 8l7 7-7 7"/>'
    '<path class="lc w3" d="M36 30H10M17 23l-7 7 7 7"/></svg>',
    "survey": '<svg viewBox="0 0 44 44" aria-hidden="true"><path class="lg" d="M9 5h26v34H9z"/>'
    '<path class="lc" d="M14 14h3M14 22h3M14 30h3"/><path class="lg" d="M21 14h9M21 22h9M21 30h6"/></svg>',
    "evidence": '<svg viewBox="0 0 44 44" aria-hidden="true"><path class="ll" d="M5 12h34M5 22h34M5 32h34"/>'
    '<path class="lg w3" d="M12 12h16M9 32h13"/><path class="lc w3" d="M20 22h15"/>'
    '<circle class="fg" cx="19" cy="12" r="4"/><circle class="fc" cx="28" cy="22" r="4"/>'
    '<circle class="fg" cx="15" cy="32" r="4"/></svg>',
}
