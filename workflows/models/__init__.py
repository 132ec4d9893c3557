"""The rows of workflows, runs and plans."""

from workflows.models.alerts import AlertRule
from workflows.models.approvals import Approval, ApprovalDecision, ApprovalTask, Deputy
from workflows.models.contents import Content, ContentPage, ContentUse
from workflows.models.delegation import DelegationScope
from workflows.models.halts import Halt
from workflows.models.installations import Installation
from workflows.models.keys import RunKey
from workflows.models.messages import Expectation, Message
from workflows.models.notices import OPEN_DELIVERIES, Delivery, DeliveryState, Notice, NoticeState, OptOut
from workflows.models.owners import TemplateOwner
from workflows.models.plans import Change, ChangeState, Memory, Plan, PlanState
from workflows.models.retention import KeepMark, KeepRule, RunHold, WorkflowSize
from workflows.models.runs import Attempt, AttemptState, Event, Run, RunStep
from workflows.models.triggers import Remembered, Trigger
from workflows.models.workflows import Version, Workflow

__all__ = [
    "OPEN_DELIVERIES",
    "AlertRule",
    "Approval",
    "ApprovalDecision",
    "ApprovalTask",
    "Attempt",
    "AttemptState",
    "Change",
    "ChangeState",
    "Content",
    "ContentPage",
    "ContentUse",
    "DelegationScope",
    "Delivery",
    "DeliveryState",
    "Deputy",
    "Event",
    "Expectation",
    "Halt",
    "Installation",
    "KeepMark",
    "KeepRule",
    "Memory",
    "Message",
    "Notice",
    "NoticeState",
    "OptOut",
    "Plan",
    "PlanState",
    "Remembered",
    "Run",
    "RunHold",
    "RunKey",
    "RunStep",
    "TemplateOwner",
    "Trigger",
    "Version",
    "Workflow",
    "WorkflowSize",
]
