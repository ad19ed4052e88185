"""Answers as files of SPSS and Stata, made by a process of its own.

What writes them is 60 MB that would stay in a web process. This module is both: what the site calls,
and the program that it starts, which knows the library and nothing of the site.
"""

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from threading import BoundedSemaphore

from interlock.home import ROOT
from interlock.methods.formats.surveys import dta, sav
from interlock.methods.formats.surveys.columns import Translate
from interlock.methods.questionnaires import read
from interlock.methods.questionnaires.sentences import SENTENCES

log = logging.getLogger(__name__)

SECONDS = 60.0
UNAVAILABLE = 3
#: One at a time in every web process: it needs as much memory as the process itself.
turn = BoundedSemaphore(1)
#: The few words of the library that stand among the labels.
WORDS = ("not-asked", "chosen", "not-chosen")

Told = Sequence[tuple[Sequence[str], Mapping[str, str]]]


def files(
    sheets: Mapping[str, str],
    told: Told,
    *,
    leading: Sequence[str],
    language: str,
    translate: Translate,
) -> dict[str, bytes]:
    """The two files by their names; none where pyreadstat is not installed, or when it failed.

    `sheets` are those of a form as CSV, `told` and `leading` as `coded_lines` has them.
    """
    words = {SENTENCES[code]: translate(SENTENCES[code]) for code in WORDS}
    asked = {
        "sheets": dict(sheets), "told": list(told), "leading": list(leading), "language": language,
        "words": words,
    }  # fmt: skip
    if not turn.acquire(timeout=SECONDS):
        log.warning("No files of SPSS and Stata: others were being made for %s seconds.", SECONDS)
        return {}
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(asked).encode(),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        log.error("No files of SPSS and Stata were made within %s seconds.", SECONDS)
        return {}
    finally:
        turn.release()
    if done.returncode:
        if done.returncode != UNAVAILABLE:
            # Only the kind of the failure: what it says may quote an answer.
            log.error(
                "No files of SPSS and Stata were made: the program ended with %s.", done.returncode
            )
        return {}
    return {name: base64.b64decode(text) for name, text in json.loads(done.stdout).items()}


def main() -> int:
    asked = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)  # the library tells there what it misses
    form = read({f"{name}.csv": text.encode() for name, text in asked["sheets"].items()}).must()
    words: Mapping[str, str] = asked["words"]
    told = [(before, answers) for before, answers in asked["told"]]
    try:
        made = {
            name: write(
                form,
                told,
                language=asked["language"],
                leading=asked["leading"],
                translate=lambda text: words.get(text, text),
            )
            for name, write in (("answers.sav", sav), ("answers.dta", dta))
        }
    except ImportError:
        return UNAVAILABLE
    text = json.dumps({name: base64.b64encode(data).decode() for name, data in made.items()})
    with os.fdopen(out, "w") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
