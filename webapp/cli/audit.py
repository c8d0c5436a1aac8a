"""`laurel audit`: a line per promise of the books; reads only, repairs nothing."""

import json
from dataclasses import asdict

import click

from gamification.audit.run import AuditReport, Finding, run_audit
from webapp.cli.place import open_place

PROMISES = {
    "L1": "every balance equals its transfers",
    "L2": "every transfer stays with its member's accounts",
    "L3": "no debt was repaid beyond itself",
    "L4": "every event and every posting key was applied once",
    "L6": "points in a transfer are positive and bounded",
    "L7": "sealed transfers have not changed",
    "F0": "every credit made one lot of the same size",
    "F1": "every lot is its amount less what was drawn",
    "F2": "every debit names the lots it drew from",
    "F3": "what burns first was spent first",
    "F4": "nothing was spent on the way or after it burned",
    "F5": "lots that burned more than three days ago are booked",
    "F6": "draws stay with their member",
    "F7": "transfers and returns stay with their purchase's member",
    "R1": "refunds never exceed the spend",
    "R2": "a purchase's points are what was booked",
    "R3": "returns never exceed the purchase",
    "R4": "a full return leaves nothing behind",
    "R6": "an act's points are what was booked",
    "R5": "what a purchase keeps is what its kept basket earns",
    "B1": "a medal's level is held once",
    "B2": "levels of a medal have no holes",
    "B3": "a medal's points exist exactly once",
    "B4": "every medal that can fall is still deserved",
    "B5": "the medal's log ends in its state",
    "K1": "counters belong to members who stand",
    "K2": "counters equal a recount of the activities",
    "K3": "no act counts more often than its limit",
    "T1": "the tier follows from the kept spend",
    "T2": "the standing is the end of its log",
    "G1": "nobody is invited in a ring",
    "G2": "an invitation is paid as it says, once",
    "G3": "nobody is paid for more friends than the limit",
    "G4": "the fund of invitations counts all that they brought",
    "G5": "no side of an invitation got more than its terms say",
    "G6": "gifts and shares belong to an invitation, once",
    "G7": "the fund of invitations had what it paid",
    "C1": "what challenges promised is what people got",
    "C2": "a challenge pays once",
    "C3": "no challenge gives more than its budget",
    "C4": "the control group gets nothing",
    "C5": "every step on a challenge's ladder is deserved",
    "C6": "a challenge's steps that went back brought nothing",
    "C7": "a challenge pays a step once, as its ladder says",
    "C8": "who is only watched is whom the hash names",
    "C9": "no more winners were paid than there are places",
    "P1": "an erased member holds nothing personal",
    "P2": "no marketing went out without consent",
    "O1": "no message lies unsent for a day",
    "A1": "entries by hand have an actor",
}


@click.command()
@click.option("--full", is_flag=True, help="Compute counters, points, tiers, rewards anew.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 1000),
              help="How many offending ids to name.")  # fmt: skip
def audit(full: bool, as_json: bool, limit: int) -> int:
    """Check that the books hold what they promise.

    Exit code 0 when they do, 1 when something is broken, 2 when it could not be checked.
    """
    with open_place(existing=True) as place, place.programme.open(readonly=True) as world:
        report = run_audit(world, full=full, limit=limit)
    click.echo(as_text(report) if not as_json else as_document(report))
    return 0 if report.is_clean else 1


def as_document(report: AuditReport) -> str:
    """The report for programs."""
    return json.dumps({"clean": report.is_clean, **asdict(report)}, indent=2)


def as_text(report: AuditReport) -> str:
    """The report for people: broken promises can be seen at a glance."""
    lines = [line_of(finding) for finding in report.findings]
    broken = sum(1 for finding in report.findings if finding.count)
    lines.append(f"{report.transfers} transfers, {report.outstanding} points in lots")
    lines.append(f"seal {report.seal}" if report.seal else "not sealed yet")
    lines.append("clean" if not broken else f"{broken} of {len(report.findings)} broken")
    return "\n".join(lines)


def line_of(finding: Finding) -> str:
    """One promise, and the first ids that break it."""
    words = f"{finding.id:<3} {finding.name:<34} {PROMISES[finding.id]}"
    if not finding.count:
        return f"ok     {words}"
    ids = ", ".join(map(str, finding.first_ids))
    return f"BROKEN {words}: {finding.count}, first {ids}"
