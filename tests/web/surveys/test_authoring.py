"""Questionnaires brought along: what is read, what is refused and why, what differs, how it is tried."""

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from interlock.methods.questionnaires import content_hash, read
from interlock.methods.questionnaires.instruments import instrument, tables
from interlock.methods.questionnaires.limits import LARGEST_FILE, LARGEST_UNPACKED
from interlock.web.people.models import Person
from interlock.web.surveys import authoring
from interlock.web.surveys.models import Answer, FormVersion, Respondent
from tests.web.surveys.asked import Asked

SignIn = Callable[[Person], Client]
BROKEN = {
    "survey.csv": b"type,name,label\ninteger,years,\nvideo,clip,A clip\n",
    "notes.csv": b"a\nb\n",
}


def uploads(files: dict[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, data) for name, data in files.items()]


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def desk(asked: Asked) -> str:
    return f"{asked.study.get_absolute_url()}desk/"


def posted(client: Client, asked: Asked, files: dict[str, bytes], **more: str) -> object:
    given = {"questionnaire": uploads(files), **more}
    return client.post(f"{desk(asked)}questions/", given)


@pytest.mark.parametrize("kind", ["xlsx", "yaml", "zip", "csv"])
def test_questionnaire_taken_home_comes_back_as_it_was(
    asked: Asked, signed_in: SignIn, kind: str
) -> None:
    client = signed_in(asked.dora)
    first = FormVersion.objects.get()
    if kind == "csv":
        files = {name: bytes(data) for name, data in tables("ties").items()}
    else:
        answer = client.get(f"{desk(asked)}questions/1.{kind}")
        files = {f"mine.{kind}": answer.content}
    answer = posted(client, asked, files, note_0="Once more")  # type: ignore[assignment]
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{desk(asked)}questions/2/")
    made = FormVersion.objects.get(number=2)
    assert (made.content_hash, str(made.note)) == (first.content_hash, "Once more")
    page = client.get(f"{desk(asked)}questions/2/").content.decode()
    assert "Nothing: it asks the same in the same words." in page


def test_instrument_to_begin_from_is_the_one_that_is_asked(client: Client, db: None) -> None:
    data = client.get("/surveys/desk/instruments/ties.xlsx").content
    form = read({"ties.xlsx": data}).must()
    assert content_hash(form) == content_hash(instrument("ties"))
    for path in ("nothing.xlsx", "ties.exe"):
        assert client.get(f"/surveys/desk/instruments/{path}").status_code == 404


def test_every_fault_is_listed_with_its_place_and_nothing_is_stored(
    asked: Asked, signed_in: SignIn
) -> None:
    answer = posted(signed_in(asked.dora), asked, BROKEN)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    sheets = answer.context["faults"]  # type: ignore[attr-defined]
    assert [(one.sheet, [(line.row, line.column) for line in one.lines]) for one in sheets] == [
        ("survey", [(2, "label"), (3, "type")]),
        ("notes", [(0, "")]),
    ]
    assert "3 things in the file need a correction" in answer.content.decode()  # type: ignore[attr-defined]
    assert FormVersion.objects.count() == 1


def test_faults_are_told_in_the_readers_language() -> None:
    faults = read(BROKEN).faults
    with translation.override("es"):
        [spanish, *_rest] = authoring.told(faults)
    [english, *_rest] = authoring.told(faults)
    assert spanish.lines[0].text != english.lines[0].text


@pytest.mark.parametrize(
    ("files", "status", "sentence"),
    [
        ({"big.csv": b"x" * (LARGEST_FILE + 1)}, 422, "larger than 2 megabytes"),
        ({"a.zip": b"PK no archive"}, 422, "This archive cannot be opened."),
        (
            {"bomb.zip": zipped({"survey.csv": b"0" * (LARGEST_UNPACKED + 1)})},
            422,
            "larger than 2 megabytes",
        ),
        ({"form.exe": b"MZ"}, 422, "is no questionnaire"),
        ({"empty.csv": b" "}, 422, "The file is empty."),
        ({}, 422, "This field is required."),
    ],
)
def test_what_is_no_questionnaire_is_refused_in_a_sentence(
    asked: Asked, signed_in: SignIn, files: dict[str, bytes], status: int, sentence: str
) -> None:
    answer = posted(signed_in(asked.dora), asked, files)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)  # type: ignore[attr-defined]
    assert FormVersion.objects.count() == 1


def test_archive_with_what_a_system_puts_beside_the_files_is_read() -> None:
    files = {f"form/{name}": bytes(data) for name, data in tables("ties").items()}
    extra = {"__MACOSX/form/._survey.csv": b"\0", "form/.DS_Store": b"\0"}
    reading, _files = authoring.looked_at(uploads({"f.zip": zipped({**files, **extra})}))
    assert content_hash(reading.must()) == content_hash(instrument("ties"))


