"""Convergence between rounds, and whether one culture describes both fields: planted worlds and attacks."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

import pytest
from django.test import Client

from interlock.web.look.refusals import Refused
from interlock.web.surveys import actions, queries
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.analysing.opinions import SCALED, Opinions
from interlock.web.surveys.analysing.sample import samples
from interlock.web.surveys.four_words import concluded
from interlock.web.surveys.models import Analysis, Respondent, Retained, Role, Study
from interlock.web.surveys.retaining import due, retain
from tests.web.surveys.asked import CLOSES, DAY, START, Asked, make_asked
from tests.web.surveys.studies import GOALS, TOOLS, Answers, fill, usual

#: When the second round is asked, the first one closed and its codes still kept.
NEXT = START + 30 * DAY


def opinions(apart: float) -> Answers:
    """Scales on which the two fields stand so far apart; all else as usual."""

    def said(role: str, random: Random) -> Mapping[str, str]:
        middle = 3 + (apart if role == Role.PB else -apart)
        scales = ("same_move", "keep_self", "pp_goal", "pp_problem")
        return {
            **usual(Role.COOP, random),
            **{one: str(min(5, max(1, round(random.gauss(middle, 0.8))))) for one in scales},
        }

    return said


def culture(*, of: Callable[[str], int]) -> Answers:
    """Answers of people who know most of what their culture, one by its number, holds."""

    def said(role: str, random: Random) -> Mapping[str, str]:
        key, knows = Random(of(role)), random.uniform(0.6, 0.95)

        def one(choices: tuple[str, ...]) -> str:
            known = key.choice(choices)
            return known if random.random() < knows else random.choice(choices)

        scale = tuple("12345")
        names = ("same_move", "keep_self", "pp_goal", "pp_problem")
        told = {name: one(scale) for name in names}
        told |= {"pp_seen": one(("0", "1", "2", "3")), "pp_amount": one(("0", "1", "2", "3", "4"))}
        goals = [key.sample(GOALS, 3) if random.random() < knows else random.sample(GOALS, 3)]
        return {**usual(role, random), **told, "goals": " ".join(sorted(goals[0]))}

    return said


def worked_out(asked: Asked, study: Study, at: Any = START) -> Analysis:
    made = actions.request_analysis(study=study, by=asked.dora, at=at)
    assert analyse_due(at, lambda: False)
    made.refresh_from_db()
    assert made.failure == ""
    return made


def first_round(asked: Asked, answers: Answers, many: int = 160) -> None:
    """A round that is worked out once it has closed."""
    fill(asked.study, many, answers=answers, seeds=16)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    worked_out(asked, asked.study)
    asked.study.refresh_from_db()


def next_round(asked: Asked) -> Study:
    """A round that follows, open, with nobody in it."""
    made = actions.launch(
        institution=asked.federation, contact="c", ethics="e", closes_on=CLOSES + 60 * DAY,
        by=asked.dora, at=NEXT, follows=asked.study,
    )  # fmt: skip
    actions.publish_version(version=made.versions.get(), by=asked.dora, at=NEXT)
    return actions.open_study(study=made, by=asked.dora, at=NEXT)


def measures(analysis: Analysis) -> dict[str, Any]:
    return {one["name"]: one for one in analysis.outcome["words"]["convergence"]}


def nearer(asked: Asked, answers: Answers) -> dict[str, Any]:
    """The change told by a next round in which people answer so."""
    study = next_round(asked)
    fill(study, 160, answers=answers, seeds=16, seed=2)
    found: dict[str, Any] = measures(worked_out(asked, study, NEXT))["came_nearer"]
    return found


def test_fields_that_came_nearer_are_told_so(asked: Asked) -> None:
    first_round(asked, opinions(1.0))
    found = nearer(asked, opinions(0.1))
    assert found["value"] < found["chance"][0] < 0
    assert found["interval"][0] <= found["value"] <= found["interval"][1] < 0
    assert found["answered"] >= 200


def test_fields_that_went_apart_are_told_so(asked: Asked) -> None:
    first_round(asked, opinions(0.1))
    found = nearer(asked, opinions(1.0))
    assert found["value"] > found["chance"][1] > 0
    assert found["interval"][0] > 0


def test_fields_that_stayed_as_they_were_are_within_chance(asked: Asked) -> None:
    first_round(asked, opinions(0.4))
    found = nearer(asked, opinions(0.4))
    assert found["chance"][0] <= found["value"] <= found["chance"][1]


def test_chains_of_the_first_round_count_though_its_links_are_destroyed(asked: Asked) -> None:
    """Its trees are drawn as wholes: by the random number that stays, not by links that are gone."""
    first_round(asked, opinions(1.0))
    before = nearer(asked, opinions(0.1))
    late = START + 365 * DAY
    [links] = [one for one in due(late) if one.what == Retained.LINKS and one.study == asked.study]
    retain(links, late)
    assert not Respondent.objects.filter(study=asked.study).exclude(coupon=None).exists()
    Study.objects.get(follows=asked.study).analyses.all().delete()
    after = worked_out(asked, Study.objects.get(follows=asked.study), NEXT)
    assert measures(after)["came_nearer"] == before


def why(asked: Asked, answers: Answers | None = None) -> str:
    found = nearer(asked, answers or opinions(0.4))
    assert found["value"] is None
    return str(found["why"]["kind"])


def test_survey_that_follows_none_says_what_it_takes(asked: Asked) -> None:
    fill(asked.study, 160)
    found = measures(worked_out(asked, asked.study))["came_nearer"]
    assert (found["value"], found["why"]["kind"]) == (None, "no-round-before")


def test_nothing_is_told_beside_a_round_that_is_open(asked: Asked) -> None:
    fill(asked.study, 160)
    worked_out(asked, asked.study)
    assert why(asked) == "before-is-open"


def test_nothing_is_told_beside_answers_that_were_destroyed(asked: Asked) -> None:
    first_round(asked, opinions(0.4))
    asked.study.answers_until = asked.study.links_until
    asked.study.save()
    late = START + 365 * DAY
    [answers] = [one for one in due(late) if one.what == Retained.ANSWERS]
    retain(answers, late)
    assert why(asked) == "before-destroyed"


def test_answers_whose_day_came_are_not_used_though_the_worker_is_late(asked: Asked) -> None:
    first_round(asked, opinions(0.4))
    Study.objects.filter(pk=asked.study.pk).update(
        closes_on=date(2027, 5, 3), links_until=date(2027, 5, 20), answers_until=date(2027, 5, 20)
    )
    assert why(asked) == "before-destroyed"


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda of: of.replace("agree,5,", "agree,6,").replace("goal,5,", "goal,6,"),
        # A scale with one step more is another scale, though each old answer is one still.
        lambda of: of.replace("agree,dk,", "agree,6,Yes,Sí,6\nagree,dk,").replace(
            "goal,dk,", "goal,6,6,6,6\ngoal,dk,"
        ),
    ],
)
def test_nothing_is_told_beside_other_questions(
    asked: Asked, otherwise: Callable[[str], str]
) -> None:
    first_round(asked, opinions(0.4))
    version = asked.study.versions.get()
    sheets = {name: otherwise(text) for name, text in version.document.items()}
    assert sheets != version.document

    def only_scales(role: str, random: Random) -> Mapping[str, str]:
        kept = {"coop_role", "pb_role", "same_move", "keep_self", "pp_goal"}
        return {name: said for name, said in opinions(0.4)(role, random).items() if name in kept}

    study = next_round(asked)
    files = {f"{name}.csv": text.encode() for name, text in sheets.items()}
    other = actions.add_version(study=study, files=files, by=asked.dora, at=NEXT)
    study.versions.exclude(pk=other.pk).delete()
    actions.publish_version(version=other, by=asked.dora, at=NEXT)
    fill(study, 160, answers=only_scales, seeds=16, seed=2)
    found = measures(worked_out(asked, study, NEXT))["came_nearer"]
    assert (found["value"], found["why"]["kind"]) == (None, "other-questions")


# Nothing is told once more of almost the same people.


def test_one_who_took_answers_back_since_is_not_told_of_by_subtraction(asked: Asked) -> None:
    """The first round told its distance of 160; with that of 159 the one's answers would follow."""
    first_round(asked, opinions(0.4))
    gone = asked.study.respondents.filter(role=Role.PB, wave=2)[0]
    gone.answer.delete()
    Respondent.objects.filter(pk=gone.pk).update(withdrawn_on=NEXT.date())
    assert why(asked) == "before-untold"


