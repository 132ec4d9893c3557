"""The database itself refuses to alter or remove what a person decided."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION approval_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A decision is never altered or removed.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER approval_decision_stays BEFORE UPDATE OR DELETE ON workflows_approvaldecision
    FOR EACH ROW EXECUTE FUNCTION approval_decision_refuse();
"""
UNDO = """
DROP TRIGGER approval_decision_stays ON workflows_approvaldecision; DROP FUNCTION approval_decision_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0010_approvals")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
