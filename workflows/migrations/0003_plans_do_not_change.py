"""The database itself refuses to alter what a person has seen."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION plan_change_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.plan_id, NEW.position, NEW.connection_id, NEW.resource, NEW.operation, NEW.key, NEW.before, NEW.after, NEW.cause)
        IS DISTINCT FROM
       (OLD.plan_id, OLD.position, OLD.connection_id, OLD.resource, OLD.operation, OLD.key, OLD.before, OLD.after, OLD.cause)
    THEN
        RAISE EXCEPTION 'A plan is never altered once it is made.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION plan_change_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A change of a plan is never removed.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER plan_change_kept BEFORE DELETE ON workflows_change
    FOR EACH ROW EXECUTE FUNCTION plan_change_keep();
CREATE TRIGGER plan_change_stays BEFORE UPDATE ON workflows_change
    FOR EACH ROW EXECUTE FUNCTION plan_change_refuse();
"""
UNDO = """
DROP TRIGGER plan_change_stays ON workflows_change; DROP FUNCTION plan_change_refuse();
DROP TRIGGER plan_change_kept ON workflows_change; DROP FUNCTION plan_change_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0002_plans")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
