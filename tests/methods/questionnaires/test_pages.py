"""Pages: nothing on one hangs on an answer that is given on it."""

from __future__ import annotations

from interlock.methods.questionnaires import core_pages, pages
from interlock.methods.questionnaires.instruments import instrument
from interlock.methods.questionnaires.pages import deciding
from tests.methods.questionnaires.forms import form


def names(survey: str, choices: str | None = None) -> list[tuple[str, ...]]:
    told = form(survey) if choices is None else form(survey, choices)
    return [page.names for page in pages(told)]


def test_group_is_a_page() -> None:
    survey = (
        "type,name,label\ntext,a,A\nbegin_group,g,G\ntext,b,B\nnote,n,N\nbegin_group,h,H\n"
        "text,c,C\nend_group,,\ntext,d,D\nend_group,,\ntext,e,E\n"
    )
    assert names(survey) == [("a",), ("b", "n"), ("c",), ("d",), ("e",)]


def test_page_ends_before_what_hangs_on_it() -> None:
    survey = (
        "type,name,label,relevant,calculation\n"
        "integer,a,A,,\ninteger,b,B,,\ninteger,c,C,${a} > 1,\n"
        "calculate,twice,,,${c} * 2\ninteger,d,D,,\ninteger,e,E,${twice} > 2,\n"
        "integer,f,F,${a} > 1,\n"
    )
    assert names(survey) == [("a", "b"), ("c", "d"), ("e", "f")]


def test_page_ends_before_choices_that_hang_on_it() -> None:
    survey = "type,name,label,choice_filter\nselect_one s,a,A,\nselect_one t,b,B,in = ${a}\n"
    choices = "list_name,name,label,code,in\ns,x,X,1,\ns,y,Y,2,\nt,u,U,1,x\nt,v,V,2,y\n"
    assert names(survey, choices) == [("a",), ("b",)]


def test_nothing_on_a_page_of_ours_hangs_on_it() -> None:
    ours = instrument("ties")
    hangs = deciding(ours)
    for page in pages(ours):
        for name in page.names:
            assert hangs[name].isdisjoint(page.names)


def test_core_is_all_pages_unless_the_settings_say_else() -> None:
    survey = "type,name,label\nbegin_group,g,G\ntext,a,A\nend_group,,\ntext,b,B\n"
    assert core_pages(form(survey)) == 2
    settings = "default_language,core_ends\nEnglish (en),g\n"
    assert core_pages(form(survey, settings=settings)) == 1