def test_one_who_came_after_the_first_round_was_told_is_not_told_of_either(asked: Asked) -> None:
    fill(asked.study, 160, answers=opinions(0.4), seeds=16)
    worked_out(asked, asked.study)
    fill(asked.study, 1, answers=opinions(0.4), seeds=1, seed=3)
    actions.close_study(study=asked.study, by=asked.dora, at=START + DAY)
    assert not actions.analyse_closed_due(START + DAY)
    assert why(asked) == "before-untold"


def test_one_for_another_before_the_close_is_not_told_of(asked: Asked) -> None:
    """As many as were told of, yet others: results from before the close are no proof."""
    fill(asked.study, 160, answers=opinions(0.4), seeds=16)
    worked_out(asked, asked.study)
    actions.close_study(study=asked.study, by=asked.dora, at=START + DAY)
    assert why(asked) == "before-untold"


def test_field_that_was_held_back_at_the_close_is_not_told_of(asked: Asked) -> None:
    """As many cooperators as were told of before it closed, which proves nothing of who they are."""
    fill(asked.study, 160, answers=opinions(0.4), seeds=16)
    worked_out(asked, asked.study)
    first = list(asked.study.respondents.values_list("pk", flat=True))
    fill(asked.study, 40, answers=opinions(0.4), seed=3)
    asked.study.respondents.exclude(pk__in=first).update(role=Role.PB)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    last = worked_out(asked, asked.study)
    assert last.outcome["groups"].keys() & {"coop", "pb"} == {"pb"}
    assert last.sizes[""]["coop"] == asked.study.respondents.filter(role=Role.COOP).count()
    assert why(asked) == "before-untold"


