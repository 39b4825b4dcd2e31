"""The values of the core. Every one is frozen; stored JSON carries a version."""

from workflows.model.case import ENDS, Case, CaseState, Seen, StoryEntry, Subject
from workflows.model.followup import Followup, FollowupKind, FollowupState
from workflows.model.identity import (
    AgentPool,
    AppUser,
    AttributeRule,
    Directory,
    DirectoryKind,
    DirectoryRef,
    LogEvent,
    MappingRule,
    OktaUser,
    ProfileMapping,
)
from workflows.model.judgement import Basis, Cause, Evidence, Expectation, Observation, Verdict, VerdictKind
from workflows.model.note import Block, Bullets, Heading, Note, Table, Text
from workflows.model.policy import Autonomy, Policy
from workflows.model.request import Request, Want
from workflows.model.run import RUN_ENDS, JoinRequest, Ride, RideState, RunState, SyncRun
from workflows.model.ticket import Attachment, Comment, Person, Phase, Relation, Sighting, Ticket, TicketRef
from workflows.model.values import Value
from workflows.model.writes import File, Intent, Move, PlannedWrite, Receipt, Write, WriteState

__all__ = [
    "ENDS",
    "RUN_ENDS",
    "AgentPool",
    "AppUser",
    "Attachment",
    "AttributeRule",
    "Autonomy",
    "Basis",
    "Block",
    "Bullets",
    "Case",
    "CaseState",
    "Cause",
    "Comment",
    "Directory",
    "DirectoryKind",
    "DirectoryRef",
    "Evidence",
    "Expectation",
    "File",
    "Followup",
    "FollowupKind",
    "FollowupState",
    "Heading",
    "Intent",
    "JoinRequest",
    "LogEvent",
    "MappingRule",
    "Move",
    "Note",
    "Observation",
    "OktaUser",
    "Person",
    "Phase",
    "PlannedWrite",
    "Policy",
    "ProfileMapping",
    "Receipt",
    "Relation",
    "Request",
    "Ride",
    "RideState",
    "RunState",
    "Seen",
    "Sighting",
    "StoryEntry",
    "Subject",
    "SyncRun",
    "Table",
    "Text",
    "Ticket",
    "TicketRef",
    "Value",
    "Verdict",
    "VerdictKind",
    "Want",
    "Write",
    "WriteState",
]
