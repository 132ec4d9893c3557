"""Mails about questions become deliveries of notices: those that were sent, and those that are still to be.

The table stays, empty, for as long as processes of the release before may run: what they write into it becomes a delivery
as well. A mail that one of them is just handing over is in doubt once its lease has lapsed, as if its sender had died.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from psycopg import sql

CARRY = """
CREATE FUNCTION approval_mail_carry(mail workflows_approvalmail) RETURNS void LANGUAGE plpgsql AS $carry$
DECLARE
    asked workflows_approval;
    who accounts_person;
    told uuid;
    is_decided boolean := mail.state = 'refused' AND mail.message = 'It was decided before.';
    why text := CASE WHEN is_decided THEN 'ended' ELSE '' END;
    mailbox text;
BEGIN
    SELECT * INTO STRICT asked FROM workflows_approval WHERE id = mail.approval_id;
    SELECT * INTO STRICT who FROM accounts_person WHERE id = mail.person_id;
    mailbox := trim(who.email);
    INSERT INTO workflows_notice (id, workspace_id, topic, kind, subject, text, html, mail, sources, fallback, must_reach,
        state, step_id, approval_id, made_at, resolved_at)
    VALUES (mail.id, asked.workspace_id, concat_ws('/', 'approval', asked.id, mail.stage, mail.number), 'approvals',
        CASE WHEN mail.number = 0 THEN 'Your decision: ' ELSE 'Still waiting for your decision: ' END
            || trim(regexp_replace(asked.title, '\\s+', ' ', 'g')),
        concat('You are asked for a decision, in the stage "', asked.stages -> mail.stage::int ->> 'name', E'":\\n\\n    ',
            asked.title, E'\\n\\n',
            to_char(asked.deadline_at AT TIME ZONE 'UTC', '"Decide before "DD FMMonth YYYY, HH24:MI" UTC."')
                || E'\\n',
            E'Look at it and decide here, after signing in:\\n\\n    ', {address}, '/approvals/', asked.id,
            E'\\n\\nOpening the page decides nothing.\\n'),
        '', coalesce(asked.mail ->> 'connection', ''), '[]', '[]', false, 'open', asked.step_id, asked.id, mail.created_at,
        mail.created_at)
    ON CONFLICT (workspace_id, topic) DO NOTHING;
    SELECT id INTO STRICT told FROM workflows_notice
    WHERE workspace_id = asked.workspace_id
        AND topic = concat_ws('/', 'approval', asked.id, mail.stage, mail.number);

    IF mail.state = 'planned' AND mailbox = '' THEN
        why := 'no-address';
    ELSIF EXISTS (SELECT FROM workflows_delivery WHERE notice_id = told AND address = mailbox AND state <> 'withheld') THEN
        -- Two people have one address. What is still to be sent there is sent once.
        why := CASE WHEN mail.state = 'planned' THEN 'same-address' ELSE why END;
        mailbox := CASE WHEN mail.state = 'planned' THEN mailbox ELSE '' END;
    END IF;
    INSERT INTO workflows_delivery (id, workspace_id, notice_id, person, name, address, connection, from_directory, digest,
        state, reason, message, sent_as, tries, due_at, made_at, ended_at)
    VALUES (mail.id, asked.workspace_id, told, lower(who.username), left(coalesce(nullif(who.name, ''), who.username), 200),
        mailbox, coalesce(asked.mail ->> 'connection', ''), false, false,
        CASE WHEN why = '' THEN mail.state ELSE 'withheld' END, why,
        CASE why WHEN '' THEN mail.message
            WHEN 'ended' THEN 'What they were asked had ended before it was sent.'
            WHEN 'no-address' THEN 'No e-mail address of theirs is known.'
            ELSE 'Somebody else with the same address is told.' END,
        CASE WHEN mail.state = 'planned' THEN '' ELSE concat('approval-mail/', mail.id) END,
        mail.tries,
        CASE WHEN why = '' THEN mail.due_at END,
        mail.created_at,
        CASE WHEN why <> '' AND mail.ended_at IS NULL THEN now() ELSE mail.ended_at END)
    ON CONFLICT DO NOTHING;
    UPDATE workflows_notice SET state = CASE
        WHEN EXISTS (SELECT FROM workflows_delivery WHERE notice_id = told AND state IN ('planned', 'sending')) THEN 'open'
        WHEN EXISTS (SELECT FROM workflows_delivery WHERE notice_id = told AND state = 'sent') THEN 'told'
        ELSE 'ended' END
    WHERE id = told;
END $carry$;

CREATE FUNCTION approval_mail_become_notice() RETURNS trigger LANGUAGE plpgsql AS $become$
BEGIN
    PERFORM approval_mail_carry(NEW);
    RETURN NULL;
END $become$;
"""
ALL_OF_THEM = """
LOCK TABLE workflows_approvalmail IN ACCESS EXCLUSIVE MODE;
SELECT approval_mail_carry(mail) FROM workflows_approvalmail mail ORDER BY id;
DELETE FROM workflows_approvalmail;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE TRIGGER approval_mail_is_notice BEFORE INSERT ON workflows_approvalmail
    FOR EACH ROW EXECUTE FUNCTION approval_mail_become_notice();
"""
NO_MORE = """
DROP TRIGGER approval_mail_is_notice ON workflows_approvalmail;
DROP FUNCTION approval_mail_become_notice();
DROP FUNCTION approval_mail_carry(workflows_approvalmail);
"""


def carry_over(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql.SQL(CARRY).format(address=sql.Literal(settings.PUBLIC_URL)))
        cursor.execute(ALL_OF_THEM)


def carry_no_more(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(NO_MORE)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_delegates"), ("workflows", "0031_pools_and_generations")]
    operations = [
        migrations.AddField(
            model_name="notice",
            name="approval",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to="workflows.approval",
            ),
        ),
        migrations.RunPython(carry_over, carry_no_more),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="ApprovalMail")]),
    ]
