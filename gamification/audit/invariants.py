"""What must hold at every instant, each a query that answers its violations.

Names and ids follow the trust page; every query answers ids, clean means none.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """One promise: its id, its name, and the query for what breaks it.

    `:now` in a query is the instant of the audit in microseconds.
    """

    id: str
    name: str
    sql: str


# Each side of a transfer is a row of its own here: one join that asked for either side
# could use no index, and would compare every account with every transfer.
MOVEMENTS = """(SELECT credit_account_id AS account_id, points FROM transfer
            UNION ALL SELECT debit_account_id, -points FROM transfer)"""

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "L1",
        "balance_equals_transfers",
        f"""
        SELECT m.id FROM member m
        LEFT JOIN (SELECT member_id, SUM(remaining) held FROM lot GROUP BY member_id) l
               ON l.member_id = m.id
        LEFT JOIN (
            SELECT a.member_id, SUM(t.points) moved FROM {MOVEMENTS} t
            JOIN ledger_account a ON a.id = t.account_id
            WHERE a.kind = 'wallet' GROUP BY a.member_id) w ON w.member_id = m.id
        WHERE COALESCE(l.held, 0) <> COALESCE(w.moved, 0) ORDER BY m.id
        """,
    ),
    Invariant(
        "L2",
        "transfer_belongs_to_its_accounts",
        """
        SELECT t.id FROM transfer t
        JOIN ledger_account d ON d.id = t.debit_account_id
        JOIN ledger_account c ON c.id = t.credit_account_id
        WHERE (d.member_id IS NOT NULL AND d.member_id <> t.member_id)
           OR (c.member_id IS NOT NULL AND c.member_id <> t.member_id) ORDER BY t.id
        """,
    ),
    Invariant(
        "L3",
        "debt_never_negative",
        f"""
        SELECT a.member_id FROM {MOVEMENTS} t
        JOIN ledger_account a ON a.id = t.account_id
        WHERE a.kind = 'debt' GROUP BY a.id, a.member_id HAVING SUM(t.points) > 0
        ORDER BY a.member_id
        """,
    ),
    Invariant(
        "L4",
        "event_applied_once",
        """
        SELECT MIN(id) FROM activity GROUP BY source, external_id HAVING COUNT(*) > 1
        UNION ALL SELECT MIN(id) FROM transfer GROUP BY key HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        "L6",
        "points_are_positive_and_bounded",
        "SELECT id FROM transfer WHERE points <= 0 OR points > 1000000000 ORDER BY id",
    ),
    Invariant(
        "F0",
        "each_credit_has_one_lot",
        """
        SELECT t.id FROM transfer t
        JOIN ledger_account c ON c.id = t.credit_account_id AND c.kind = 'wallet'
        LEFT JOIN lot l ON l.transfer_id = t.id
        WHERE t.kind <> 'refund' AND (l.id IS NULL OR l.amount <> t.points) ORDER BY t.id
        """,
    ),
    Invariant(
        "F1",
        "lot_keeps_amount_less_draws",
        """
        SELECT l.id FROM lot l
        LEFT JOIN (SELECT lot_id, SUM(points) drawn FROM allocation GROUP BY lot_id) a
               ON a.lot_id = l.id
        WHERE l.amount - COALESCE(a.drawn, 0) <> l.remaining
           OR l.remaining < 0 OR l.reserved < 0 OR l.reserved > l.remaining ORDER BY l.id
        """,
    ),
    Invariant(
        "F2",
        "each_debit_is_fully_drawn",
        """
        SELECT t.id FROM transfer t
        JOIN ledger_account d ON d.id = t.debit_account_id AND d.kind = 'wallet'
        LEFT JOIN (SELECT transfer_id, SUM(points) drawn FROM allocation GROUP BY transfer_id) a
               ON a.transfer_id = t.id
        WHERE COALESCE(a.drawn, 0) <> t.points ORDER BY t.id
        """,
    ),
    Invariant(
        "F3",
        "soonest_expiry_is_spent_first",
        """
        SELECT DISTINCT a.transfer_id FROM allocation a
        JOIN transfer t ON t.id = a.transfer_id AND t.kind = 'spend'
        JOIN lot u ON u.id = a.lot_id
        JOIN lot o ON o.member_id = u.member_id AND o.id < t.id AND o.id <> u.id
        WHERE a.points > 0 AND o.available_at <= t.occurred_at AND o.expires_at > t.occurred_at
          AND (u.expires_at IS NULL OR o.expires_at < u.expires_at)
          AND o.amount > (SELECT COALESCE(SUM(x.points), 0) FROM allocation x
                          WHERE x.lot_id = o.id AND x.transfer_id <= t.id)
        """,
    ),
    Invariant(
        "F4",
        "nothing_spent_from_a_closed_lot",
        """
        SELECT a.transfer_id FROM allocation a
        JOIN transfer t ON t.id = a.transfer_id AND t.kind = 'spend'
        JOIN lot l ON l.id = a.lot_id
        WHERE a.points > 0 AND (t.occurred_at < l.available_at OR t.occurred_at >= l.expires_at)
        ORDER BY a.transfer_id
        """,
    ),
    Invariant(
        "F5",
        "lapsed_lots_are_booked",
        """
        SELECT id FROM lot WHERE expires_at < :now - 259200000000 AND remaining > reserved
        ORDER BY id
        """,
    ),
    Invariant(
        "F6",
        "draws_stay_with_their_member",
        """
        SELECT a.transfer_id FROM allocation a JOIN transfer t ON t.id = a.transfer_id
        JOIN lot l ON l.id = a.lot_id WHERE l.member_id <> t.member_id ORDER BY a.transfer_id
        """,
    ),
    Invariant(
        "F7",
        "transfers_stay_with_their_activity",
        """
        SELECT t.id FROM transfer t JOIN activity a ON a.id = t.activity_id
        WHERE a.member_id <> t.member_id
        UNION ALL
        SELECT r.id FROM return_match x JOIN activity r ON r.id = x.return_id
        JOIN activity p ON p.id = x.purchase_id WHERE r.member_id <> p.member_id
        """,
    ),
    Invariant(
        "R1",
        "refunds_never_exceed_the_spend",
        """
        SELECT s.id FROM transfer s JOIN transfer r ON r.reverses_id = s.id
        GROUP BY s.id, s.points HAVING SUM(r.points) > s.points ORDER BY s.id
        """,
    ),
    Invariant(
        "R2",
        "purchase_points_are_what_was_booked",
        """
        SELECT a.id FROM activity a
        LEFT JOIN transfer t ON t.activity_id = a.id AND t.kind = 'purchase'
        WHERE a.type = 'purchase' AND a.names_id IS NULL
          AND a.state IN ('counted', 'partly_returned', 'returned', 'superseded')
          AND a.points <> COALESCE(t.points, 0) ORDER BY a.id
        """,
    ),
    Invariant(
        "R6",
        "act_points_are_what_was_booked",
        """
        SELECT a.id FROM activity a
        LEFT JOIN transfer t ON t.activity_id = a.id AND t.kind = 'act'
        WHERE a.type NOT IN ('purchase', 'return', 'cancellation')
          AND (a.points <> COALESCE(t.points, 0)
               OR a.points_left <> CASE WHEN a.state = 'counted' THEN a.points ELSE 0 END)
        ORDER BY a.id
        """,
    ),
    Invariant(
        "R3",
        "returns_never_exceed_the_purchase",
        """
        SELECT l.activity_id FROM activity_line l
        JOIN activity p ON p.id = l.activity_id AND p.type = 'purchase'
        LEFT JOIN (SELECT purchase_id, purchase_line_no, SUM(quantity) gone FROM return_match
                   GROUP BY purchase_id, purchase_line_no) g
               ON g.purchase_id = l.activity_id AND g.purchase_line_no = l.line_no
        WHERE p.state <> 'superseded'
          AND ABS(l.quantity) - COALESCE(g.gone, 0) <> ABS(l.quantity_left)
        UNION ALL  -- nor what stands on none of its lines (decision 0144)
        SELECT p.id FROM activity p JOIN return_match x ON x.purchase_id = p.id
        WHERE x.purchase_line_no = 0 GROUP BY p.id, p.amount HAVING SUM(x.amount) > p.amount
            - (SELECT COALESCE(SUM(l.amount), 0) FROM activity_line l WHERE l.activity_id = p.id)
        ORDER BY 1
        """,
    ),
    Invariant(
        "R4",
        "a_full_return_leaves_nothing",
        """
        SELECT id FROM activity WHERE state IN ('returned', 'superseded')
          AND (points_left <> 0 OR amount_left <> 0 OR base_left <> 0) ORDER BY id
        """,
    ),
    Invariant(
        "B1",
        "a_medal_level_once_per_member",
        """
        SELECT MIN(id) FROM award GROUP BY member_id, achievement_id, level, occurrence
        HAVING COUNT(*) > 1
        """,
    ),
    Invariant(
        "B2",
        "levels_have_no_holes",
        """
        SELECT MIN(w.id) FROM award w
        JOIN achievement a ON a.id = w.achievement_id AND a.occurrence <> 'every'
        WHERE w.status = 'active'
        GROUP BY w.member_id, w.achievement_id, w.version_id, w.occurrence
        HAVING MAX(w.level) <> COUNT(*)
        """,
    ),
    Invariant(
        "B3",
        "medal_points_exist_exactly_once",
        """
        SELECT w.id FROM award w
        JOIN achievement_level l ON l.version_id = w.version_id AND l.level = w.level
        LEFT JOIN (SELECT cause_id, COUNT(*) n FROM point_grant
                   WHERE cause_kind = 'award' AND state = 'posted' GROUP BY cause_id) g
               ON g.cause_id = w.id
        WHERE COALESCE(g.n, 0) <> CASE WHEN w.status = 'active' AND l.points > 0
                                       THEN 1 ELSE 0 END
        UNION ALL
        SELECT t.id FROM transfer t LEFT JOIN award w ON w.id = t.award_id
        WHERE t.kind = 'grant' AND w.id IS NULL
        UNION ALL
        SELECT w.id FROM award w LEFT JOIN (
            SELECT award_id, SUM(CASE kind WHEN 'grant' THEN points WHEN 'writeoff' THEN 0
                                           ELSE -points END) held
            FROM transfer WHERE award_id IS NOT NULL GROUP BY award_id
        ) moved ON moved.award_id = w.id
        WHERE w.held <> COALESCE(moved.held, 0)
        """,
    ),
    Invariant(
        "B5",
        "award_log_ends_in_the_award",
        """
        SELECT w.id FROM award w
        LEFT JOIN award_log g ON g.id = (SELECT MAX(x.id) FROM award_log x WHERE x.award_id = w.id)
        WHERE g.id IS NULL OR g.to_status <> w.status ORDER BY w.id
        """,
    ),
    Invariant(
        "K1",
        "counters_have_members_who_stand",
        """
        SELECT DISTINCT c.member_id FROM counter c
        LEFT JOIN standing s ON s.member_id = c.member_id WHERE s.member_id IS NULL
        """,
    ),
    Invariant(
        "T2",
        "standing_is_the_end_of_its_log",
        """
        SELECT s.member_id FROM standing s WHERE NOT EXISTS (
            SELECT 1 FROM standing_log l WHERE l.member_id = s.member_id
              AND l.voided_by IS NULL AND l.tier_id = s.tier_id
              AND NOT EXISTS (SELECT 1 FROM standing_log x WHERE x.member_id = l.member_id
                    AND x.voided_by IS NULL AND (x.effective_from > l.effective_from
                        OR (x.effective_from = l.effective_from AND x.id > l.id))))
        ORDER BY s.member_id
        """,
    ),
    Invariant(
        "G1",
        "nobody_invites_themselves_in_a_ring",
        """
        WITH RECURSIVE up(start, cur, n) AS (
            SELECT friend_id, referrer_id, 1 FROM referral
            UNION ALL
            SELECT up.start, r.referrer_id, n + 1 FROM up
            JOIN referral r ON r.friend_id = up.cur WHERE n < 50 AND up.cur <> up.start)
        SELECT DISTINCT start FROM up WHERE cur = start ORDER BY start
        """,
    ),
    Invariant(
        "G2",
        "an_invitation_is_paid_as_it_says",
        """
        SELECT r.id FROM referral r
        LEFT JOIN activity c ON c.source = '@laurel' AND c.state = 'counted' AND c.external_id
             = CAST(r.referrer_id AS TEXT) || ':friend_came:' || CAST(r.id AS TEXT)
             || CASE WHEN r.withdrawals > 0 THEN '.' || CAST(r.withdrawals AS TEXT) ELSE '' END
        LEFT JOIN activity b ON b.source = '@laurel' AND b.state = 'counted' AND b.external_id
             = CAST(r.friend_id AS TEXT) || ':invited_bonus:' || CAST(r.id AS TEXT)
             || CASE WHEN r.withdrawals > 0 THEN '.' || CAST(r.withdrawals AS TEXT) ELSE '' END
        WHERE COALESCE(c.points_left, 0) <> r.referrer_points
           OR COALESCE(b.points_left, 0) <> r.friend_points
           OR (r.state IN ('rewarded', 'qualified')) <> (c.id IS NOT NULL) ORDER BY r.id
        """,
    ),
    Invariant(
        "G3",
        "the_cap_of_rewarded_friends_is_kept",
        """
        SELECT r.id FROM referral r JOIN referral_terms t ON t.id = r.terms_id
        WHERE r.state = 'rewarded' AND t.cap < (
            SELECT COUNT(*) FROM referral o JOIN referral_terms ot ON ot.id = o.terms_id
             WHERE o.referrer_id = r.referrer_id
               AND o.state = 'rewarded' AND o.referrer_points > 0
               -- Who came by terms that allow more may be rewarded later for an earlier day.
               AND ot.cap <= t.cap AND ot.cap_days >= t.cap_days
               AND o.qualified_at <= r.qualified_at
               AND o.qualified_at > r.qualified_at - (t.cap_days - 1) * 86400000000)
        ORDER BY r.id
        """,
    ),
    Invariant(
        "G4",
        "the_fund_counts_what_was_paid",
        """
        SELECT 1 FROM (
            SELECT COALESCE(SUM(points_left), 0) AS paid FROM activity
            WHERE source = '@laurel' AND state = 'counted' AND type IN ('friend_came',
                'invited_bonus', 'welcome_gift', 'friend_bought', 'friend_of_friend')) p
        LEFT JOIN referral_fund f ON f.id = 1 WHERE p.paid <> COALESCE(f.spent, 0)
        """,
    ),
    Invariant(
        "G5",
        "invitations_pay_no_more_than_terms",
        """
        SELECT r.id FROM referral r JOIN referral_terms t ON t.id = r.terms_id
        WHERE r.referrer_points > t.referrer_points OR r.friend_points > t.friend_points
        ORDER BY r.id
        """,
    ),
    Invariant(
        "P1",
        "an_erased_member_holds_nothing_personal",
        """
        SELECT id FROM member WHERE status = 'erased'
          AND (phone IS NOT NULL OR email IS NOT NULL OR name <> '' OR birthday IS NOT NULL
               OR city IS NOT NULL OR city_key IS NOT NULL
               OR id IN (SELECT member_id FROM card) OR id IN (SELECT member_id FROM consent)
               OR id IN (SELECT member_id FROM member_trace WHERE kind NOT IN ('phone', 'email')))
        """,
    ),
    Invariant(
        "P2",
        "no_marketing_without_consent",
        """
        SELECT n.id FROM notice n WHERE n.purpose = 'marketing' AND n.sent_at IS NOT NULL
          AND NOT EXISTS (
            SELECT 1 FROM consent c WHERE c.member_id = n.member_id AND c.purpose = 'marketing'
              AND c.given AND c.id = (SELECT MAX(x.id) FROM consent x
                WHERE x.member_id = n.member_id AND x.purpose = 'marketing' AND x.at <= n.sent_at))
        """,
    ),
    Invariant(
        "O1",
        "messages_do_not_lie_around",
        """
        SELECT id FROM notice WHERE state = 'open' AND channel <> 'inbox'
          AND due_at < :now - 86400000000 ORDER BY id
        """,
    ),
    Invariant(
        "A1",
        "manual_entries_have_an_actor",
        """
        SELECT g.id FROM point_grant g JOIN transfer t ON t.id = g.transfer_id
        WHERE g.cause_kind = 'staff' AND COALESCE(t.actor, '') = '' ORDER BY g.id
        """,
    ),
)
