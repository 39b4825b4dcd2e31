"""Which story takes which edge of the two state machines.

An edge without a story fails the suite (test_edges.py): add the story to stories.py and its row here.
"""

from __future__ import annotations

from typing import Any

from tests.e2e.decisions import APPROVE, approved, never_pressed, pressed_by_hand, rejected
from tests.e2e.settings import ASSISTED
from tests.e2e.stories import (
    Story,
    already_right,
    answer_lost_without_effect,
    answered,
    asked,
    change_taken_back,
    copy_is_old,
    end_refused,
    helped,
    holds_from_tomorrow,
    never_answered,
    observed,
    reminded,
    reopened,
    sync_limited,
    sync_refused,
    tagged_again_after,
    taken_before_it_was_seen,
    taken_when_asked,
    taken_when_claimed,
    taken_when_closing,
    taken_when_joined,
    taken_when_synced,
    to_be_confirmed,
    two_directories,
    unreadable_at_first,
    untagged,
)
from workflows.model import CaseState as C
from workflows.model import RunState as R

OBSERVE = {"default_autonomy": "observe"}
SOON_OVER = {"press_within": 600.0, "nudge_after": 200.0}
POLICIES: dict[Story, dict[str, Any]] = {
    observed: OBSERVE,
    approved: APPROVE,
    rejected: APPROVE,
    never_pressed: SOON_OVER,
}
OKTA: dict[Story, dict[str, Any]] = {pressed_by_hand: ASSISTED, never_pressed: ASSISTED}

CASE_STORIES: dict[tuple[str, str], Story] = {
    (C.RECEIVED, C.CLAIMED): helped,
    (C.CLAIMED, C.ASKED): asked,
    (C.CLAIMED, C.JOINED): helped,
    (C.CLAIMED, C.CLOSING): copy_is_old,
    (C.CLAIMED, C.CLAIMED): holds_from_tomorrow,
    (C.ASKED, C.ASKED): reminded,
    (C.ASKED, C.CLAIMED): answered,
    (C.ASKED, C.CLOSING): never_answered,
    (C.JOINED, C.JOINED): approved,
    (C.JOINED, C.SYNCED): helped,
    (C.JOINED, C.CLAIMED): change_taken_back,
    (C.JOINED, C.CLOSING): sync_refused,
    (C.SYNCED, C.CLOSING): helped,
    (C.SYNCED, C.ASKED): to_be_confirmed,
    (C.SYNCED, C.CLAIMED): two_directories,
    (C.SYNCED, C.JOINED): answer_lost_without_effect,
    (C.CLOSING, C.CLOSING): end_refused,
    (C.CLOSING, C.RESOLVED): already_right,
    (C.CLOSING, C.ESCALATED): copy_is_old,
    (C.CLOSING, C.ADVISED): observed,
    (C.RECEIVED, C.CLOSING): unreadable_at_first,
    (C.RECEIVED, C.WITHDRAWN): taken_before_it_was_seen,
    (C.CLAIMED, C.WITHDRAWN): taken_when_claimed,
    (C.ASKED, C.WITHDRAWN): taken_when_asked,
    (C.JOINED, C.WITHDRAWN): taken_when_joined,
    (C.SYNCED, C.WITHDRAWN): taken_when_synced,
    (C.CLOSING, C.WITHDRAWN): taken_when_closing,
    (C.RESOLVED, C.RECEIVED): reopened,
    (C.ESCALATED, C.RECEIVED): tagged_again_after(copy_is_old),
    (C.ADVISED, C.RECEIVED): (observed_again := tagged_again_after(observed)),
    (C.WITHDRAWN, C.RECEIVED): tagged_again_after(untagged),
}
POLICIES[observed_again] = OBSERVE

RUN_STORIES: dict[tuple[str, str], Story] = {
    (R.GATHERING, R.STARTING): helped,
    (R.GATHERING, R.CANCELLED): change_taken_back,
    (R.GATHERING, R.PROPOSED): approved,
    (R.GATHERING, R.REQUESTED): pressed_by_hand,
    (R.PROPOSED, R.GATHERING): approved,
    (R.PROPOSED, R.CANCELLED): rejected,
    (R.REQUESTED, R.STARTED): pressed_by_hand,
    (R.REQUESTED, R.FAILED): never_pressed,
    (R.STARTING, R.STARTED): helped,
    (R.STARTING, R.GATHERING): sync_limited,
    (R.STARTING, R.FAILED): sync_refused,
    (R.STARTED, R.ENDED): helped,
}

NEWER = (to_be_confirmed, holds_from_tomorrow)  # at the end, so that the other stories keep their desks
STORIES = tuple(
    dict.fromkeys([item for item in (*CASE_STORIES.values(), *RUN_STORIES.values()) if item not in NEWER] + [*NEWER])
)

# The desk makes no difference in these stories; one desk each is enough.
ABOUT_OKTA = {
    helped,
    copy_is_old,
    already_right,
    observed,
    change_taken_back,
    sync_refused,
    sync_limited,
    answer_lost_without_effect,
    taken_before_it_was_seen,
    taken_when_claimed,
    taken_when_joined,
    taken_when_synced,
    never_pressed,
}