def test_page_says_what_differs_and_what_it_does_to_earlier_answers(
    asked: Asked, signed_in: SignIn
) -> None:
    changed = {name: bytes(data) for name, data in tables("ties").items()}
    changed["choices.csv"] = changed["choices.csv"].replace(b"sender,list,", b"sender,page,")
    changed["survey.csv"] = changed["survey.csv"].replace(b"best guess is fine", b"guess will do")
    client = signed_in(asked.dora)
    posted(client, asked, changed)
    changes = client.get(f"{desk(asked)}questions/2/").context["changes"]
    assert [
        (one.name, [part.part for part in one.changes], one.effect.breaks) for one in changes
    ] == [
        ("net_coop", ["Hint (en)"], False),
        ("sender", ["Choice taken out", "New choice"], True),
    ]


def test_language_that_went_is_told_once_and_not_for_every_word(
    asked: Asked, signed_in: SignIn
) -> None:
    changed = {}
    for name, data in tables("ties").items():
        rows = list(csv.reader(io.StringIO(bytes(data).decode())))
        kept = [place for place, heading in enumerate(rows[0]) if not heading.endswith("(es)")]
        text = io.StringIO()
        csv.writer(text).writerows([[row[place] for place in kept] for row in rows])
        changed[name] = text.getvalue().encode()
    client = signed_in(asked.dora)
    posted(client, asked, changed)
    answer = client.get(f"{desk(asked)}questions/2/")
    assert answer.context["tongues"] == ([], ["Español"])
    assert answer.context["changes"] == []
    assert "No longer asked in: Español." in answer.content.decode()


def test_page_of_a_version_lists_every_question_with_its_answers(
    asked: Asked, signed_in: SignIn
) -> None:
    answer = signed_in(asked.dora).get(f"{desk(asked)}questions/1/")
    listed = {one.name: one for _title, those in answer.context["pages"] for one in those}
    form = instrument("ties")
    assert list(listed) == [one.name for one in form.questions if one.type != "calculate"]
    assert listed["same_move"].answers[0] == "Strongly disagree"
    assert len(listed["place"].answers) + listed["place"].more == len(
        form.choices(form.by_name["place"])
    )


def test_new_version_while_open_is_asked_of_whoever_begins_then(
    asked: Asked, signed_in: SignIn
) -> None:
    before = asked.enter()
    changed = {name: bytes(data) for name, data in tables("ties").items()}
    changed["survey.csv"] = changed["survey.csv"].replace(b"best guess is fine", b"guess will do")
    client = signed_in(asked.dora)
    posted(client, asked, changed)
    assert asked.enter().respondent.version.number == 1
    client.post(f"{desk(asked)}questions/2/publish/")
    assert asked.enter().respondent.version.number == 2
    before.respondent.refresh_from_db()
    assert before.respondent.version.number == 1


def test_preview_walks_as_a_respondent_does_and_keeps_nothing(
    asked: Asked, signed_in: SignIn
) -> None:
    client, url = signed_in(asked.dora), f"{desk(asked)}questions/1/preview/"
    stored = (Respondent.objects.count(), Answer.objects.count(), dict(client.session))
    page = client.get(url).context
    assert [one.name for one in page["asked"]] == ["coop_role", "pb_role"]
    said: dict[str, object] = {"coop_role": "member", "pb_role": "none"}
    seen = []
    while page["step"].page:
        kept, key = page["kept"], page["step"].page.key
        seen.append(key)
        page = client.post(url, {"kept": kept, "page": key, **said}).context
        said = {"net_coop": "3", "net_pb": "0", "sender": "work"}
    assert seen == [
        "coop_role",
        "net_coop",
        "net_both",
        "place",
        "recip",
        "pp_tools",
        "k_years",
        "age",
    ]
    back = client.post(url, {"kept": page["kept"], "back": page["before"]}).context
    assert back["step"].page.key == "age"
    assert (Respondent.objects.count(), Answer.objects.count(), dict(client.session)) == stored


@pytest.mark.parametrize("kept", ["no json", "[1]", json.dumps({"a": 3}), "x" * 300_000])
def test_preview_takes_nonsense_as_nothing(asked: Asked, signed_in: SignIn, kept: str) -> None:
    url = f"{desk(asked)}questions/1/preview/"
    answer = signed_in(asked.dora).post(url, {"kept": kept, "page": "nowhere"})
    assert (answer.status_code, answer.context["step"].page.key) == (200, "coop_role")


def test_preview_shows_what_is_wrong(asked: Asked, signed_in: SignIn) -> None:
    url = f"{desk(asked)}questions/1/preview/"
    answer = signed_in(asked.dora).post(url, {"kept": "{}", "page": "coop_role"})
    assert answer.status_code == 422
    assert [one.name for one in answer.context["wrong"]] == ["coop_role", "pb_role"]
