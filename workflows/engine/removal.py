# ruff: noqa: S608 - the names in these statements are ours; values are given apart
"""What is removed, in SQL: which runs are old and nothing of them open, and what of them goes."""

from __future__ import annotations

from workflows.planning.keeping import DataClass
from workflows.planning.states import ENDED_RUNS

ENDED = ", ".join(f"'{state}'" for state in ENDED_RUNS)
OPEN = """
EXISTS (SELECT FROM workflows_runstep step WHERE step.run_id = run.id AND step.state = 'in_doubt')
OR EXISTS (SELECT FROM workflows_plan plan JOIN workflows_runstep step ON step.id = plan.step_id
    WHERE step.run_id = run.id AND plan.state IN ('proposed', 'approved', 'applying'))
OR EXISTS (SELECT FROM workflows_approval approval JOIN workflows_runstep step ON step.id = approval.step_id
    WHERE step.run_id = run.id AND approval.state = 'open')
OR EXISTS (SELECT FROM workflows_delivery delivery JOIN workflows_notice notice ON notice.id = delivery.notice_id
    JOIN workflows_runstep step ON step.id = notice.step_id
    WHERE step.run_id = run.id AND delivery.state IN ('planned', 'sending', 'unknown'))
"""
"""Something of the run is not over, although the run may be."""
OLD = f"""
SELECT run.id, run.parent_id IS NOT NULL OR run.replay_of_id IS NOT NULL
    OR EXISTS (SELECT FROM workflows_run later WHERE later.replay_of_id = run.id)
    OR EXISTS (SELECT FROM workflows_run child JOIN workflows_runstep step ON step.id = child.parent_id
        WHERE step.run_id = run.id)
FROM workflows_run run
WHERE run.workflow_id = %(workflow)s AND run.id > %(after)s AND run.id < %(before)s
    AND run.state IN ({ENDED}) AND run.ended_at < %(cutoff)s AND {{fits}}
    AND NOT ({{held}}) AND NOT ({OPEN})
ORDER BY run.id LIMIT %(limit)s FOR UPDATE OF run SKIP LOCKED
"""
FITS = {
    DataClass.RUNS: "true",
    DataClass.DATA: "(run.removed IS NULL OR NOT run.removed ? 'data')",
    DataClass.BODIES: "run.cause ->> 'kind' = 'webhook' "
    "AND (run.removed IS NULL OR NOT run.removed ?| '{data,bodies}')",
    DataClass.LOGS: "(run.removed IS NULL OR NOT run.removed ? 'logs')",
}
_STEPS = "(SELECT id FROM workflows_runstep WHERE run_id = ANY(%(runs)s))"
_NOTED = (
    "UPDATE workflows_run SET removed = coalesce(removed, '{}'::jsonb) || %(noted)s::jsonb WHERE id = ANY(%(runs)s)"
)
_WITHOUT_PAYLOAD = "UPDATE workflows_run SET payload = '{}', sealed = NULL WHERE id = ANY(%(runs)s)"
_UNUSED = "DELETE FROM workflows_contentuse WHERE run_id = ANY(%(runs)s)"
REMOVE: dict[DataClass, tuple[str, ...]] = {
    DataClass.RUNS: (
        f"UPDATE workflows_plan SET step_id = NULL WHERE step_id IN {_STEPS}",
        f"UPDATE workflows_approval SET step_id = NULL WHERE step_id IN {_STEPS}",
        f"UPDATE workflows_notice SET step_id = NULL WHERE step_id IN {_STEPS}",
        f"UPDATE workflows_message SET taken_by_id = NULL WHERE taken_by_id IN {_STEPS}",
        f"UPDATE workflows_run SET parent_id = NULL WHERE parent_id IN {_STEPS}",
        "UPDATE workflows_run SET replay_of_id = NULL WHERE replay_of_id = ANY(%(runs)s)",
        f"UPDATE workflows_runstep SET taken_from_id = NULL WHERE taken_from_id IN {_STEPS}",
        f"DELETE FROM workflows_expectation WHERE step_id IN {_STEPS}",
        f"DELETE FROM workflows_attempt WHERE step_id IN {_STEPS}",
        "DELETE FROM workflows_event WHERE run_id = ANY(%(runs)s)",
        "DELETE FROM workflows_halt WHERE run_id = ANY(%(runs)s)",
        _UNUSED,
        "DELETE FROM workflows_runstep WHERE run_id = ANY(%(runs)s)",
        "DELETE FROM workflows_run WHERE id = ANY(%(runs)s)",
    ),
    DataClass.DATA: (
        "UPDATE workflows_runstep SET input = NULL, output = NULL, apart = NULL, sealed = NULL "
        "WHERE run_id = ANY(%(runs)s)",
        _WITHOUT_PAYLOAD,
        _UNUSED,
        _NOTED,
    ),
    DataClass.BODIES: (_WITHOUT_PAYLOAD, _NOTED),
    DataClass.LOGS: (
        f"DELETE FROM workflows_attempt WHERE step_id IN {_STEPS}",
        "DELETE FROM workflows_event WHERE run_id = ANY(%(runs)s)",
        _NOTED,
    ),
}
SHARED = {
    DataClass.MESSAGES: f"""
DELETE FROM workflows_message WHERE id IN (
    SELECT id FROM workflows_message message
    WHERE message.workspace_id = %(workspace)s AND message.id < %(before)s AND (
        message.taken_by_id IS NULL OR NOT EXISTS (
            SELECT FROM workflows_run run JOIN workflows_runstep step ON step.run_id = run.id
            WHERE step.id = message.taken_by_id AND run.state NOT IN ({ENDED})
        )
    ) ORDER BY message.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
""",
    DataClass.NOTICES: """
WITH old AS (
    SELECT id FROM workflows_notice notice
    WHERE workspace_id = %(workspace)s AND id < %(before)s AND state <> 'open' AND NOT EXISTS (
        SELECT FROM workflows_delivery delivery
        WHERE delivery.notice_id = notice.id AND delivery.state IN ('planned', 'sending', 'unknown')
    ) AND NOT EXISTS (
        -- Reminders are counted by the notices that there were.
        SELECT FROM workflows_approval approval WHERE approval.id = notice.approval_id AND approval.state = 'open'
    ) ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM workflows_delivery WHERE notice_id IN (SELECT id FROM old)
)
DELETE FROM workflows_notice WHERE id IN (SELECT id FROM old)
""",
}
"""What belongs to a workspace as a whole."""
