"""Run the audit: a line per invariant, on one still picture of the books."""

from dataclasses import dataclass

from sqlmodel import Session

from gamification.audit.challenges import CHALLENGE_INVARIANTS
from gamification.audit.invariants import INVARIANTS
from gamification.audit.invitations import check_invitations
from gamification.audit.prizes import check_prizes
from gamification.audit.recount import broken_seals, recount_members
from gamification.challenges.queries import launched_rules
from gamification.columns import to_micros
from gamification.definitions import current_definitions
from gamification.store import Store
from gamification.world import World


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: how many break it, and the first of their ids."""

    id: str
    name: str
    count: int
    first_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """All findings, with the totals of the books and the head of the seals."""

    findings: tuple[Finding, ...]
    transfers: int
    outstanding: int
    seal: str | None

    @property
    def is_clean(self) -> bool:
        """Whether nothing breaks anything."""
        return not any(finding.count for finding in self.findings)


def run_audit(world: World, *, full: bool = False, limit: int = 5) -> AuditReport:
    """Check every invariant; `full` also computes counters, points and tiers anew,
    and asks of each reward what it was promised by.

    Reads only. Give it a read-only transaction, so that it sees one instant.
    """
    store = Store(world.session.connection())
    now = to_micros(world.now)
    findings = []
    for invariant in (*INVARIANTS, *CHALLENGE_INVARIANTS):
        ids = [row[0] for row in store.rows(invariant.sql.replace(":now", str(now)))]
        findings.append(_finding(invariant.id, invariant.name, ids, limit))
    findings.append(_finding("L7", "sealed_transfers_unchanged", broken_seals(store), limit))
    if full:
        findings += _recounted(world.session, store, world, limit)
    transfers = store.first("SELECT COUNT(*) FROM transfer")
    outstanding = store.first("SELECT COALESCE(SUM(remaining), 0) FROM lot")
    seal = store.first("SELECT digest FROM ledger_seal ORDER BY upto_id DESC LIMIT 1")
    return AuditReport(
        findings=tuple(findings),
        transfers=int(transfers[0]) if transfers else 0,
        outstanding=int(outstanding[0]) if outstanding else 0,
        seal=seal[0] if seal else None,
    )


def _finding(code: str, name: str, ids: list[int], limit: int) -> Finding:
    return Finding(code, name, len(ids), tuple(ids[:limit]))


def _recounted(session: Session, store: Store, world: World, limit: int) -> list[Finding]:
    definitions = current_definitions(session)
    found = recount_members(store, definitions, world.now)
    launched = launched_rules(session, definitions.programme.zone.key)
    prizes = check_prizes(store, {rule.id: rule for rule in launched})
    invited = check_invitations(store)
    return [
        _finding("K2", "counters_equal_recount", found.counters, limit),
        _finding("B4", "awards_are_deserved", found.awards, limit),
        _finding("R5", "kept_points_equal_evaluation", found.points, limit),
        _finding("K3", "acts_keep_their_limits", found.limits, limit),
        _finding("C5", "entries_equal_a_recount", found.entries, limit),
        _finding("C7", "entries_are_paid_by_their_ladder", prizes.paid, limit),
        _finding("C8", "arms_are_those_of_the_hash", prizes.arms, limit),
        _finding("C9", "places_are_given_and_paid_once", prizes.places, limit),
        _finding("G6", "acts_of_invitations_are_theirs", invited.acts, limit),
        _finding("G7", "the_fund_of_invitations_sufficed", invited.fund, limit),
        _finding("T1", "tier_follows_from_spend", found.tiers, limit),
    ]
