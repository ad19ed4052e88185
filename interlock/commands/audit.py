"""`interlock audit`: does the record's chain hold, from its first entry to its last?"""

import argparse

from interlock.commands.site import make_ready

SUMMARY = "Check that no entry of the record was changed, removed or slipped in."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from interlock.web.record.models import Entry
    from interlock.web.record.queries import first_broken_link

    broken = first_broken_link()
    if broken is not None:
        print(f"The chain breaks at entry {broken.pk} of {broken.at:%d %B %Y}: {broken.act}.")
        return 1
    last = Entry.objects.first()
    print(
        f"All {Entry.objects.count():,} entries hold. The last link is {last.link if last else 'none'}."
    )
    return 0
