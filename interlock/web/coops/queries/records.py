"""The record of a decision as data, in the names of Popolo: motion, vote event, counts, votes.

https://www.popoloproject.com/specs/motion.html and vote-event.html. What Popolo has no name for stands
under `interlock`: the rule, the arithmetic, who was entitled, the minutes.
"""

from typing import Any

from interlock.web.coops.models import Decision, Elector, Minutes

#: Popolo's word for each answer.
OPTIONS = {
    "yes": "yes",
    "no": "no",
    "abstain": "abstain",
    "blank": "blank",
    "stand_aside": "abstain",
    "object": "no",
}
COUNTED = ("yes", "no", "abstain", "blank", "objections", "stand_asides")
RESULTS = {"carried": "pass", "elected": "pass", "not-carried": "fail", "no-quorum": "fail"}


def record_of(decision: Decision, minutes: Minutes | None) -> dict[str, Any]:
    """All that is on record of a decision that was made."""
    outcome = decision.outcome or {}
    electors = list(decision.electors.select_related("member", "vote"))
    counts = outcome.get("tally", {})
    return {
        "motion": {
            "identifier": str(decision.number),
            "organization": {"name": str(decision.coop), "slug": decision.coop.institution.slug},
            "creator": decision.proposed_by.name if decision.proposed_by else None,
            "classification": decision.kind,
            "text": f"{decision.title}\n\n{decision.text}".strip(),
            "date": decision.announced_at and decision.announced_at.isoformat(),
            "requirement": decision.rule,
            "result": RESULTS.get(outcome.get("result", "")),
        },
        "vote_event": {
            "identifier": str(decision.pk),
            "start_date": decision.opened_at and decision.opened_at.isoformat(),
            "end_date": decision.decided_at and decision.decided_at.isoformat(),
            "result": RESULTS.get(outcome.get("result", "")),
            "counts": [
                {"option": name, "value": counts[name]} for name in COUNTED if name in counts
            ],
            "group_results": [],
            "votes": [
                {"voter": {"name": one.member.name}, **_answer(decision, one)}
                for one in electors
                if hasattr(one, "vote")
            ],
        },
        "interlock": {
            "form": decision.form,
            "is_secret": decision.is_secret,
            "record_date": decision.record_on and decision.record_on.isoformat(),
            "meeting": decision.meets_at and decision.meets_at.isoformat(),
            "place": decision.place,
            "bylaws": {"version": decision.bylaws.number, "sha256": decision.bylaws.sha256},
            "entitled": [
                {
                    "name": one.member.name,
                    "number": one.member.number,
                    "took_part": None if outcome.get("is_withheld") else one.took_part,
                }
                for one in electors
            ],
            "options": [one.name for one in decision.options.all()],
            "lot": decision.seed or None,
            "objections": [
                {
                    "name": one.member.name,
                    "text": one.text,
                    "resolution": one.resolution,
                    "is_withdrawn": one.withdrawn_at is not None,
                }
                for one in decision.objections.select_related("member")
            ],
            "outcome": outcome,
            "minutes": minutes.text if minutes else "",
            "signed": {
                "name": minutes.signed_name,
                "at": minutes.signed_at.isoformat(),
            }
            if minutes and minutes.signed_at
            else None,
        },
    }


def _answer(decision: Decision, elector: Elector) -> dict[str, Any]:
    vote = elector.vote
    if not vote.ranks:
        return {"option": OPTIONS[vote.choice], "answer": vote.choice}
    names = {one.position: one.name for one in decision.options.all()}
    return {"option": [names[place] for place in vote.ranks]}
