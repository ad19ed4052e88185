"""The signs of the map and of the networks: ring with a dot, plain ring, linked rings, square."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

GROUND = '<circle class="fk" cx="{x}" r="{r}"/>'
COOP = '<circle class="lc w3" cx="{x}" r="{r}"/>'
PUBLIC = '<circle class="lg w3" cx="{x}" r="{r}"/><circle class="fg" cx="{x}" r="{dot}"/>'
OTHER = '<path class="{of}" d="M0-{r}l{r} {r}-{r} {r}-{r}-{r}z"/>'


@register.simple_tag
def sign(kind: str, radius: float) -> SafeString:
    """A sign around the origin. The word goes with it, so that shape and colour are never alone."""
    r, dot, half = f"{radius:.1f}", f"{radius * 0.38:.1f}", f"{radius * 0.6:.1f}"
    if kind == "public":
        return format_html(GROUND + PUBLIC, x=0, r=r, dot=dot)
    if kind == "co-op":
        return format_html(GROUND + COOP, x=0, r=r)
    if kind == "both":
        left, right = f"-{half}", half
        grounds = format_html(GROUND, x=left, r=r) + format_html(GROUND, x=right, r=r)
        return grounds + format_html(PUBLIC, x=left, r=r, dot=dot) + format_html(COOP, x=right, r=r)
    return format_html(OTHER, of="fk", r=r) + format_html(OTHER, of="lx", r=r)
