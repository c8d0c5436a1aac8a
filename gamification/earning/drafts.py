"""A rule as it might be, among the rules as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gamification.earning.rules import RuleSet
from gamification.earning.versions import PARAMS, RuleBook, RuleVersion
from gamification.refusals import InvalidSetting

DRAFT_ID = 0
"""What a draft is called among versions: no stored one has this number."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A new rule, another version of one that there is, or one switched off.

    `params` as `EarnRuleVersion` keeps them; None means that the rule is not there at all.
    """

    code: str
    kind: str
    params: dict[str, Any] | None


class DraftBook:
    """The rules that a purchase was judged by, with a draft in the place of its rule.

    Raises:
        InvalidSetting: the kind is unknown, its settings do not parse, or a rule of that
            code is of another kind.
    """

    def __init__(self, book: RuleBook, draft: RuleDraft | None) -> None:
        self.stored = book
        self._draft = draft
        self._order = list(book.versions)
        self._sets: dict[tuple[int, ...], RuleSet] = {}
        if draft is not None:
            self._place(draft)
        self._drafted = RuleBook(self._order)

    def _place(self, draft: RuleDraft) -> None:
        if draft.kind not in PARAMS or draft.kind == "act":
            raise InvalidSetting(setting="kind", value=draft.kind)
        same = [n for n, v in enumerate(self._order) if v.code == draft.code]
        if any(self._order[n].kind != draft.kind for n in same):
            raise InvalidSetting(setting="kind", value=draft.kind)
        if draft.params is None:
            return
        try:
            PARAMS[draft.kind].model_validate(draft.params)
        except ValueError as error:
            raise InvalidSetting(setting=draft.code, value=draft.params) from error
        version = RuleVersion(DRAFT_ID, draft.code, draft.kind, draft.params, 0, None)
        self._order.insert(same[-1] + 1 if same else len(self._order), version)

    def then(self, ids: Sequence[int]) -> RuleSet:
        """The rules of these versions, as they were."""
        return self.stored.of(ids)

    def of(self, ids: Sequence[int]) -> RuleSet:
        """The rules of these versions with the draft, wherever its own rule stood or not."""
        key = tuple(ids)
        if key not in self._sets:
            code = self._draft.code if self._draft else None
            kept = [
                v.id for v in self._order if v.id == DRAFT_ID or (v.id in key and v.code != code)
            ]
            self._sets[key] = self._drafted.of(kept)
        return self._sets[key]
