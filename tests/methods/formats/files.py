"""Small `.pb` files of our own, one for each vote type, and a builder for broken ones."""

from typing import Any

from interlock.methods.formats import bundle, pabulib

META = {
    "description": "A test",
    "country": "Nowhere",
    "unit": "Town",
    "instance": "2026",
    "num_projects": "3",
    "num_votes": "3",
    "budget": "100",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "01.05.2026",
    "date_end": "14.05.2026",
}

PROJECTS = ["project_id;cost;name;selected", "park;60;Park;1", "bus;50;Bus;0", "trees;40;Trees;1"]

VOTES = {
    "approval": ["voter_id;vote", "1;park,bus", "2;park", "3;trees"],
    "choose-1": ["voter_id;vote", "1;park", "2;park", "3;trees"],
    "ordinal": ["voter_id;vote", "1;trees,park", "2;park", "3;trees"],
    "cumulative": ["voter_id;vote;points", "1;park,bus;7,3", "2;park;10", "3;trees;10"],
    "scoring": ["voter_id;vote;points", "1;park,bus,trees;5,2,0", "2;park;4", "3;trees;1"],
}


def text(
    kind: str = "approval",
    projects: list[str] | None = None,
    votes: list[str] | None = None,
    **meta: str | None,
) -> str:
    """The text of a file that differs from the usual one in what is given; None leaves out."""
    changed = {**META, "vote_type": kind, **meta}
    lines = ["META", "key;value"]
    lines += [f"{key};{value}" for key, value in changed.items() if value is not None]
    lines += ["PROJECTS", *(projects or PROJECTS), "VOTES", *(votes or VOTES[kind])]
    return "\n".join(lines) + "\n"


def data(kind: str = "approval", **changes: object) -> bytes:
    return text(kind, **changes).encode()  # type: ignore[arg-type]


def rulebook_of(*areas: bundle.Area) -> dict[str, Any]:
    """The rulebook that areas of a bundle were counted by, as the site writes it."""
    read = [(area, pabulib.read(area.pabulib)) for area in areas]
    return {
        "rule": areas[0].rule,
        "ties": {"lot_seed": areas[0].lot_seed},
        "minor_units": 100,
        "areas": [
            {
                "ref": area.slug,
                "budget": file.election().budget * 100 // file.election().unit,
                "max_choices": len(file.projects),
                "projects": [
                    {"ref": ref, "cost": cost * 100 // file.election().unit}
                    for ref, cost in zip(file.projects, file.election().costs, strict=True)
                ],
            }
            for area, file in read
        ],
    }
