"""A list of institutions with fifty spoiled rows, each of its own kind, and sound rows between."""

from dataclasses import dataclass

HEADINGS = (
    "Identifier,Name,Description,Locality,Country,Latitude,Longitude,Website,Email,Phone,"
    "Founded,Workers,Companies House Number,Membership Type,Organisational Structure"
)
WIDTH = HEADINGS.count(",") + 1


@dataclass(frozen=True)
class Spoiled:
    """A row, what is wrong with it, in the sentence that says so, and whether it is refused."""

    row: bytes
    said: str
    refused: bool


def row(**cells: str) -> bytes:
    """A row that is sound but for what is given, by heading with "_" for a space."""
    said = {heading.replace(" ", "_"): "" for heading in HEADINGS.split(",")}
    return ",".join({**said, **cells}.values()).encode()


def sound(number: int) -> bytes:
    return row(Identifier=f"XX-TEST-{number}", Name=f"Sound {number}", Locality="Oakton")


def rows() -> list[Spoiled]:
    def bad(said: str, **cells: str) -> Spoiled:
        return Spoiled(row(**cells), said, True)

    def odd(said: str, number: int, **cells: str) -> Spoiled:
        return Spoiled(row(**{"Name": f"Odd {number}", **cells}), said, False)

    return [
        bad("has no name", Locality="Elm"),
        bad("has no name", Name="--- . ---"),
        bad("more than 200", Name="N" * 201),
        bad("more than 20,000", Name="Huge", Description="d" * 20_001),
        bad("longer than 131,072", Name="Huger", Description="d" * 140_000),
        bad("NUL", Name="N\0l"),
        Spoiled(row(Name="Caf@").replace(b"@", b"\xe9"), "Byte 0xe9 is not UTF-8", True),
        Spoiled(row(Name="X", Locality="@").replace(b"@", b"\xff"), "Byte 0xff", True),
        Spoiled(row(Name="Y@").replace(b"@", b"\xed\xa0\x80"), "is not UTF-8", True),
        Spoiled(row(Name="Z@").replace(b"@", b"\xc3"), "Byte 0xc3", True),
        Spoiled(b'XX-TEST-900,"Open', "quotes", True),
        Spoiled(row(Name='"Half "quoted'), "quotes", True),
        Spoiled(row(Name='"Shut" twice"'), "quotes", True),
        Spoiled(row(Name="Not, in quotes"), "16 cells", True),
        Spoiled(row(Name="Short").rpartition(b",")[0], "14 cells", True),
        Spoiled(row(Name="Long") + b",one more", "16 cells", True),
        Spoiled(b"only a name", "1 cells", True),
        bad("already on line 2", Identifier="XX-TEST-0", Name="Another"),
        bad("already on line 2", Identifier=" XX-TEST- 0 ", Name="Spaced"),
        bad("same name at the same place", Name="SOUND 1", Locality="oakton"),
        bad("same name at the same place", Name="Sound - 2.", Locality="Oakton"),
        odd("like a formula", 1, Name="=HYPERLINK(1)"),
        odd("like a formula", 2, Name="+1+cmd|' /C calc'!A0"),
        odd("like a formula", 3, Name="@SUM(A1)"),
        odd("like a formula", 4, Name="-2+3 Co-op"),
        odd("like a formula", 5, Description="\uff1d1+1"),
        odd("nowhere on the earth", 6, Latitude="512", Longitude="0.5"),
        odd("nowhere on the earth", 7, Latitude="51", Longitude="-181"),
        odd("Gulf of Guinea", 8, Latitude="0", Longitude="0.000"),
        odd("look exchanged", 9, Latitude="-122.4", Longitude="37.8"),
        odd("longitude is missing", 10, Latitude="51.5"),
        odd("latitude is missing", 11, Longitude="51.5"),
        odd("no degrees", 12, Latitude="51°30'N", Longitude="0.5"),
        odd("no degrees", 13, Latitude="nan", Longitude="inf"),
        odd("no web address", 15, Website="javascript:alert(1)"),
        odd("no web address", 16, Website="ftp://example.coop/"),
        odd("no web address", 17, Website="http://user:secret@example.coop"),
        odd("no web address", 18, Website="http://[::1"),
        odd("no web address", 19, Website="http://example.coop:99999999/"),
        odd("has no http://", 20, Website="www.example.coop"),
        odd("no e-mail address", 21, Email="nobody"),
        odd("no e-mail address", 22, Email="a@b@example.coop"),
        odd("no telephone number", 23, Phone="ask for Ana"),
        odd("never was", 24, Founded="2003-02-30"),
        odd("no date", 25, Founded="last summer"),
        odd("may be two dates", 26, Founded="03/04/2003"),
        odd("no whole number", 27, Workers="\u0661\u0662"),
        odd("no country", 28, Country="Atlantis"),
        odd("no number of Companies House", 29, Companies_House_Number="12/34"),
        odd("cannot be seen", 30, Name="Gno\u202eelbisivni"),
    ]


def file() -> tuple[bytes, list[Spoiled]]:
    """The file, and its spoiled rows: on lines 3, 5, 7 … with sound ones on 2, 4, 6 …"""
    spoiled = rows()
    lines = [HEADINGS.encode()]
    for number, one in enumerate(spoiled):
        lines += [sound(number), one.row]
    # A name with an accent shows that the file is UTF-8, so that other bytes are mistakes.
    lines.append(row(Name="Café", Identifier="XX-TEST-999"))
    return b"\r\n".join(lines) + b"\r\n", spoiled
