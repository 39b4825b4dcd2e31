"""The values of the core. Every one is frozen; stored JSON carries a version."""

from workflows.model.approval import Act, Decision, Drift, OperatorAct, Radius, Scan
from workflows.model.case import (
    ENDS,
    Case,
    CaseState,
    Look,
    QuestionKind,
    RunNotice,
    Said,
    Seen,
    StoryEntry,
    Subject,
    WaitsFor,
)
from workflows.model.followup import Aftermath, Followup, FollowupKind, FollowupState
from workflows.model.identity import (
    AgentPool,
    AppAttribute,
    AppUser,
    AttributeRule,
    Directory,
    DirectoryKind,
    DirectoryRef,
    Group,
    Links,
    LogEvent,
    LogReading,
    MappingRule,
    Member,
    MemberPage,
    NameKind,
    OktaUser,
    Organization,
    ProfileMapping,
    SupportCase,
    folded,
)
from workflows.model.judgement import (
    Basis,
    Cause,
    Evidence,
    EvidenceKind,
    Expectation,
    Observation,
    Verdict,
    VerdictKind,
)
from workflows.model.note import Block, Bullets, Heading, Note, Table, Text
from workflows.model.policy import EVERYONE, Autonomy, Policy, Refresh, Unspecific
from workflows.model.reasons import Reason, ReasonKind
from workflows.model.request import Candidate, CandidateKind, Heard, OwnLine, Reading, Request, Statement
from workflows.model.run import RUN_ENDS, WITH_A_PERSON, JoinRequest, Press, Ride, RideState, RunState, SyncRun, Trouble
from workflows.model.stop import Stop, StopKind
from workflows.model.ticket import Attachment, Comment, Person, Phase, Relation, Sighting, Sla, Ticket, TicketRef
from workflows.model.values import Label, Value, label
from workflows.model.writes import (
    KEEP,
    File,
    Intent,
    Move,
    PlannedWrite,
    Receipt,
    Route,
    Write,
    WriteState,
    intent_of,
    keeping,
    under_way,
)
