"""What single cells say: a text made clean, an address, a date, a number, a pair of coordinates.

Each reader answers with the value and a remark: None where the cell says what it should, otherwise
what was tolerated, or why the value is empty.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from urllib.parse import urlsplit

from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.formulas import is_formula, unguarded
from interlock.methods.formats.register.record import Headcount
from interlock.methods.formats.register.sentences import said

# The longest description of the real files has 2,873 signs.
LONGEST = 20_000
LONGEST_NAME = 200
LONGEST_LINE = 500
LONGEST_URL = 2_000
LONGEST_EMAIL = 254
MOST_PEOPLE = 10_000_000
FIRST_YEAR, LAST_YEAR = 1500, 2100

# Marks that turn the direction of what follows, so that a name looks like another one.
_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HOST = re.compile(r"(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{0,61}[\w]\.?")
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}")
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
)
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:([.,])[0-9]{1,20})?")
_HANDLE = re.compile(r"[\w.-]{1,100}")
_PHONE = re.compile(r"\+?[0-9 ()./-]{4,40}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)


def unreadable(text: str) -> Remark | None:
    """Why this is no text that anybody can have meant, or None.

    >>> unreadable("caf\\udce9")
    'Byte 0xe9 is not UTF-8, which the rest of the file is. Save the file as UTF-8.'
    """
    if len(text) > LONGEST:
        return said("cell-too-long", signs=len(text), most=LONGEST)
    if "\0" in text:
        return said("nul")
    lost = next((sign for sign in text if "\ud800" <= sign <= "\udfff"), "")
    if lost >= "\udc80" and lost <= "\udcff":
        return said("not-utf8", byte=f"{ord(lost) - 0xDC00:#04x}")
    return said("half-sign") if lost else None


def cleaned(text: str) -> tuple[str, Remark | None]:
    """A text without what cannot be seen, its formula kept as text.

    >>> cleaned("=HYPERLINK(1)")
    ('=HYPERLINK(1)', 'It begins like a formula and was kept as text.')
    """
    plain = _CONTROLS.sub(" ", _TURNS.sub("", text))
    remark = said("unseen") if plain != text else None
    plain = unguarded(plain.strip())
    if is_formula(plain):
        remark = said("formula")
    elif "\ufffd" in plain:
        remark = said("sign-lost")
    return plain, remark


def line(text: str, longest: int = LONGEST_LINE) -> tuple[str, Remark | None]:
    """A text of one line; "" when it is too long to be one."""
    flat = " ".join(text.split())
    if len(flat) > longest:
        return "", said("too-long", signs=len(flat), most=longest)
    return flat, None


def parts(text: str) -> tuple[str, ...]:
    """The items between semicolons, each once.

    >>> parts("Food; Housing;food")
    ('Food', 'Housing')
    """
    found: dict[str, str] = {}
    for part in text.split(";"):
        flat = " ".join(part.split())
        if flat:
            found.setdefault(flat.casefold(), flat)
    return tuple(found.values())


def web_address(text: str) -> tuple[str, Remark | None]:
    """A web address; only http and https lead to a page, and none carries a password.

    >>> web_address("https://example.coop/about"), web_address("example.coop")[0]
    (('https://example.coop/about', None), 'http://example.coop')
    >>> web_address("javascript:alert(1)")[0]
    ''
    """
    given, remark = text, None
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", given):
        given, remark = f"http://{given.lstrip('/')}", said("scheme-added")
    try:
        found = urlsplit(given)
        host, wrong = found.hostname or "", found.username is not None
        _port = found.port
    except ValueError:
        return "", said("no-web-address", text=shown(text))
    sound = found.scheme in ("http", "https") and _HOST.fullmatch(host) and not wrong
    if not sound or len(given) > LONGEST_URL or re.search(r"[\s<>\"'`{}|\\^]", given):
        return "", said("no-web-address", text=shown(text))
    return given, remark


def mailbox(text: str) -> tuple[str, Remark | None]:
    """An e-mail address.

    >>> mailbox("mailto:Hello@Example.COOP"), mailbox("nobody")[0]
    (('Hello@example.coop', None), '')
    """
    given = re.sub(r"^mailto:", "", text, flags=re.IGNORECASE)
    name, _at, host = given.rpartition("@")
    dots = name.startswith(".") or name.endswith(".") or ".." in name
    if dots or not _MAILBOX.fullmatch(name) or not _HOST.fullmatch(host) or host.endswith("."):
        return "", said("no-mailbox", text=shown(text))
    if len(given) > LONGEST_EMAIL:
        return "", said("mailbox-too-long", text=shown(text))
    return f"{name}@{host.lower()}", None


def phone(text: str) -> tuple[str, Remark | None]:
    """A telephone number, as it was written.

    >>> phone("+44 20 7946 0000"), phone("ask Ana")[0]
    (('+44 20 7946 0000', None), '')
    """
    flat = " ".join(text.split())
    digits = sum(sign.isdigit() for sign in flat)
    if not flat.isascii() or not _PHONE.fullmatch(flat) or not 5 <= digits <= 21:
        return "", said("no-phone", text=shown(text))
    return flat, None


def handle(text: str, host: str) -> tuple[str, Remark | None]:
    """What an account is called at this host, told by its name or its address.

    >>> handle("@treecoop", "twitter.com"), handle("https://www.twitter.com/treecoop", "twitter.com")
    (('treecoop', None), ('treecoop', None))
    """
    name = re.sub(rf"^(?:https?://)?(?:[a-z]+\.)?{re.escape(host)}/", "", text, flags=re.IGNORECASE)
    name = name.removeprefix("@").rstrip("/")
    if not _HANDLE.fullmatch(name):
        return "", said("no-account", text=shown(text))
    return name, None


def date(text: str) -> tuple[str, Remark | None]:
    """A date as ISO 8601 has it, as exact as it was given.

    >>> date("2003-3-25"), date("1998"), date("25/03/2003")
    (('2003-03-25', None), ('1998', None), ('2003-03-25', None))
    >>> date("04/03/2003")[1]
    '"04/03/2003" may be two dates, and was left out. Write 2003-04-03 or 2003-03-04.'
    """
    flat = text.strip()
    slashed = _SLASHED.fullmatch(flat) if flat.isascii() else None
    if slashed:
        first, second, year = int(slashed[1]), int(slashed[2]), slashed[3]
        if first <= 12 and second <= 12 and first != second:
            one, other = f"{year}-{first:02}-{second:02}", f"{year}-{second:02}-{first:02}"
            return "", said("two-dates", text=flat, one=one, other=other)
        day, month = (second, first) if second > 12 else (first, second)
        flat = f"{year}-{month}-{day}"
    found = _DATE.fullmatch(flat) if flat.isascii() else None
    numbers = [int(part) for part in found.groups() if part] if found else []
    if not numbers or not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
        return "", said("no-date", text=shown(text))
    try:
        datetime.date(*[*numbers, 1, 1][:3])
    except ValueError:
        return "", said("no-such-day", text=shown(text))
    return "-".join(f"{number:02}" for number in numbers), None


def headcount(text: str, year: str) -> tuple[Headcount | None, Remark | None]:
    """How many people, and in which year.

    >>> headcount("12", "2023"), headcount("about 12", "")[1]
    ((Headcount(number=12, year=2023), None), '"about 12" is no whole number, and was left out.')
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= MOST_PEOPLE):
        return None, said("no-number", text=shown(text))
    sound = year.isascii() and year.isdigit() and FIRST_YEAR <= int(year[:9]) <= LAST_YEAR
    remark = None if sound or not year else said("no-year", text=shown(year))
    return Headcount(int(text), int(year) if sound else None), remark