def test_first_round_that_was_never_worked_out_is_not_told_of(asked: Asked) -> None:
    fill(asked.study, 160, answers=opinions(0.4), seeds=16)
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    assert why(asked) == "before-untold"


def test_question_that_was_held_back_in_the_first_round_stays_out(asked: Asked) -> None:
    first_round(asked, opinions(1.0))
    told = asked.study.analyses.get()
    for one in told.estimates.filter(name__in=("same_move", "keep_self", "pp_goal", "pp_problem")):
        one.outcome = {**one.outcome, "repeats": True}
        one.save()
    found = nearer(asked, opinions(0.1))
    assert found["chance"][0] <= found["value"] <= found["chance"][1]


@pytest.mark.parametrize("many", [9, 10])
def test_field_of_nine_is_not_told_of(asked: Asked, many: int) -> None:
    fill(asked.study, 160, answers=opinions(0.4), seeds=16)
    residents = asked.study.respondents.filter(role=Role.PB).order_by("pk")
    rest = residents.exclude(pk__in=residents[:many].values("pk"))
    Respondent.objects.filter(pk__in=list(rest.values_list("pk", flat=True))).update(role="coop")
    actions.close_study(study=asked.study, by=asked.dora, at=START)
    worked_out(asked, asked.study)
    found = nearer(asked, opinions(0.4))
    assert (found["value"] is None) == (many == 9)
    if many == 9:
        assert found["why"]["kind"] == "before-untold"


def test_all_but_four_who_say_the_same_are_not_told_of(asked: Asked) -> None:
    left = [4]

    def alike(role: str, _random: Random) -> Mapping[str, str]:
        differs = role == Role.PB and left[0] > 0
        left[0] -= differs
        return {"same_move": "1" if differs else "5"}

    first_round(asked, alike)
    assert why(asked) == "few-before"


