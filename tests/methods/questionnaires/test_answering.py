"""Answering: page by page, every submit from the first page on."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.questionnaires import Form, Step, opened, resumed, shown, submitted
from interlock.methods.questionnaires.expressions import is_true
from tests.methods.questionnaires.forms import YES_NO, form
from tests.methods.questionnaires.walking import walked

SURVEY = """\
type,name,label::en,label::es,required,relevant,constraint,constraint_message::en,\
constraint_message::es,calculation
begin_group,first,First,Primero,,,,,,
select_one yn,coop,In a co-op?,¿En una cooperativa?,yes,,,,,
end_group,,,,,,,,,
begin_group,second,Second,Segundo,,${coop} = 'yes',,,,
integer,years,Years?,¿Años?,yes,,. >= 0,Not below 0.,No menos de 0.,
calculate,lasting,,,,,,,,"if(${years} > 9, 1, 0)"
text,why,Why so long?,¿Por qué?,,${lasting} = 1,,,,
end_group,,,,,,,,,
begin_group,third,Third,Tercero,,,,,,
select_multiple yn,ends,Ends?,¿Fines?,,,"not(selected(., 'no') and count-selected(.) > 1)",,,
end_group,,,,,,,,,
"""
CHOICES = (
    "list_name,name,label::en,label::es,code\n"
    "yn,yes,Yes,Sí,1\nyn,no,No,No,0\nyn,dk,I do not know,No sé,-1\n"
)


@pytest.fixture
def survey() -> Form:
    return form(SURVEY, CHOICES, "default_language\nen\n")


def post(survey: Form, step: Step, language: str = "en", **posted: list[str]) -> Step:
    assert step.page is not None
    return submitted(survey, step.kept, step.page.key, posted, language=language)


def test_respondent_walks_to_the_end(survey: Form) -> None:
    step = resumed(survey, {}, language="en")
    assert step.page is not None
    assert (step.page.names, step.asked, step.done, step.left) == (("coop",), ("coop",), 0, 4)
    step = post(survey, step, coop=["yes"])
    assert (step.asked, step.done, step.left) == (("years",), 1, 3)
    step = post(survey, step, years=["12"])
    assert (step.asked, step.done, step.left) == (("why",), 2, 2)
    step = post(survey, step, why=["  Good \r\n people "])
    step = post(survey, step, ends=["dk", "yes"])
    assert (step.page, step.errors, step.done, step.left, step.core_done) == (None, {}, 4, 0, True)
    assert step.answers == {
        "coop": "yes", "years": "12", "lasting": "1", "why": "Good people", "ends": "yes dk",
    }  # fmt: skip


def test_page_that_is_not_asked_is_passed_over(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["no"])
    assert (step.asked, step.left) == (("ends",), 1)
    assert post(survey, step).answers == {"coop": "no", "ends": ""}


def test_required_question_without_an_answer_is_shown_again(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"))
    assert (step.asked, str(step.errors["coop"])) == (("coop",), "Please answer this question.")
    assert step.answers == {}


def test_error_keeps_what_was_written_and_speaks_the_language(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="es"), coop=["yes"])
    step = post(survey, step, language="es", years=["-4"])
    assert str(step.errors["years"]) == "No menos de 0."
    (one,) = shown(survey, step, language="es", seed="")
    assert (one.values, str(one.label), one.label.language) == (("-4",), "¿Años?", "es")


def test_constraint_holds_for_what_is_blank(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["no"])
    assert post(survey, step, ends=[]).page is None


def test_constraint_without_a_message_says_something(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["no"])
    step = post(survey, step, ends=["no", "yes"])
    assert str(step.errors["ends"]) == ("This answer does not fit the question. Please check it.")


def test_hidden_answer_is_erased_when_the_way_changes(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["yes"])
    step = post(survey, step, years=["12"])
    step = post(survey, step, why=["Secret"])
    back = opened(survey, step.kept, "coop", language="en")
    assert back.asked == ("coop",)
    step = post(survey, back, coop=["no"])
    step = post(survey, step, ends=["yes"])
    assert step.answers == {"coop": "no", "ends": "yes"}
    assert step.kept == {"coop": ("no",), "ends": ("yes",)}


def test_answer_nobody_was_asked_for_is_not_taken(survey: Form) -> None:
    step = resumed(survey, {}, language="en")
    step = post(survey, step, coop=["no"], years=["5"], why=["x"], other=["y"], ends=["yes"])
    assert step.kept == {"coop": ("no",)}


def test_page_that_cannot_be_reached_is_not_taken(survey: Form) -> None:
    step = submitted(survey, {}, "ends", {"ends": ["yes"]}, language="en")
    assert (step.asked, step.kept, step.errors) == (("coop",), {}, {})
    assert submitted(survey, {}, "no page", {"coop": ["yes"]}, language="en").kept == {}
    assert opened(survey, {}, "ends", language="en").asked == ("coop",)


def test_question_that_comes_up_anew_is_asked_though_its_page_was_seen(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["yes"])
    step = post(survey, step, years=["2"])
    assert step.asked == ("ends",)
    back = opened(survey, step.kept, "years", language="en")
    assert post(survey, back, years=["20"]).asked == ("why",)


def test_mistake_on_the_way_back_loses_nothing(survey: Form) -> None:
    step = post(survey, resumed(survey, {}, language="en"), coop=["yes"])
    step = post(survey, step, years=["12"])
    step = post(survey, step, why=["Why not"])
    back = post(survey, opened(survey, step.kept, "years", language="en"), years=["many"])
    assert back.asked == ("years",)
    assert post(survey, back, years=["13"]).answers["why"] == "Why not"


@pytest.mark.parametrize(
    ("kind", "posted", "stored"),
    [
        ("integer", ["007"], "7"),
        ("integer", [" 1 000 "], "1000"),
        ("integer", ["+3"], "3"),
        ("integer", ["-0"], "0"),
        ("integer", ["3.0"], "Please write a whole number, in digits."),
        ("integer", ["٣"], "Please write a whole number, in digits."),
        ("integer", ["9" * 40], "Please write a smaller number."),
        ("integer", ["1", "2"], "Please choose one answer only."),
        ("decimal", ["2,50"], "2.5"),
        ("decimal", [".5"], "0.5"),
        ("decimal", ["1,500"], ("This may be two numbers. Please write it without the comma, or with "
         "a point.")),
        ("decimal", ["1e5"], "Please write a number, such as 12 or 12.5."),
        ("date", ["2026-02-28"], "2026-02-28"),
        ("date", ["2026-02-30"], "Please give a date as year-month-day, such as 2026-05-31."),
        ("date", ["31/5/2026"], "Please give a date as year-month-day, such as 2026-05-31."),
        ("text", ["a\x00b\u200b c"], "ab\u200b c"),
        ("text", ["x" * 4001], "Please shorten this to 4,000 characters. It has 4,001."),
        ("select_one yn", ["yes"], "yes"),
        ("select_one yn", ["maybe"], "Please choose among the answers given."),
        ("select_multiple yn", ["no", "yes", "no"], "yes no"),
        ("select_multiple yn", ["yes no"], "Please choose among the answers given."),
        ("rank yn", ["no", "dk", "yes"], "no dk yes"),
        ("rank yn", ["no", "no", "yes"], ("Please give each answer a place of its own, or leave all "
         "empty.")),
        ("rank yn", ["", "", ""], ""),
        ("range", ["10"], "10"),
        ("range", ["11"], "Please choose a number from 0 to 10."),
        ("range", ["2.5"], "Please choose a number from 0 to 10."),
    ],
)  # fmt: skip
def test_answer_is_stored_as_one_thing_or_refused(
    kind: str, posted: list[str], stored: str
) -> None:
    one = form(f"type,name,label\n{kind},q,Q\n", YES_NO)
    step = submitted(one, {}, "q", {"q": posted}, language="en")
    assert (str(step.errors["q"]) if step.errors else step.answers["q"]) == stored


def test_filtered_choices_are_shown_and_taken() -> None:
    choices = "list_name,name,label,code,in\ns,x,X,1,\ns,y,Y,2,\nt,u,U,1,x\nt,v,V,2,y\n"
    one = form(
        "type,name,label,choice_filter\nselect_one s,a,A,\nselect_one t,b,B,in = ${a}\n", choices
    )
    step = submitted(one, {}, "a", {"a": ["y"]}, language="en")
    (told,) = shown(one, step, language="en", seed="")
    assert [choice.name for choice, _label in told.choices] == ["v"]
    step = submitted(one, step.kept, "b", {"b": ["u"]}, language="en")
    assert str(step.errors["b"]) == "Please choose among the answers given."


def test_choices_are_mixed_by_the_seed_and_dont_know_stays_last() -> None:
    choices = "list_name,name,label,code\n" + "".join(f"c,n{at},N,{at}\n" for at in range(9))
    one = form(
        "type,name,label,parameters\nselect_one c,q,Q,randomize=true\n", choices + "c,dk,D,-1\n"
    )
    step = resumed(one, {}, language="en")

    def order(seed: str) -> list[str]:
        (told,) = shown(one, step, language="en", seed=seed)
        return [choice.name for choice, _label in told.choices]

    assert order("a") == order("a")
    assert order("a") != order("b")
    assert sorted(order("a")) == sorted(order("b"))
    assert {order(str(seed))[-1] for seed in range(20)} == {"dk"}


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Questionnaires of some groups, whose rows hang on earlier ones."""
    rows = ["type,name,label,relevant,calculation,required"]
    names: list[str] = []
    for group in range(draw(st.integers(1, 4))):
        relevant = draw(st.sampled_from(["", *(f"${{{name}}} > 1" for name in names)]))
        rows.append(f"begin_group,g{group},G,{relevant},,")
        for at in range(draw(st.integers(1, 4))):
            name = f"q{group}x{at}"
            relevant = draw(st.sampled_from(["", "", *(f"${{{one}}} > 1" for one in names)]))
            kind = draw(st.sampled_from(["integer", "integer", "note", "calculate"]))
            if kind == "calculate" and names:
                other = draw(st.sampled_from(names))
                rows.append(f"calculate,{name},,{relevant},${{{other}}} + 1,")
            elif kind == "note":
                rows.append(f"note,{name},N,{relevant},,")
                continue
            else:
                required = draw(st.sampled_from(["", "yes"]))
                rows.append(f"integer,{name},N,{relevant},,{required}")
            names.append(name)
        rows.append("end_group,,,,,")
    rows.append("integer,last,L,,,")
    return form("\n".join(rows) + "\n")


