"""Results are worked out by the worker, and what is stored may be told: the attack on it is here."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from interlock.methods.questionnaires import Form, read
from interlock.methods.referral.intervals import drawn
from interlock.web.look.refusals import Refused
from interlock.web.record.models import Entry
from interlock.web.surveys import actions, queries
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.analysing.questions import item_of, outcome_of
from interlock.web.surveys.analysing.repeating import held_back
from interlock.web.surveys.analysing.sample import Person, Sample, chain_of, samples
from interlock.web.surveys.analysing.settling import apart, places_told, settled
from interlock.web.surveys.models import Analysis, Answer, Coupon, Respondent, Role
from tests.web.surveys.asked import COOPERATOR, DAY, NEITHER, PBER, START, Asked, make_asked
from tests.web.surveys.studies import fill, usual


def analysed(asked: Asked, at: Any = START) -> Analysis:
    made = actions.request_analysis(study=asked.study, by=asked.dora, at=at)
    assert analyse_due(at, lambda: False)
    made.refresh_from_db()
    assert made.failure == ""
    return made


def told(analysis: Analysis, name: str) -> dict[str, Any]:
    return dict(analysis.estimates.get(name=name).outcome)


def test_study_is_worked_out_with_intervals_by_group(asked: Asked) -> None:
    fill(asked.study, 160, opened=20)
    found = analysed(asked)
    assert found.done_at == START
    assert found.answers == 180
    assert found.outcome["estimated"]
    assert found.outcome["open"] == 20
    assert found.parameters["resamples"] == 1_000
    question = told(found, "cross_contact")
    assert question["levels"] == ["0", "1", "2", "3", "4"]
    for share, (low, high) in zip(
        question["everyone"]["shares"], question["everyone"]["intervals"], strict=True
    ):
        assert low <= share <= high
    assert {"coop", "pb"} <= question["groups"].keys()
    assert found.outcome["words"].keys() == {
        "connectivity",
        "complementarity",
        "collaboration",
        "convergence",
        "paradigm",
    }


def test_same_answers_give_the_same_numbers(asked: Asked) -> None:
    fill(asked.study, 120)
    first = analysed(asked)
    stored = [one.outcome for one in first.estimates.all()]
    Analysis.objects.all().delete()
    second = analysed(asked)
    assert (second.outcome, second.number) == (first.outcome, 1)
    assert [one.outcome for one in second.estimates.all()] == stored


def answers_apart(analysis: Analysis) -> dict[str, Any]:
    measures = analysis.outcome["words"]["convergence"]
    return next(one for one in measures if one["name"] == "answers_apart")


def test_two_fields_that_answer_alike_are_not_told_apart_from_chance(asked: Asked) -> None:
    fill(asked.study, 160, answers=lambda _role, random: usual(Role.COOP, random))
    found = answers_apart(analysed(asked))
    low, high = found["chance"]
    assert low <= found["value"] <= high


def test_two_fields_that_answer_differently_are_told_apart(asked: Asked) -> None:
    def opposed(role: str, random: Random) -> Mapping[str, str]:
        side = "1" if role == Role.COOP else "5"
        return {**usual(role, random), **dict.fromkeys(("same_move", "keep_self", "pp_goal"), side)}

    fill(asked.study, 160, answers=opposed)
    found = answers_apart(analysed(asked))
    assert found["value"] > found["chance"][1]
    assert found["interval"][0] <= found["value"] <= found["interval"][1]


@pytest.mark.parametrize("others", [0, 1, 4, 5])
def test_distance_tells_nothing_of_the_few_who_answer_otherwise(asked: Asked, others: int) -> None:
    """All say the same but some PBers; how many these are would follow from the distance."""
    left = [others]

    def alike(role: str, _random: Random) -> Mapping[str, str]:
        differs = role == Role.PB and left[0] > 0
        left[0] -= differs
        return {"same_move": "1" if differs else "5"}

    fill(asked.study, 160, answers=alike)
    found = answers_apart(analysed(asked))
    assert found["value"] is None
    assert found["why"]["kind"] == "few-or-nearly-all"


def test_of_very_many_whole_trees_are_compared(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlock.web.surveys.analysing.opinions.MOST_COMPARED", 60)
    fill(asked.study, 160)
    found = answers_apart(analysed(asked))
    assert 20 <= found["answered"] <= 60
    # Of fewer than ten of a field nothing is told, though others of it were left out.
    monkeypatch.setattr("interlock.web.surveys.analysing.opinions.MOST_COMPARED", 1)
    monkeypatch.setattr("interlock.web.surveys.analysing.opinions.LEAST_IN_GROUP", 30)
    Analysis.objects.all().delete()
    again = answers_apart(analysed(asked))
    assert (again["value"], again["why"]["kind"]) == (None, "few-answered")


def test_few_answers_are_described_and_not_estimated(asked: Asked) -> None:
    fill(asked.study, 60)
    found = analysed(asked)
    assert not found.outcome["estimated"]
    assert [one["kind"] for one in found.outcome["refusals"]] == [
        "few-respondents",
        "few-waves",
    ]
    assert "words" not in found.outcome
    question = told(found, "sender")
    assert not question["estimated"]
    assert "intervals" not in question["everyone"]


def test_fewer_than_ten_are_told_nothing_of(asked: Asked) -> None:
    fill(asked.study, 9, opened=9)
    found = analysed(asked)
    assert (found.outcome["respondents"], found.outcome["open"]) == (None, None)
    for one in found.estimates.all():
        assert one.outcome["answered"] is None
        assert "everyone" not in one.outcome
        assert one.outcome["open"] is None


def test_verbs_make_the_sample_that_the_tests_make(asked: Asked) -> None:
    """A chain of three by the verbs, one by an open link, one who is neither, one who withdrew."""
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code, COOPERATOR)
    used, again, third = actions.coupon_codes(first.code)
    second = asked.enter(coupon=used, at=START + DAY)
    asked.core(second.code, PBER, at=START + DAY)
    for code, role in ((again, NEITHER), (third, PBER)):
        entered = asked.enter(coupon=code)
        asked.core(entered.code, role)
    actions.withdraw(code=entered.code, at=START + DAY)
    asked.core(asked.enter().code, PBER)
    asked.enter()
    version = queries.current_version(asked.study)
    assert version
    chain, others = samples(asked.study, queries.form_of(version))
    refs = [first.respondent.ref.hex, second.respondent.ref.hex]
    assert [(one.ref, one.role) for one in chain.persons] == list(
        zip(refs, ["coop", "pb"], strict=True)
    )
    assert chain.forest is not None
    assert chain.forest.recruiters.tolist() == [-1, 0]
    assert chain.forest.degrees.tolist() == [14.0, 14.0]
    assert [one.role for one in others.persons] == ["pb"]


def test_whoever_withdrew_holds_the_chain_together_and_counts_for_nothing(asked: Asked) -> None:
    first = asked.enter(coupon=asked.cards[0].code)
    asked.core(first.code, COOPERATOR)
    second = asked.enter(coupon=next(actions.coupon_codes(first.code)))
    asked.core(second.code, PBER)
    actions.withdraw(code=first.code, at=START + DAY)
    version = queries.current_version(asked.study)
    assert version
    chain, _ = samples(asked.study, queries.form_of(version))
    assert chain.forest is not None
    assert (chain.forest.waves.tolist(), chain.asked.tolist()) == ([0, 1], [False, True])
    assert chain.sizes() == {"pb": 1}


def test_open_answers_change_no_estimate(asked: Asked) -> None:
    fill(asked.study, 120)
    shares = told(analysed(asked), "cross_contact")["everyone"]["shares"]
    fill_open = Respondent.objects.filter(came_by="open").count()
    assert fill_open == 0
    Analysis.objects.all().delete()  # almost the same people are told of once
    asked.core(asked.enter().code, PBER)
    beside = analysed(asked, START + DAY)
    assert told(beside, "cross_contact")["everyone"]["shares"] == shares


def test_failure_is_kept_with_its_reason_and_the_next_one_runs(asked: Asked) -> None:
    fill(asked.study, 20)
    broken = Coupon.objects.filter(respondent__wave=1)[0]
    right, broken.parent = broken.parent, broken.respondent
    broken.save()
    made = actions.request_analysis(study=asked.study, by=asked.dora, at=START)
    assert analyse_due(START, lambda: False)
    made.refresh_from_db()
    assert "its own recruiter" in made.failure
    assert (made.done_at, made.outcome) == (None, None)
    assert not made.estimates.exists()
    assert not analyse_due(START, lambda: False)
    broken.parent = right
    broken.save()
    assert analysed(asked).number == 2


def test_nobody_stops_the_results_by_a_number_of_people_that_cannot_be(asked: Asked) -> None:
    fill(asked.study, 20)
    for said, one in zip(("-3", "1e999", "nan", "many"), Answer.objects.all(), strict=False):
        one.document = {**one.document, "degree": said}
        one.save()
    assert analysed(asked).outcome["notes"] == []


def test_what_an_earlier_version_asked_otherwise_is_not_counted(asked: Asked) -> None:
    def answers(_role: str, _random: Random) -> Mapping[str, str]:
        return {"sender": "work", "same_move": "4"}

    fill(asked.study, 30, answers=answers)
    sheets = asked.study.versions.get().document
    headings, *rows = csv.reader(io.StringIO(sheets["survey"]))
    place = headings.index("relevant")
    survey = io.StringIO()
    for row in rows:  # from now on only cooperators are asked this
        row[place] = "${is_coop} = 1" if "same_move" in row[:2] else row[place]
    csv.writer(survey).writerows([headings, *rows])
    files = {f"{name}.csv": text.encode() for name, text in sheets.items()}
    files["survey.csv"] = survey.getvalue().encode()
    made = actions.add_version(study=asked.study, files=files, by=asked.dora, at=START)
    actions.publish_version(version=made, by=asked.dora, at=START)
    found = analysed(asked)
    assert told(found, "same_move")["answered"] is None
    assert told(found, "sender")["answered"] == 30


# Nothing is told twice of almost the same people, to whoever runs the survey neither.


def test_results_are_not_worked_out_once_more_for_a_few_answers(asked: Asked) -> None:
    fill(asked.study, 60, opened=20)
    analysed(asked)
    fill(asked.study, 12, opened=12, seed=2)
    with pytest.raises(Refused, match="fewer than 25 people more"):
        actions.request_analysis(study=asked.study, by=asked.dora, at=START)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    assert not actions.analyse_closed_due(START)
    asked.study.closed_at = None
    fill(asked.study, 1, seed=3)
    actions.request_analysis(study=asked.study, by=asked.dora, at=START)


def test_chain_that_hardly_grew_is_not_told_of_once_more(asked: Asked) -> None:
    fill(asked.study, 120, opened=20)
    first = analysed(asked)
    fill(asked.study, 9, opened=40, seed=2)
    second = analysed(asked)
    assert {"words", "recruitment"} <= first.outcome.keys()
    assert not {"words", "recruitment", "waves"} & second.outcome.keys()
    assert (second.outcome["groups"], second.outcome["respondents"]) == ({}, 130)
    assert [one.outcome for one in second.estimates.all() if "everyone" in one.outcome] == []
    assert told(second, "sender")["open"]["answered"] == 60
    public = actions.publish_analysis(analysis=second, by=asked.dora, at=START)
    answer = Client().get(f"/surveys/{asked.study.slug}/results/{public.number}/")
    assert b"fewer than ten people more answered it" in answer.content
    fill(asked.study, 25, opened=9, seed=3)
    third = analysed(asked)
    assert "words" in third.outcome
    assert told(third, "sender")["everyone"]["answered"] == 155
    assert (third.outcome["open"], told(third, "sender")["open"]) == (None, None)


def test_question_that_few_more_answered_is_not_told_of_once_more(asked: Asked) -> None:
    fill(asked.study, 60)
    first = analysed(asked)

    def silent(role: str, random: Random) -> Mapping[str, str]:
        said = dict(usual(role, random))
        return {name: "" if name == "sender" else answer for name, answer in said.items()}

    fill(asked.study, 40, seed=2, answers=silent)
    asked.core(asked.enter(coupon=asked.cards[0].code).code)
    second = analysed(asked)
    assert told(first, "sender")["everyone"]["answered"] == 60
    again = told(second, "sender")
    assert (again["answered"], again["repeats"], "everyone" in again) == (None, True, False)
    assert told(second, "place")["everyone"]["answered"] == 75
    fill(asked.study, 25, seed=3)
    third = told(analysed(asked), "sender")
    assert third["everyone"]["answered"] == 85


def test_group_that_hardly_grew_is_not_told_of_once_more(asked: Asked) -> None:
    fill(asked.study, 60)
    first = analysed(asked)
    coops = Respondent.objects.filter(role=Role.COOP)
    before = coops.count()
    assert first.outcome["groups"]["coop"] is not None
    fill(asked.study, 60, seed=2)
    # Nine more cooperators than before; the other new ones are PBers.
    new = coops.exclude(pk__in=coops.order_by("finished_on")[: before + 9].values("pk"))
    Respondent.objects.filter(pk__in=[one.pk for one in new]).update(role=Role.PB)
    assert coops.count() == before + 9
    second = analysed(asked)
    assert "coop" not in second.outcome["groups"]
    groups = [one.outcome.get("groups", {}) for one in second.estimates.all()]
    assert [one for one in groups if "coop" in one] == []
    assert second.sizes[""]["coop"] == before


def test_group_is_left_out_of_the_one_question_that_few_more_of_it_answered() -> None:
    form = read({"survey.csv": b"type,name,label\ninteger,q,Q\ninteger,other,Other\n"}).must()

    def sample(group: str, many: int) -> list[Person]:
        answers = {"q": "1", "other": "2", "degree": "4"}
        return [Person(f"{group}{one}", "", group, START.date(), answers) for one in range(many)]

    chain = chain_of([*sample("coop", 40), *sample("pb", 40)])
    before = {"q": {"everyone": 55, "coop": 31, "pb": 24, "open": 11}}
    held = held_back(form, chain, chain_of(sample("pb", 20)), before)
    assert held.chain_for("q").groups.levels == ("pb",)
    assert held.chain_for("other").groups.levels == ("coop", "pb")
    assert set(held.chain_for("q").said("q")) == {"1"}
    assert set(held.others.said("q")) == {""}
    assert set(held.others.said("other")) == {"2"}


def test_sizes_that_hold_it_back_are_shown_to_nobody(asked: Asked) -> None:
    fill(asked.study, 73)
    found = actions.publish_analysis(analysis=analysed(asked), by=asked.dora, at=START)
    assert found.sizes[""]["everyone"] == 73
    address = f"/surveys/{asked.study.slug}/results"
    for path in (
        f"{address}/",
        f"{address}/1/all.json",
        f"{address}/1/table.csv",
        f"/api{address}",
    ):
        answer = Client().get(path)
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert (answer.status_code, b"sizes" in content, b"73" in content) == (200, False, False)


def test_vote_that_closes_comes_first(asked: Asked) -> None:
    actions.request_analysis(study=asked.study, by=asked.dora, at=START)
    assert not analyse_due(START, lambda: True)
    assert Analysis.objects.get().done_at is None


def test_study_is_worked_out_by_itself_after_its_close(asked: Asked) -> None:
    fill(asked.study, 20)
    assert not actions.analyse_closed_due(START)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    assert actions.analyse_closed_due(START + DAY)
    assert not actions.analyse_closed_due(START + DAY)
    made = Analysis.objects.get()
    assert (made.requested_by, made.number) == (None, 1)


def test_destroyed_chains_are_not_worked_out(asked: Asked) -> None:
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    late = START + timedelta(days=120)
    assert not actions.analyse_closed_due(late)
    with pytest.raises(Refused, match="chains were destroyed"):
        actions.request_analysis(study=asked.study, by=asked.dora, at=late)


def test_one_analysis_waits_at_a_time(asked: Asked) -> None:
    actions.request_analysis(study=asked.study, by=asked.dora, at=START)
    with pytest.raises(Refused, match="already"):
        actions.request_analysis(study=asked.study, by=asked.dora, at=START)


def test_only_the_owner_requests_and_publishes(asked: Asked) -> None:
    with pytest.raises(Refused) as refused:
        actions.request_analysis(study=asked.study, by=asked.bob, at=START)
    assert refused.value.status == 403
    fill(asked.study, 20)
    found = analysed(asked)
    with pytest.raises(Refused) as refused:
        actions.publish_analysis(analysis=found, by=asked.bob, at=START)
    assert refused.value.status == 403


def test_published_results_are_on_the_record_and_stay(asked: Asked) -> None:
    fill(asked.study, 20)
    found = actions.publish_analysis(analysis=analysed(asked), by=asked.dora, at=START)
    assert found.published_at == START
    assert Entry.objects.get(act="survey.results").facts["number"] == 1
    with pytest.raises(Refused, match="published already"):
        actions.publish_analysis(analysis=found, by=asked.dora, at=START)


def test_nothing_is_published_of_fewer_than_ten_or_before_it_is_worked_out(asked: Asked) -> None:
    fill(asked.study, 9)
    made = actions.request_analysis(study=asked.study, by=asked.dora, at=START)
    with pytest.raises(Refused, match="not worked out"):
        actions.publish_analysis(analysis=made, by=asked.dora, at=START)
    assert analyse_due(START, lambda: False)
    with pytest.raises(Refused, match="Fewer than ten"):
        actions.publish_analysis(analysis=made, by=asked.dora, at=START)


@pytest.mark.parametrize(
    ("more", "groups", "reason"),
    [
        (24, {"coop": 90, "pb": 60}, "fewer than 25"),
        (40, {"coop": 90, "pb": 45}, "one of the groups"),
        (40, {"coop": 90, "pb": None}, ""),
        (40, {"coop": 90, "pb": 50}, ""),
    ],
)
def test_second_results_of_almost_the_same_people_are_not_published(
    asked: Asked, more: int, groups: dict[str, int | None], reason: str
) -> None:
    first, second = (
        Analysis.objects.create(
            study=asked.study,
            number=number,
            requested_at=START,
            done_at=START,
            answers=answers,
            outcome={"respondents": 100, "open": None, "groups": sizes},
        )
        for number, answers, sizes in (
            (1, 100, {"coop": 60, "pb": 40, "both": None}),
            (2, 100 + more, {**groups, "both": 10}),
        )
    )
    actions.publish_analysis(analysis=first, by=asked.dora, at=START)
    if not reason:
        assert actions.publish_analysis(analysis=second, by=asked.dora, at=START).published_at
        return
    with pytest.raises(Refused, match=reason):
        actions.publish_analysis(analysis=second, by=asked.dora, at=START)


def test_study_that_ties_nothing_is_described(db: None) -> None:
    asked = make_asked(anonymity="apart")
    fill(asked.study, 1, opened=40)
    Respondent.objects.filter(came_by="coupon").delete()
    Coupon.objects.all().delete()
    found = analysed(asked)
    assert (found.outcome["respondents"], found.outcome["open"]) == (None, 40)
    assert told(found, "sender")["open"]["answered"] == 40


# The attack: whoever has the stored results, and more than these, cannot tell of fewer than five.

FORM = """type,name,label,scale,sensitive,relevant
select_one s,single,One,nominal,,
select_one o,scale,Scale,ordinal,,
select_multiple m,several,Several,nominal,,
select_one s,touchy,Touchy,nominal,yes,
integer,number,Number,count,,
select_one s,some,Some,nominal,,${single} = 'a'
"""
CHOICES = "list_name,name,label,code\n" + "".join(
    f"{name},{one},{one},{code}\n"
    for name, of in (("s", "abcd"), ("o", "12345"), ("m", "vwxyz"))
    for code, one in enumerate(of, 1)
)


@pytest.fixture(scope="module")
def form() -> Form:
    return read({"survey.csv": FORM.encode(), "choices.csv": CHOICES.encode()}).must()


def made_up(size: int, seed: int, *, skew: float) -> Sample:
    """A chain of any shape, whose answers crowd on a few choices and leave others to a few."""
    random = Random(seed)

    def pick(of: str) -> str:
        return of[min(len(of) - 1, int(random.expovariate(skew)))]

    persons = list[Person]()
    for number in range(size):
        by = f"{random.randrange(number):04}" if number > 8 else ""
        role = random.choices([*Role.values[:3]], [6, 5, random.choice((1, 3))])[0]
        first = pick("abcd")
        answers = {
            "degree": str(random.randint(1, 30)),
            "single": first,
            "scale": pick("12345") if random.random() < 0.95 else "",
            "several": " ".join(sorted({pick("vwxyz") for _ in range(2)})),
            "touchy": pick("dcba") if random.random() < 0.7 else "",
            "number": str(int(random.expovariate(0.1))),
            "some": pick("abcd") if first == "a" else "",
        }
        day = START.date() + timedelta(days=number // 10)
        persons.append(Person(f"{number:04}", by, role, day, answers))
    return chain_of(persons)


def counted(leaf: Any, path: str = "") -> Iterator[tuple[str, int]]:
    """Every number of people that a stored outcome holds."""
    if isinstance(leaf, Mapping):
        for key, value in leaf.items():
            yield from counted(value, f"{path}/{key}")
    elif isinstance(leaf, (list, tuple)):
        for value in leaf:
            yield from counted(value, path)
    elif isinstance(leaf, int) and path.rpartition("/")[2] in {
        "answered",
        "respondents",
        "open",
        "coop",
        "pb",
        "both",
        "cells",
    }:
        yield path, leaf


def test_every_number_of_people_is_rounded_to_five_and_none_is_small(asked: Asked) -> None:
    fill(asked.study, 130, opened=37)
    found = analysed(asked)
    numbers = list(counted(found.outcome))
    for one in found.estimates.all():
        numbers += counted(one.outcome)
    assert len(numbers) > 60
    assert {(path, count) for path, count in numbers if count % 5 or count < 5} == set()


def known_counts(form: Form, name: str, chain: Sample) -> tuple[Any, dict[str, list[Counter[str]]]]:
    """What the outcome hides, worked out anew from the answers, a counter a variable of each row."""
    item = item_of(form, form.by_name[name], chain)
    rows = {}
    for row in ("everyone", *chain.groups.levels):
        inside = item.variables[0].known
        if row != "everyone":
            inside = inside & (chain.groups.codes == chain.groups.levels.index(row))
        rows[row] = [
            Counter(one.levels[code] for code in one.codes[inside].tolist())
            for one in item.variables
        ]
    return item, rows


NAMES = ("single", "scale", "several", "touchy", "number", "some")


@settings(max_examples=25)
@given(st.integers(60, 170), st.integers(0, 10**6), st.sampled_from((0.5, 0.9, 1.4)))
def test_no_share_is_told_of_few_or_of_all_but_few(
    form: Form, size: int, seed: int, skew: float
) -> None:
    chain = made_up(size, seed, skew=skew)
    assert chain.forest
    draws = drawn(chain.forest, resamples=20)
    for name in NAMES:
        outcome = outcome_of(form, form.by_name[name], chain, draws)
        if "everyone" not in outcome:
            continue
        item, rows = known_counts(form, name, chain)
        least = 10 if name == "touchy" else 5
        for row, shown in {"everyone": outcome["everyone"], **outcome["groups"]}.items():
            shares = shown["shares"]
            hidden = sum(share is None for share in shares)
            for place, share in enumerate(shares):
                if share is None:
                    if "intervals" in shown:
                        assert shown["intervals"][place] is None
                elif item.kind == "many":
                    assert min(rows[row][place][one] for one in ("yes", "no")) >= least
                else:
                    assert rows[row][0][item.levels[place]] >= least
            # What one withheld cell holds would be 100 less the others.
            assert item.kind == "many" or hidden != 1


@settings(max_examples=25)
@given(st.integers(60, 170), st.integers(0, 10**6), st.sampled_from((0.5, 0.9)))
def test_whoever_knows_all_sizes_and_all_counts_told_can_tell_no_other(
    form: Form, size: int, seed: int, skew: float
) -> None:
    """An attacker far stronger than a reader: of each share that is told they know the exact count,
    and of each group the exact size. Still no cell that is withheld of a group that is told of has
    one possible value."""
    chain = made_up(size, seed, skew=skew)
    assert chain.forest
    draws = drawn(chain.forest, resamples=20)
    for name in NAMES:
        outcome = outcome_of(form, form.by_name[name], chain, draws)
        if "everyone" not in outcome:
            continue
        item, rows = known_counts(form, name, chain)
        for number, one in enumerate(item.variables):
            levels = one.levels
            groups = list(chain.groups.levels)
            table = [[rows[row][number][level] for level in levels] for row in groups]

            at = [number] * len(levels) if item.kind == "many" else list(range(len(levels)))
            told_of = {
                row: [shown["shares"][place] is not None for place in at]
                for row, shown in {"everyone": outcome["everyone"], **outcome["groups"]}.items()
            }
            attack(table, groups, told_of)


def attack(table: list[list[int]], groups: list[str], told_of: Mapping[str, list[bool]]) -> None:
    nothing = [False] * len(table[0])
    height, width = len(table), len(table[0])
    matrix, right = list[np.ndarray](), list[int]()

    def know(cells: list[tuple[int, int]], total: int) -> None:
        row = np.zeros(height * width)
        for r, c in cells:
            row[r * width + c] = 1
        matrix.append(row)
        right.append(total)

    for r, group in enumerate(groups):
        know([(r, c) for c in range(width)], sum(table[r]))
        for c in range(width):
            if told_of.get(group, nothing)[c]:
                know([(r, c)], table[r][c])
    for c in range(width):
        if told_of["everyone"][c]:
            know([(r, c) for r in range(height)], sum(row[c] for row in table))
    for r in range(height):
        hidden = [c for c in range(width) if not told_of.get(groups[r], nothing)[c]]
        # Of a group that is not told of at all, its rounded size keeps the rest.
        for c in hidden if len(hidden) < width else ():
            goal = np.zeros(height * width)
            goal[r * width + c] = 1
            ends = [
                sign * linprog(sign * goal, A_eq=np.array(matrix), b_eq=right).fun
                for sign in (1, -1)
            ]
            assert ends[1] - ends[0] > 0.99


# How the chain settled, and whether its trees meet.


@given(st.lists(st.integers(0, 2), max_size=700))
def test_between_two_points_of_a_line_are_five_more_of_every_kind(codes: list[int]) -> None:
    ends = [place + 1 for place in places_told(np.array(codes, np.int64), 3)]
    assert len(ends) <= 24
    for before, end in zip([0, *ends], ends, strict=False):
        assert min(codes[before:end].count(kind) for kind in range(3)) >= 5
    assert ends == [] or ends[-1] == len(codes)


def test_line_ends_with_everybody_and_small_groups_are_told_together() -> None:
    persons = [
        Person(
            f"{number:03}", "" if number < 4 else f"{number % 4:03}",
            "both" if number in (7, 31) else "coop" if number % 2 else "pb",
            START.date(), {"degree": "5"},
        )
        for number in range(80)
    ]  # fmt: skip
    chain = chain_of(persons)
    assert chain.forest
    line = settled(chain.forest, chain.groups)
    assert line
    # Two who are both would be given away: so one field is told against everybody else.
    assert line["groups"] == ["pb"]
    assert line["points"][-1] == {"answered": 80, "shares": [50]}
    # Each tree is of one field, so nothing of any can be told.
    assert apart(chain.forest, chain.groups) is None


def test_chains_that_stay_apart_are_told_as_such() -> None:
    def role(number: int) -> str:
        """Three of four are in the field of their seed."""
        own, other = ("coop", "pb") if number % 2 == 0 else ("pb", "coop")
        return other if number // 2 % 4 == 3 else own

    persons = [
        Person(
            f"{number:03}", "" if number < 2 else f"{number % 2:03}", role(number), START.date(),
            {"degree": "5"},
        )
        for number in range(160)
    ]  # fmt: skip
    chain = chain_of(persons)
    assert chain.forest
    found = apart(chain.forest, chain.groups)
    assert found
    assert found["group"] == "coop"
    assert [points[-1] for points in found["chains"]] == [
        {"answered": 80, "shares": [75]},
        {"answered": 80, "shares": [25]},
    ]
