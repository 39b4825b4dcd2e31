"""Why something is so or happened, as data. `notes.reasons` has the sentence of each."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Self

from workflows.model.values import Value


class ReasonKind(StrEnum):
    """Every reason that the core can give."""

    AS_WRITTEN = "as_written"  # a sentence stored before reasons were data

    # who is meant, and which directory leads
    NOT_IDENTIFIED = "not_identified"
    SEVERAL_PEOPLE = "several_people"
    NOBODY_NAMED = "nobody_named"
    REQUESTER_UNKNOWN = "requester_unknown"
    USER_UNKNOWN = "user_unknown"
    USER_AMBIGUOUS = "user_ambiguous"
    NOT_THEIRS = "not_theirs"
    USER_INACTIVE = "user_inactive"
    FACTS_NOT_READABLE = "facts_not_readable"
    NOT_LINKED = "not_linked"
    DIRECTORIES_DIFFER = "directories_differ"
    DIRECTORIES_AGREE = "directories_agree"
    OTHER_SOURCES = "other_sources"
    OKTA_IS_SOURCE = "okta_is_source"
    NO_ACTIVE_DIRECTORY = "no_active_directory"
    DIRECTORY_INACTIVE = "directory_inactive"
    DIRECTORY_LACKS = "directory_lacks"

    # what is asked, and what keeps it from arriving
    NO_MAPPING = "no_mapping"
    SEVERAL_ATTRIBUTES = "several_attributes"
    NO_SINGLE_ATTRIBUTE = "no_single_attribute"
    ALREADY_RIGHT = "already_right"
    CAME_SINCE = "came_since"
    SOURCED_ELSEWHERE = "sourced_elsewhere"
    NOT_MAPPED = "not_mapped"
    CREATE_ONLY = "create_only"
    EXPRESSION_FAILED_FOR_USER = "expression_failed_for_user"
    EXPRESSION_FAILED = "expression_failed"
    COMPUTED = "computed"
    VALUE_REFUSED = "value_refused"
    VALUE_WOULD_BE_REFUSED = "value_would_be_refused"
    UPDATE_REFUSED = "update_refused"
    OVERWRITTEN = "overwritten"
    AGREED = "agreed"
    NOTHING_SAID = "nothing_said"
    UNSPECIFIC = "unspecific"
    OBJECTED = "objected"
    NOT_YET = "not_yet"
    HELD_FOR_LONG = "held_for_long"
    KEYS_DIFFER = "keys_differ"
    STALE_IN_OKTA = "stale_in_okta"
    COPY_LACKS_IT = "copy_lacks_it"
    SPEAKS_AGAINST = "speaks_against"
    ABOUT_TO_BE_UNDONE = "about_to_be_undone"

    # why Okta does not take a value
    NO_LOGIN = "no_login"
    TAKEN = "taken"
    NO_ADDRESS = "no_address"
    NO_LOCALE = "no_locale"
    NO_TIME_ZONE = "no_time_zone"
    REQUIRED = "required"
    NOT_ALLOWED = "not_allowed"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"

    # why a copy may be stale
    IMPORTS_PAUSED = "imports_paused"
    IMPORT_SKIPPED = "import_skipped"
    NO_AGENTS = "no_agents"
    AGENTS_OPERATIONAL = "agents_operational"
    AGENTS_DOWN = "agents_down"
    IMPORT_FAILED = "import_failed"
    IMPORT_COMPLETED = "import_completed"
    IMPORT_UNFINISHED = "import_unfinished"
    NO_IMPORT = "no_import"
    IMPORTS_NOT_READ = "imports_not_read"
    DIRECTORY_UNSEEN = "directory_unseen"

    # what was read or done, as evidence
    PROFILE_READ = "profile_read"
    COPY_READ = "copy_read"
    MAPPING_READ = "mapping_read"
    LOG_READ = "log_read"
    NOT_READ = "not_read"
    EVENT_LOGGED = "event_logged"
    SYNC_ACCEPTED = "sync_accepted"
    SYNC_ANSWER_LOST = "sync_answer_lost"
    SYNC_BY_A_PERSON = "sync_by_a_person"

    # what moves a case
    FREE_TO_TAKE = "free_to_take"
    CLAIMED = "claimed"
    TAG_REMOVED = "tag_removed"
    CLOSED_BY_A_PERSON = "closed_by_a_person"
    ASSIGNED = "assigned"
    GIVEN_BY_A_RULE = "given_by_a_rule"
    TAKEN_OVER = "taken_over"
    CHILD = "child"
    PARENT = "parent"
    MAJOR_INCIDENT = "major_incident"
    PROBLEM = "problem"
    CHANGE = "change"
    APPROVAL = "approval"
    SLA = "sla"
    PROTECTED = "protected"
    PROTECTION_UNKNOWN = "protection_unknown"
    NEXT_ROUND = "next_round"
    ROUND_ENDED = "round_ended"
    REOPENED = "reopened"
    TAGGED_AGAIN = "tagged_again"
    READABLE_AGAIN = "readable_again"
    ASKED = "asked"
    REPLIED = "replied"
    TO_BE_CONFIRMED = "to_be_confirmed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNCLEAR_REPLY = "unclear_reply"
    NOT_CONFIRMED = "not_confirmed"
    ABOUT_SOMETHING_ELSE = "about_something_else"
    NO_REPLY = "no_reply"
    REMINDED = "reminded"
    REMINDER_DUE = "reminder_due"
    WAITS_FOR_REPLY = "waits_for_reply"
    SIGN_IN = "sign_in"
    SIGN_IN_FIRST = "sign_in_first"
    SIGN_IN_HELPED = "sign_in_helped"
    SIGN_IN_DID_NOT_HELP = "sign_in_did_not_help"
    WAITS_FOR_SIGN_IN = "waits_for_sign_in"
    CAME_RIGHT_MEANWHILE = "came_right_meanwhile"
    HELD_UNTIL = "held_until"
    SYNC_HELPS = "sync_helps"
    SAME_FAULT = "same_fault"
    SAME_FAULT_NOTED = "same_fault_noted"
    HAD_NO_EFFECT_ALREADY = "had_no_effect_already"
    RIDE_DROPPED = "ride_dropped"
    FACTS_CHANGED = "facts_changed"
    NOT_STARTED = "not_started"
    NOT_STARTED_IN_TIME = "not_started_in_time"
    HELD_BACK = "held_back"
    WAITS_FOR_SYNC = "waits_for_sync"
    RUN_STARTED = "run_started"
    SYNC_STARTED = "sync_started"
    SYNC_STARTED_UNCERTAIN = "sync_started_uncertain"
    SYNC_STARTED_BY_HAND = "sync_started_by_hand"
    RUN_WAITS_FOR_A_PERSON = "run_waits_for_a_person"
    RUN_STILL_WAITS_FOR_A_PERSON = "run_still_waits_for_a_person"
    WAITS_FOR_EFFECT = "waits_for_effect"
    OLDER_TICKET_FIRST = "older_ticket_first"
    NO_EFFECT = "no_effect"
    EFFECT_SEEN = "effect_seen"
    EFFECT_SEEN_OTHERS_NEXT = "effect_seen_others_next"
    OTHERS_UNSETTLED = "others_unsettled"
    UNCERTAIN_RUN_FIRST = "uncertain_run_first"
    ONCE_MORE = "once_more"
    UNCERTAIN_WITHOUT_EFFECT = "uncertain_without_effect"
    DELIVERED = "delivered"
    TICKET_UNREADABLE = "ticket_unreadable"
    CHANGE_REFUSED = "change_refused"
    QUESTION_REFUSED = "question_refused"
    RESOLUTION_REFUSED = "resolution_refused"
    UNDELIVERED = "undelivered"
    PRODUCT_FAULT = "product_fault"
    DEFECT = "defect"
    STOPPED_BY_A_DEFECT = "stopped_by_a_defect"
    OPEN_RUN_FIRST = "open_run_first"

    # what moves a run
    GATHERING = "gathering"
    SEARCH_OUTSTANDING = "search_outstanding"
    JUDGEMENT_OUTSTANDING = "judgement_outstanding"
    OFF = "off"
    PRESS_REFUSED = "press_refused"
    BY_SETTINGS = "by_settings"
    BY_A_PERSON = "by_a_person"
    COOLS_DOWN = "cools_down"
    ANOTHER_UNDER_WAY = "another_under_way"
    DAY_IS_FULL = "day_is_full"
    LOOKING_AT_USERS = "looking_at_users"
    NO_RIDER_HELPED = "no_rider_helped"
    NEEDS_APPROVAL = "needs_approval"
    SETTINGS_ASK = "settings_ask"
    REACH_UNKNOWN = "reach_unknown"
    ABOVE_LIMIT = "above_limit"
    TOUCHES = "touches"
    MAY_TOUCH = "may_touch"
    MEMBERS_UNREAD = "members_unread"
    STILL_HELPS = "still_helps"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    NOT_APPROVED = "not_approved"
    REJECTED = "rejected"
    APPROVED = "approved"
    APPROVAL_VOID = "approval_void"
    NAMELESS = "nameless"
    OWN_REQUEST = "own_request"
    NOBODY_IN_OKTA = "nobody_in_okta"
    NOT_ACTIVE_IN_OKTA = "not_active_in_okta"
    NO_APPROVER = "no_approver"
    NO_TICKET_WAITS = "no_ticket_waits"
    PRESSED_BY_A_PERSON = "pressed_by_a_person"
    NOT_PRESSED = "not_pressed"
    WAITS_FOR_A_PERSON = "waits_for_a_person"
    FOUND_AFTER_CRASH = "found_after_crash"
    ACCEPTED = "accepted"
    RUN_WAITS_FOR_EFFECT = "run_waits_for_effect"
    EFFECT_TIME_OVER = "effect_time_over"
    ALL_RIDERS_SETTLED = "all_riders_settled"

    # what a later look found
    ANOTHER_ROUND = "another_round"
    TICKET_GONE = "ticket_gone"
    VALUES_HOLD = "values_hold"
    VALUES_LOST = "values_lost"
    ASKS_OTHERWISE = "asks_otherwise"
    VALUES_NEVER_CAME = "values_never_came"
    VALUES_CAME = "values_came"
    NO_NUMBER = "no_number"
    SUPPORT_CASE = "support_case"
    SUPPORT_CASE_NOT_READABLE = "support_case_not_readable"
    SUPPORT_CASE_UNLISTED = "support_case_unlisted"
    SUPPORT_CASE_LISTED = "support_case_listed"
    SUPPORT_CASE_WITH_ACCESS = "support_case_with_access"
    CLOSED_BY_PEOPLE = "closed_by_people"
    STILL_OPEN = "still_open"
    NOTHING_TO_TELL = "nothing_to_tell"
    OTHER_VALUE = "other_value"


class Reason(Value):
    """One reason: its kind, the words and times (UTC) that its sentence needs, and the reason that it is `about`."""

    kind: ReasonKind
    words: tuple[tuple[str, str], ...] = ()
    times: tuple[tuple[str, datetime], ...] = ()
    about: Reason | None = None

    @classmethod
    def of(cls, kind: ReasonKind, about: Reason | None = None, **details: str | int | datetime | None) -> Self:
        """Make a reason; a detail that is None was not given, and its sentence says so."""
        times = tuple((name, item) for name, item in details.items() if isinstance(item, datetime))
        words = tuple((name, "" if item is None else str(item)) for name, item in details.items())
        return cls(
            kind=kind,
            words=tuple(item for item in words if item[0] not in dict(times)),
            times=times,
            about=about,
        )

    def tells(self, kind: ReasonKind) -> bool:
        """Return whether this reason, or one that it is about, is of a kind."""
        return self.kind is kind or (self.about is not None and self.about.tells(kind))