def test_two_rounds_are_compared_in_whole_trees_of_each(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlock.web.surveys.analysing.opinions.MOST_COMPARED", 120)
    first_round(asked, opinions(1.0))
    assert 40 <= nearer(asked, opinions(0.1))["answered"] <= 120


def test_round_follows_one_of_the_same_institution(asked: Asked) -> None:
    other = make_asked(seeds=0)
    with pytest.raises(Refused, match="another institution"):
        actions.launch(
            institution=asked.federation, contact="c", ethics="e", closes_on=CLOSES, by=asked.dora,
            at=START, follows=other.study,
        )  # fmt: skip


def test_question_that_hardly_anybody_of_a_field_answered_is_not_compared(asked: Asked) -> None:
    """Asked of cooperators, so to say, and of nine PBers."""
    left = [9]

    def said(role: str, random: Random) -> Mapping[str, str]:
        told = dict(usual(role, random))
        if role == Role.PB and left[0] == 0:
            told.pop("same_move")
        left[0] -= role == Role.PB and left[0] > 0
        return told

    fill(asked.study, 160, answers=said)
    form = queries.form_of(asked.study.versions.get())
    chain, _others = samples(asked.study, form)
    assert chain.forest
    meant = Opinions.of(form, chain, chain.forest.trees).meant
    assert "same_move" not in meant
    assert {"keep_self", "goals own"} <= set(meant)


# One culture, or two.


def cultures(asked: Asked, answers: Answers) -> dict[str, Any]:
    fill(asked.study, 200, answers=answers, seeds=16)
    return measures(worked_out(asked, asked.study))


def test_one_culture_is_found_with_how_well_it_is_known(asked: Asked) -> None:
    found = cultures(asked, culture(of=lambda _role: 7))
    ratio = found["one_culture"]
    assert ratio["value"] > ratio["chance"][1]
    assert ratio["interval"][0] >= 30
    assert concluded(ratio, list(found.values())) == (
        "One culture is a fair description of these people."
    )
    competence = found["competence"]
    assert competence["value"] > competence["chance"][1]
    assert 0 < competence["interval"][0] <= competence["value"] <= competence["interval"][1] < 100


def test_two_cultures_are_not_one_and_each_is(asked: Asked) -> None:
    found = cultures(asked, culture(of=lambda role: 7 if role == Role.COOP else 8))
    together = found["one_culture"]
    assert together["value"] < 30
    assert "two cultures rather than one" in concluded(together, list(found.values()))
    for name in ("culture_coop", "culture_pb"):
        assert found[name]["value"] > max(together["value"], found[name]["chance"][1])
        assert not found[name]["against"]


def test_guesses_are_within_chance(asked: Asked) -> None:
    """Who picks three ends of nine at random agrees with others on most that nobody picked."""

    def guess(role: str, random: Random) -> Mapping[str, str]:
        return {**usual(role, random), **dict.fromkeys(SCALED, "dk"),
                "goals": " ".join(random.sample(GOALS, 3)),
                "pp_tools": " ".join(random.sample(TOOLS, 2))}  # fmt: skip

    found = cultures(asked, guess)
    for name in ("one_culture", "competence"):
        low, high = found[name]["chance"]
        assert low <= found[name]["value"] <= high
    assert "fair description of" not in concluded(found["one_culture"], list(found.values()))


def test_agreement_on_few_questions_is_not_told(asked: Asked) -> None:
    def few(role: str, random: Random) -> Mapping[str, str]:
        names = ("same_move", "keep_self", "pp_goal", "pp_problem")
        return {name: random.choice("12345") for name in names}

    found = cultures(asked, few)
    assert found["one_culture"]["why"]["kind"] == "few-questions"
    assert found["answers_apart"]["value"] is not None


def test_nothing_of_a_person_is_stored(asked: Asked) -> None:
    """Neither competences nor how many speak against it: of one person the latter would tell."""
    found = cultures(asked, culture(of=lambda _role: 7))
    fields = {"name", "unit", "value", "interval", "chance", "answered", "why"}
    for name in ("one_culture", "competence", "culture_coop", "culture_pb"):
        assert found[name].keys() == fields | {"against"}
        assert found[name]["against"] in (True, False)


def test_at_most_so_many_of_a_field_are_drawn(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interlock.web.surveys.analysing.opinions.MOST_OF_A_FIELD", 20)
    found = cultures(asked, culture(of=lambda _role: 7))
    assert [found[name]["answered"] for name in ("one_culture", "culture_coop")] == [40, 20]


# What a reader is told.


@pytest.mark.parametrize(
    ("language", "said", "one"),
    [
        ("en", "They answer more alike than in the round before.", "Among PBers alone"),
        ("es", "Responden de forma más parecida que en la edición anterior.", "Solo entre"),
    ],
)
def test_page_and_files_tell_that_they_came_nearer(
    asked: Asked, language: str, said: str, one: str
) -> None:
    first_round(asked, opinions(1.0))
    study = next_round(asked)
    fill(study, 160, answers=opinions(0.1), seeds=16, seed=2)
    made = worked_out(asked, study, NEXT)
    actions.publish_analysis(analysis=made, by=asked.dora, at=NEXT)
    client = Client(headers={"accept-language": language})
    html = client.get(f"/surveys/{study.slug}/results/").content.decode()
    assert said in html
    assert one in html
    told = client.get(f"/api/surveys/{study.slug}/results").json()["results"]["words"]
    stored = json.loads(
        b"".join(client.get(f"/surveys/{study.slug}/results/{made.number}/all.json"))  # type: ignore[arg-type]
    )
    assert told["convergence"] == stored["results"]["words"]["convergence"]
    assert {"came_nearer", "one_culture"} <= {one["name"] for one in told["convergence"]}
