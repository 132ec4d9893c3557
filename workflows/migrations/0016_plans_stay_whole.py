"""The database itself refuses to alter a plan, not only its changes: what it is made of, what was decided about it.

A plan is made in one transaction and whole once it has its digest. From then on only what applying it moves is
written: state, fence, lease, when it was applied, and the decision, once. Rows that it points to may go (run, people).
"""

from django.db import migrations

STAYS = """
CREATE FUNCTION plan_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.digest = '' THEN
        RETURN NEW;  -- Still being made.
    END IF;
    IF (NEW.id, NEW.workspace_id, NEW.title, NEW.subject, NEW.readings, NEW.guards, NEW.counts, NEW.digest,
        NEW.undoes_id, NEW.created_at)
        IS DISTINCT FROM
       (OLD.id, OLD.workspace_id, OLD.title, OLD.subject, OLD.readings, OLD.guards, OLD.counts, OLD.digest,
        OLD.undoes_id, OLD.created_at)
       OR (NEW.step_id IS DISTINCT FROM OLD.step_id AND NEW.step_id IS NOT NULL)
       OR (NEW.created_by_id IS DISTINCT FROM OLD.created_by_id AND NEW.created_by_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'A plan is never altered once it is made.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.decided_at IS NOT NULL AND (
        (NEW.decided_at, NEW.comment) IS DISTINCT FROM (OLD.decided_at, OLD.comment)
        OR (NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id IS NOT NULL))
    THEN
        RAISE EXCEPTION 'What was decided about a plan is never altered.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state <> OLD.state AND OLD.state IN ('refused', 'rejected', 'superseded') THEN
        RAISE EXCEPTION 'A plan that is % stays so.', OLD.state USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION plan_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A plan is never removed.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER plan_stays BEFORE UPDATE ON workflows_plan FOR EACH ROW EXECUTE FUNCTION plan_refuse();
CREATE TRIGGER plan_kept BEFORE DELETE ON workflows_plan FOR EACH ROW EXECUTE FUNCTION plan_keep();
"""
STAYS_NO_MORE = """
DROP TRIGGER plan_stays ON workflows_plan; DROP FUNCTION plan_refuse();
DROP TRIGGER plan_kept ON workflows_plan; DROP FUNCTION plan_keep();
"""
CHANGES = """
CREATE FUNCTION plan_change_outside() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM workflows_plan JOIN added ON workflows_plan.id = added.plan_id WHERE digest <> '') THEN
        RAISE EXCEPTION 'Nothing is added to a plan once it is made.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER plan_change_in_time AFTER INSERT ON workflows_change REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION plan_change_outside();
CREATE FUNCTION plan_change_title() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A plan is never altered once it is made.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER plan_change_title_stays BEFORE UPDATE ON workflows_change
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.title <> OLD.title) EXECUTE FUNCTION plan_change_title();
"""
CHANGES_NO_MORE = """
DROP TRIGGER plan_change_in_time ON workflows_change; DROP FUNCTION plan_change_outside();
DROP TRIGGER plan_change_title_stays ON workflows_change; DROP FUNCTION plan_change_title();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0015_halts")]
    operations = [migrations.RunSQL(STAYS, STAYS_NO_MORE), migrations.RunSQL(CHANGES, CHANGES_NO_MORE)]
