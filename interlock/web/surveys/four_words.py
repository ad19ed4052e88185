"""The essay's four words and Hall's three orders in plain words: what each number says, and cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Word:
    """One of the words: the question that it asks, and what its numbers cannot say."""

    title: str | Promise
    asks: str | Promise
    not_said: str | Promise


WORDS: Mapping[str, Word] = {
    "connectivity": Word(
        _("Connectivity"),
        _("Do people of the two fields know each other, and does the survey pass between them?"),
        _(
            "Knowing each other is not yet doing anything together, and people guess whom they know."
        ),
    ),
    "complementarity": Word(
        _("Complementarity"),
        _("Could the one field give what the other lacks?"),
        _("It compares what people named. Whether an offer would meet a need was not tried."),
    ),
    "collaboration": Word(
        _("Collaboration"),
        _("Do bodies of the two fields do things together?"),
        _("It counts people whose bodies did, not acts: many may tell of the same one."),
    ),
    "convergence": Word(
        _("Convergence"),
        _("Do the two fields want the same?"),
        _(
            "One survey shows how near they are. Whether they come nearer takes a second round, which "
            "other people may have answered. One culture means that most know one set of answers, not "
            "that these are right, that all want the same, or that anybody acts on it; and where "
            "questions push everybody to one answer, it looks like one."
        ),
    ),
    "paradigm": Word(
        _("A new policy paradigm? Three orders of change"),
        _(
            "Peter Hall (1993) tells three orders of change in policy. First: the same means get more "
            "or less money. Second: new means are tried. Third: the aims themselves change. Which did "
            "people see, and which do they want?"
        ),
        _(
            "These are opinions of those whom the survey reached, and no proof that a policy changed."
        ),
    ),
}

#: What each measure says of its value; both ends of its interval stand behind it.
SAID: Mapping[str, str | Promise] = {
    "known_by_coop": _(
        "Of the people of both fields whom cooperators know, %(value)s take part in participatory "
        "budgeting"
    ),
    "known_by_pb": _(
        "Of the people of both fields whom PBers know, %(value)s are worker cooperators"
    ),
    "crossing": _(
        "How the survey was passed on: %(value)s, on a scale from -1, always within one's own group, "
        "to 1, always to another"
    ),
    "in_touch": _(
        "In touch with the other field several times in the past year, or more: %(value)s"
    ),
    "coop_meets": _(
        "Of what cooperators say that their field lacks, PBers say that theirs could give %(value)s"
    ),
    "pb_meets": _(
        "Of what PBers say that their field lacks, cooperators say that theirs could give %(value)s"
    ),
    "acted": _(
        "Belong to a body that did something together with one of the other field in the past two "
        "years: %(value)s"
    ),
    "contract": _("Tell of a co-op that carried out what residents had chosen: %(value)s"),
    "step": _(
        "The closest pair of bodies stands on step %(value)s on average, from 0, they do not know "
        "each other, to 5, they act as one"
    ),
    "goals_near": _(
        "In the ends that matter most to them, cooperators and PBers have %(value)s in common"
    ),
    "answers_apart": _(
        "Cooperators and PBers differ in all that both are asked of what they think by %(value)s (energy "
        "distance: 0 where they answer alike)"
    ),
    "came_nearer": _(
        "Since the round before, the distance between their answers changed by %(value)s, in what both "
        "rounds asked in the same way"
    ),
    "one_culture": _(
        "One set of answers explains %(value)s times as much of who agrees with whom as any second one "
        "(consensus analysis, both fields together; 3 or more is usually called one culture)"
    ),
    "competence": _(
        "How well people know the shared answers: %(value)s on average, from 0, they guess, to 1, they "
        "know all"
    ),
    "culture_coop": _("Among cooperators alone it explains %(value)s times as much"),
    "culture_pb": _("Among PBers alone it explains %(value)s times as much"),
    "one_movement": _("Agree that the two belong to one movement: %(value)s"),
    "each_itself": _(
        "Agree that the two can work closely together and each stay what it is: %(value)s"
    ),
    "seen_1": _("Saw a change of the first order, in amounts: %(value)s"),
    "seen_2": _("Saw a change of the second order, in means: %(value)s"),
    "seen_3": _("Saw a change of the third order, in aims: %(value)s"),
    "want_1": _(
        "First order: want residents to decide directly on more than 5%% of the local budget: "
        "%(value)s"
    ),
    "want_2": _("Second order: want a means of policy that joins the two fields: %(value)s"),
    "want_3": _(
        "Third order: want an economy that belongs to those who live and work in it, and find that "
        "they have no say today: %(value)s"
    ),
    "want_joint": _("Want both such a means and such an aim: %(value)s"),
    "aims_near": _(
        "In what economic policy should aim at, cooperators and PBers have %(value)s in common"
    ),
}

#: What only explains another measure further: whether people are of one culture.
FURTHER = {"competence", "culture_coop", "culture_pb"}

#: From so large a ratio on one culture is a fair description, in tenths (Romney, Weller, Batchelder 1986).
ONE_CULTURE = 30


def concluded(one: Mapping[str, Any], among: Sequence[Mapping[str, Any]]) -> str | Promise:
    """What follows from a measure in plain words, where its number does not say it; `among` all of its word."""
    if one["unit"] == "change":
        return _changed(one)
    if one["unit"] != "ratio":
        return ""
    each = [other for other in among if other["name"] in ("culture_coop", "culture_pb")]
    if one["name"] == "one_culture" and all(map(_is_one, each)) and _is_less(one, each):
        return _(
            "Each field by itself is of one culture, and the two together are not: they are two cultures "
            "rather than one."
        )
    if one["against"]:
        return _(
            "One culture is no fair description: more than a few answer contrary to the others."
        )
    if one["interval"][1] <= ONE_CULTURE:
        return _("One culture is no fair description of these people.")
    if _is_one(one):
        return _("One culture is a fair description of these people.")
    return _("Whether one culture is a fair description cannot be told from these answers.")


def _is_less(one: Mapping[str, Any], each: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the two together are of one culture less than each by itself, as far as that is sure.

    The upper end alone says little: draws with more of one field look like that field's culture.
    """
    most = min((other["interval"][0] for other in each), default=0)
    return bool(one["value"] < ONE_CULTURE and one["interval"][1] < most)


def _is_one(one: Mapping[str, Any]) -> bool:
    """Whether one culture is a fair description: by the usual rule, surely so, and beyond chance."""
    if one["value"] is None or one["against"]:
        return False
    return bool(one["interval"][0] >= ONE_CULTURE and one["value"] > one["chance"][1])


def _changed(one: Mapping[str, Any]) -> str | Promise:
    (low, high), (least, most) = one["interval"], one["chance"]
    if one["value"] < least and high < 0:
        return _(
            "They answer more alike than in the round before. That goes together with the time between; "
            "it does not say why."
        )
    if one["value"] > most and low > 0:
        return _(
            "They answer less alike than in the round before. That goes together with the time between; "
            "it does not say why."
        )
    return _("Whether they came nearer or went apart cannot be told from these answers.")