@given(forms(), st.integers(0, 2**32))
@settings(max_examples=60)
def test_any_questionnaire_is_walked_to_its_end(one: Form, seed: int) -> None:
    steps = walked(one, random.Random(seed))
    for before, after in pairwise(steps):
        assert after.errors or (after.done > before.done and after.left < before.left)
    last = steps[-1]
    # What was answered is what is asked, by the answers and by nothing else.
    asked = {
        question.name
        for question in one.questions
        if all(is_true(condition, last.answers) for condition in one.conditions(question))
    }
    assert set(last.answers) == {name for name in asked if one.by_name[name].type != "note"}
    assert set(last.kept) == {name for name in asked if one.by_name[name].type != "calculate"}


@given(forms(), st.integers(0, 2**32), st.data())
@settings(max_examples=40)
def test_way_back_and_forth_leaves_no_trace(one: Form, seed: int, data: st.DataObject) -> None:
    """Whoever changes their mind ends where they would be had they known before."""
    rng = random.Random(seed)
    steps = walked(one, rng)
    shown_pages = [step.page.key for step in steps if step.page]
    key = data.draw(st.sampled_from(shown_pages))
    back = opened(one, steps[-1].kept, key, language="en")
    assert back.page is not None
    assert back.page.key == key
    posted = {name: [str(rng.choice([0, 1, 2, 7]))] for name in back.asked}
    step = submitted(one, back.kept, key, posted, language="en")
    while step.page is not None:
        more = {name: ["5"] for name in step.asked}
        step = submitted(one, step.kept, step.page.key, more, language="en")
    fresh = resumed(one, {}, language="en")
    while fresh.page is not None:
        again = {name: step.kept[name] for name in fresh.asked}
        fresh = submitted(one, fresh.kept, fresh.page.key, again, language="en")
    assert (fresh.answers, fresh.kept) == (step.answers, step.kept)


@given(
    st.dictionaries(
        st.sampled_from(["coop", "years", "why", "ends", "x"]),
        st.lists(st.text(max_size=6), max_size=3),
    ),
    st.text(max_size=6),
)
@settings(deadline=None)  # fmt: skip
def test_nothing_posted_raises(posted: dict[str, list[str]], page: str) -> None:
    one = form(SURVEY, CHOICES, "default_language\nen\n")
    for key in (page, "coop", "years", "ends"):
        step = submitted(one, {"coop": ("yes",)}, key, posted, language="en")
        assert step.page is None or step.asked


def test_sign_that_no_database_keeps_is_left_out(survey: Form) -> None:
    step = submitted(survey, {}, "coop", {"coop": ["y\0es"]}, language="en")
    assert step.kept == {"coop": ("yes",)}
