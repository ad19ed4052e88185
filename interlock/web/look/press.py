"""A page in, a PDF out: a program of its own, which knows nothing of the site.

    press.py SITE STATIC PAPER FOLDER… < page > pdf

SITE is the address that links of the page hang on, STATIC where its static files are served, PAPER a
size of CSS, and the FOLDERs hold those files. Exit codes: 0 done, 69 WeasyPrint or Pango is not here.

WeasyPrint takes seconds and as much memory as a web worker; all of it goes when this program ends.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import resource
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

UNAVAILABLE = 69
# A page of paper that needs more than this was made to hurt.
MOST_MEMORY = 2**30
_SVG = "{http://www.w3.org/2000/svg}"


class Shelf:
    """The files that a page may show: the site's static ones, by the address of each."""

    def __init__(self, static: str, folders: Iterable[Path]) -> None:
        self.static = urlsplit(static)
        self.folders = [folder.resolve() for folder in folders]

    def found(self, url: str) -> Path | None:
        """The file behind an address, or None: another host, another scheme, outside the folders."""
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) != (self.static.scheme, self.static.netloc):
            return None
        if not asked.path.startswith(self.static.path):
            return None
        name = unquote(asked.path.removeprefix(self.static.path))
        for folder in self.folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder) and path.is_file():
                return path
        return None


def fetcher(shelf: Shelf) -> URLFetcher:
    """What WeasyPrint asks for everything a page names: from the shelf, or in the page itself."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = shelf.found(url)
            if path is None:
                raise ValueError("only static files of this site are put on paper")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return Fetcher()


def pressed(page: bytes, *, site: str, shelf: Shelf, paper: str) -> bytes:
    """The page as a tagged PDF (PDF/UA-1). Its own `@page` rules win over the size of the paper."""
    from weasyprint import CSS, HTML

    # What a browser knows and WeasyPrint does not is no fault of the page.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fetches = fetcher(shelf)
    html = HTML(string=page.decode(), base_url=site, url_fetcher=fetches)
    for drawing in html.etree_element.iter(f"{_SVG}svg"):
        # The text that stands for a drawing is taken from its title only.
        said = drawing.get("aria-label")
        if said and drawing.find(f"{_SVG}title") is None:
            title = drawing.makeelement(f"{_SVG}title", {})
            title.text = said
            drawing.insert(0, title)
    size = CSS(string=f"@page {{ size: {paper} }}", url_fetcher=fetches)
    pdf: bytes = html.write_pdf(stylesheets=[size], pdf_variant="pdf/ua-1")
    return pdf


def main(arguments: Sequence[str]) -> int:
    site, static, paper, *folders = arguments
    with suppress(ValueError):  # macOS has no such limit, and a stricter one may be set already
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    out = os.dup(1)
    os.dup2(2, 1)  # some libraries print what they miss
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        print(error, file=sys.stderr)
        return UNAVAILABLE
    shelf = Shelf(static, map(Path, folders))
    pdf = pressed(sys.stdin.buffer.read(), site=site, shelf=shelf, paper=paper)
    with open(out, "wb") as pipe:
        pipe.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
