"""A plan can be approved in part. What was left out stays so, and is left out before the decision only."""

from django.db import migrations, models

LEFT_OUT = """
CREATE FUNCTION plan_change_left_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'left_out' THEN
        RAISE EXCEPTION 'A change that was left out of a plan stays so.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state NOT IN ('planned', 'held') OR NOT EXISTS (
        SELECT FROM workflows_plan WHERE id = NEW.plan_id AND state = 'proposed' AND decided_at IS NULL
    ) THEN
        RAISE EXCEPTION 'A change is left out of a proposed plan only.' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER plan_change_left_out BEFORE UPDATE ON workflows_change FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM OLD.state AND (NEW.state = 'left_out' OR OLD.state = 'left_out'))
    EXECUTE FUNCTION plan_change_left_out();
CREATE FUNCTION plan_approved_digest_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was decided about a plan is never altered.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER plan_approved_digest_stays BEFORE UPDATE ON workflows_plan FOR EACH ROW
    WHEN (OLD.decided_at IS NOT NULL AND NEW.approved_digest IS DISTINCT FROM OLD.approved_digest)
    EXECUTE FUNCTION plan_approved_digest_stays();
"""
NOT_ANY_MORE = """
DROP TRIGGER plan_change_left_out ON workflows_change; DROP FUNCTION plan_change_left_out();
DROP TRIGGER plan_approved_digest_stays ON workflows_plan; DROP FUNCTION plan_approved_digest_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("workflows", "0026_run_keys")]
    operations = [
        migrations.AddField(
            model_name="plan",
            name="approved_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="change",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Not made yet"),
                    ("writing", "It was about to be made; how it ended is not noted yet"),
                    ("applied", "Made, and read back"),
                    ("already", "It was so already; nothing was written"),
                    ("parked", "Not made: see its message"),
                    ("in_doubt", "Broken off while it was written, and overtaken by a newer plan: see its message"),
                    ("left_out", "Not made: whoever approved the plan left it out"),
                    ("held", "A guard holds its kind: not made unless somebody releases it"),
                ],
                default="planned",
                max_length=10,
            ),
        ),
        migrations.RunSQL(LEFT_OUT, NOT_ANY_MORE),
    ]