def coordinates(latitude: str, longitude: str) -> tuple[float | None, float | None, Remark | None]:
    """A place on the earth in degrees; none where the two cannot be one.

    >>> coordinates("52.6", "-1.1"), coordinates("52,6", "-1,1")[:2]
    ((52.6, -1.1, None), (52.6, -1.1))
    >>> coordinates("-122.4", "37.8")[2]
    'Latitude -122.4 and longitude 37.8 look exchanged, and were left out. Exchange them.'
    """
    if not latitude or not longitude:
        return None, None, said("no-longitude" if latitude else "no-latitude")
    given = {"latitude": shown(latitude), "longitude": shown(longitude)}
    north, east = _NUMBER.fullmatch(latitude), _NUMBER.fullmatch(longitude)
    if not (north and east and latitude.isascii() and longitude.isascii()):
        return None, None, said("no-degrees", **given)
    lat, lon = (float(one.replace(",", ".")) for one in (latitude, longitude))
    if lat == lon == 0:
        return None, None, said("null-island", **given)
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        return None, None, said("exchanged", **given)
    if abs(lat) > 90 or abs(lon) > 180:
        return None, None, said("nowhere", **given)
    comma = "," in (north[1], east[1])
    return lat, lon, said("decimal-comma") if comma else None


def sameness(text: str) -> str:
    """A name or a place as it is compared: without case, accents and punctuation.

    >>> sameness("Café Co-op, Ltd.") == sameness("CAFE COOP LTD")
    True
    """
    # Folding finds what is capital only once it is decomposed, and leaves what has to be again.
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = unicodedata.normalize("NFKD", plain)
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w\s]", "", kept).split())
