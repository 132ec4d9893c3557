"""All the migrations until 0031 in one, for a database that has none of them yet: it leaves the same tables.

The database itself refuses to alter what a person has seen or decided. A plan is made in one transaction and is whole once it
has its digest; from then on only what applying it moves is written: state, fence, lease, when it was applied, and the decision,
once. Rows that it points to may go (run, people).
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import hub.accounts.models
import workflows.planning.approvals
import workflows.planning.states
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

CHANGES_STAY = """
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
CHANGES_STAY_NO_MORE = """
DROP TRIGGER plan_change_stays ON workflows_change; DROP FUNCTION plan_change_refuse();
DROP TRIGGER plan_change_kept ON workflows_change; DROP FUNCTION plan_change_keep();
"""
DECISIONS_STAY = """
CREATE FUNCTION approval_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A decision is never altered or removed.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER approval_decision_stays BEFORE UPDATE OR DELETE ON workflows_approvaldecision
    FOR EACH ROW EXECUTE FUNCTION approval_decision_refuse();
"""
DECISIONS_STAY_NO_MORE = """
DROP TRIGGER approval_decision_stays ON workflows_approvaldecision; DROP FUNCTION approval_decision_refuse();
"""
PLANS_STAY = """
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
PLANS_STAY_NO_MORE = """
DROP TRIGGER plan_stays ON workflows_plan; DROP FUNCTION plan_refuse();
DROP TRIGGER plan_kept ON workflows_plan; DROP FUNCTION plan_keep();
"""
NOTHING_IS_ADDED = """
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
NOTHING_IS_ADDED_NO_MORE = """
DROP TRIGGER plan_change_in_time ON workflows_change; DROP FUNCTION plan_change_outside();
DROP TRIGGER plan_change_title_stays ON workflows_change; DROP FUNCTION plan_change_title();
"""
LEFT_OUT_STAYS = """
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
LEFT_OUT_STAYS_NO_MORE = """
DROP TRIGGER plan_change_left_out ON workflows_change; DROP FUNCTION plan_change_left_out();
DROP TRIGGER plan_approved_digest_stays ON workflows_plan; DROP FUNCTION plan_approved_digest_stays();
"""


class CreateTogether(Operation):
    """Creates models that point to each other. Django works out anew how its models hang together after each operation; here,
    once for all of them, which is most of the time that a new database takes.
    """

    reversible = True

    def __init__(self, models):
        self.models = models

    def state_forwards(self, app_label, state):
        state.__dict__.pop('apps', None)
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f'Create {len(self.models)} models'


class Migration(migrations.Migration):

    replaces = [
        ('workflows', '0001_initial'),
        ('workflows', '0002_plans'),
        ('workflows', '0003_plans_do_not_change'),
        ('workflows', '0004_installations'),
        ('workflows', '0005_lease_of_a_plan'),
        ('workflows', '0006_triggers'),
        ('workflows', '0007_templates_are_workflows'),
        ('workflows', '0008_what_installations_remember'),
        ('workflows', '0009_runs_and_items_of_steps'),
        ('workflows', '0010_approvals'),
        ('workflows', '0011_decisions_stay'),
        ('workflows', '0012_what_is_kept_back'),
        ('workflows', '0013_notices'),
        ('workflows', '0014_replays'),
        ('workflows', '0015_halts'),
        ('workflows', '0016_plans_stay_whole'),
        ('workflows', '0017_turns'),
        ('workflows', '0018_fewer_indexes'),
        ('workflows', '0019_held_changes'),
        ('workflows', '0020_template_owners'),
        ('workflows', '0021_messages'),
        ('workflows', '0022_delegation'),
        ('workflows', '0023_changes_in_doubt'),
        ('workflows', '0024_retention'),
        ('workflows', '0025_large_and_sealed_values'),
        ('workflows', '0026_run_keys'),
        ('workflows', '0027_parts_of_plans'),
        ('workflows', '0028_alerts'),
        ('workflows', '0029_what_templates_made'),
        ('workflows', '0030_shelves'),
        ('workflows', '0031_pools_and_generations'),
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_delegates'),
        ('connections', '0002_buckets'),
    ]

    operations = [
        CreateTogether([
            migrations.CreateModel(
                name='Workflow',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('slug', models.CharField(max_length=63, validators=[django.core.validators.RegexValidator('^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\Z', 'Use lower-case letters, digits and hyphens; begin and end with a letter or a digit.')])),
                    ('name', models.CharField(max_length=200)),
                    ('draft', models.JSONField()),
                    ('revision', models.PositiveIntegerField(default=1)),
                    ('is_active', models.BooleanField(default=False)),
                    ('published', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.version')),
                    ('head_start_seconds', models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ('pool', models.CharField(db_default='default', default='default', max_length=63)),
                    ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ('folder', models.CharField(blank=True, db_default='', max_length=200)),
                    ('tags', models.JSONField(db_default=models.Value([], models.JSONField()), default=list)),
                    ('trashed_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'slug'), name='workflow_slug_once')],
                },
            ),
            migrations.CreateModel(
                name='Version',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workflow', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='workflows.workflow')),
                    ('number', models.PositiveIntegerField()),
                    ('document', models.JSONField()),
                    ('message', models.CharField(blank=True, max_length=400)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(fields=('workflow', 'number'), name='version_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Trigger',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('workflow', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='triggers', to='workflows.workflow')),
                    ('name', models.CharField(max_length=63)),
                    ('kind', models.CharField(max_length=12)),
                    ('settings', models.JSONField(default=dict)),
                    ('is_live', models.BooleanField(default=True)),
                    ('path', models.CharField(max_length=100, null=True, unique=True)),
                    ('sealed', models.BinaryField(default=b'')),
                    ('due_at', models.DateTimeField(null=True)),
                    ('fired_at', models.DateTimeField(null=True)),
                    ('passed_over', models.PositiveIntegerField(default=0)),
                    ('cursor', models.JSONField(null=True)),
                    ('fence', models.PositiveIntegerField(default=0)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('asked_at', models.DateTimeField(null=True)),
                    ('failures', models.PositiveIntegerField(default=0)),
                    ('error', models.JSONField(null=True)),
                    ('warnings', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(condition=models.Q(('is_live', True)), fields=['due_at'], name='trigger_due')],
                    'constraints': [models.UniqueConstraint(fields=('workflow', 'name'), name='trigger_name_once')],
                },
            ),
            migrations.CreateModel(
                name='Run',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('workflow', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='workflows.workflow')),
                    ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.version')),
                    ('state', models.CharField(choices=[(workflows.planning.states.RunState['QUEUED'], workflows.planning.states.RunState['QUEUED']), (workflows.planning.states.RunState['RUNNING'], workflows.planning.states.RunState['RUNNING']), (workflows.planning.states.RunState['WAITING'], workflows.planning.states.RunState['WAITING']), (workflows.planning.states.RunState['SUCCEEDED'], workflows.planning.states.RunState['SUCCEEDED']), (workflows.planning.states.RunState['FAILED'], workflows.planning.states.RunState['FAILED']), (workflows.planning.states.RunState['CANCELLED'], workflows.planning.states.RunState['CANCELLED'])], default=workflows.planning.states.RunState['QUEUED'], max_length=12)),
                    ('cause', models.JSONField(default=dict)),
                    ('trigger', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='runs', to='workflows.trigger')),
                    ('replay_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replays', to='workflows.run')),
                    ('parent', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='child', to='workflows.runstep')),
                    ('payload', models.JSONField(default=dict)),
                    ('sealed', models.BinaryField(null=True)),
                    ('domain', models.CharField(blank=True, db_default='', default='', max_length=255)),
                    ('key', models.CharField(max_length=200, null=True)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('pool', models.CharField(db_default='default', default='default', max_length=63)),
                    ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                    ('fence', models.PositiveIntegerField(default=0)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('lapses', models.PositiveSmallIntegerField(default=0)),
                    ('cancel_asked', models.BooleanField(default=False)),
                    ('lane', models.CharField(max_length=200, null=True)),
                    ('admitted_at', models.DateTimeField(null=True)),
                    ('error', models.JSONField(null=True)),
                    ('removed', models.JSONField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'waiting'])), fields=['pool', 'due_at'], name='run_due_in_pool'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='run_leased'), models.Index(condition=models.Q(('ended_at__isnull', True), ('lane__isnull', False)), fields=['workflow', 'lane', 'id'], name='run_in_lane'), models.Index(fields=['workspace', '-id'], name='run_by_workspace'), models.Index(fields=['workflow', '-id'], name='run_by_workflow'), models.Index(condition=models.Q(('trigger__isnull', False)), fields=['trigger', '-id'], name='run_by_trigger'), models.Index(condition=models.Q(('domain', ''), _negated=True), fields=['workspace', 'domain', '-id'], name='run_by_domain')],
                    'constraints': [models.UniqueConstraint(fields=('workflow', 'key'), name='run_key_once'), models.UniqueConstraint(condition=models.Q(('replay_of__isnull', False)), fields=('replay_of',), name='run_replayed_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', workflows.planning.states.RunState['RUNNING']), _negated=True), ('lease_until__isnull', False), _connector='OR'), name='run_under_way_has_a_lease')],
                },
            ),
            migrations.CreateModel(
                name='RunStep',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='workflows.run')),
                    ('step', models.CharField(max_length=63)),
                    ('item', models.CharField(blank=True, default='', max_length=40)),
                    ('state', models.CharField(choices=[(workflows.planning.states.StepState['READY'], workflows.planning.states.StepState['READY']), (workflows.planning.states.StepState['RUNNING'], workflows.planning.states.StepState['RUNNING']), (workflows.planning.states.StepState['WAITING'], workflows.planning.states.StepState['WAITING']), (workflows.planning.states.StepState['IN_DOUBT'], workflows.planning.states.StepState['IN_DOUBT']), (workflows.planning.states.StepState['SUCCEEDED'], workflows.planning.states.StepState['SUCCEEDED']), (workflows.planning.states.StepState['FAILED'], workflows.planning.states.StepState['FAILED']), (workflows.planning.states.StepState['SKIPPED'], workflows.planning.states.StepState['SKIPPED']), (workflows.planning.states.StepState['CANCELLED'], workflows.planning.states.StepState['CANCELLED'])], max_length=12)),
                    ('port', models.CharField(blank=True, max_length=100)),
                    ('input', models.JSONField(null=True)),
                    ('output', models.JSONField(null=True)),
                    ('error', models.JSONField(null=True)),
                    ('apart', models.JSONField(null=True)),
                    ('sealed', models.BinaryField(null=True)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('taken_from', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workflows.runstep')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['running', 'waiting'])), fields=['run'], name='run_step_open'), models.Index(condition=models.Q(('taken_from__isnull', False)), fields=['taken_from'], name='run_step_taken')],
                    'constraints': [models.UniqueConstraint(fields=('run', 'step', 'item'), name='run_step_once')],
                },
            ),
            migrations.CreateModel(
                name='AlertRule',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('workflow', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='alert_rules', to='workflows.workflow')),
                    ('kind', models.CharField(choices=[('failures', 'failures'), ('late', 'late'), ('long', 'long'), ('silent', 'silent')], max_length=10)),
                    ('count', models.PositiveSmallIntegerField(default=1)),
                    ('seconds', models.PositiveIntegerField(null=True)),
                    ('mail', models.CharField(blank=True, max_length=63)),
                    ('to', models.JSONField(default=list)),
                    ('began_at', models.DateTimeField(null=True)),
                    ('said', models.CharField(blank=True, max_length=1000)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('workflow', 'kind'), name='alert_rule_once')],
                },
            ),
            migrations.CreateModel(
                name='Attempt',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('step', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='workflows.runstep')),
                    ('number', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('open', 'The call was about to be made; how it ended is not noted yet'), ('succeeded', 'It went through'), ('failed', 'It did not go through'), ('unknown', 'Nobody knows whether it went through')], default='open', max_length=10)),
                    ('error', models.JSONField(null=True)),
                    ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(fields=('step', 'number'), name='attempt_number_once')],
                },
            ),
            migrations.CreateModel(
                name='Content',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('digest', models.CharField(max_length=64, null=True)),
                    ('is_list', models.BooleanField()),
                    ('bytes', models.BigIntegerField(default=0)),
                    ('stored_bytes', models.BigIntegerField(default=0)),
                    ('count', models.BigIntegerField(default=0)),
                    ('pages', models.PositiveIntegerField(default=0)),
                    ('in_files', models.BooleanField(default=False)),
                    ('is_sealed', models.BooleanField(default=False)),
                    ('kept_at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(fields=['kept_at'], name='content_by_time')],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'digest'), name='content_once')],
                },
            ),
            migrations.CreateModel(
                name='ContentPage',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('content', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workflows.content')),
                    ('number', models.PositiveIntegerField()),
                    ('first', models.BigIntegerField()),
                    ('count', models.PositiveIntegerField()),
                    ('body', models.BinaryField(null=True)),
                    ('sealed', models.BinaryField(null=True)),
                ],
                options={
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(fields=('content', 'number'), name='content_page_once')],
                },
            ),
            migrations.CreateModel(
                name='ContentUse',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contents', to='workflows.run')),
                    ('content', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='workflows.content')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('run', 'content'), name='content_use_once')],
                },
            ),
            migrations.CreateModel(
                name='DelegationScope',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('name', models.CharField(max_length=100)),
                    ('directory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connections.connection')),
                    ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connections.connection')),
                    ('condition', models.TextField(blank=True)),
                    ('group_pattern', models.CharField(blank=True, max_length=200)),
                    ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), size=None)),
                    ('acts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'name'), name='delegation_scope_once')],
                },
            ),
            migrations.CreateModel(
                name='Deputy',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('first_day', models.DateField()),
                    ('last_day', models.DateField()),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['workspace', 'deputy'], name='deputy_in_force')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('person', models.F('deputy')), _negated=True), name='deputy_of_another'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='deputy_days_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='workflows.run')),
                    ('step', models.CharField(blank=True, max_length=63)),
                    ('state', models.CharField(max_length=12)),
                    ('detail', models.JSONField(default=dict)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='Expectation',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('step', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='expectation', to='workflows.runstep')),
                    ('event', models.CharField(blank=True, max_length=100)),
                    ('key', models.CharField(max_length=300)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(fields=['workspace', 'event', 'key', 'id'], name='expectation_by_key')],
                },
            ),
            migrations.CreateModel(
                name='Halt',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='halts', to='workflows.run')),
                    ('workflow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='halts', to='workflows.workflow')),
                    ('connection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='halts', to='connections.connection')),
                    ('writes_only', models.BooleanField(default=False)),
                    ('reason', models.CharField(max_length=400)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by_name', models.CharField(max_length=450)),
                    ('lifted_at', models.DateTimeField(null=True)),
                    ('lifted_by_name', models.CharField(blank=True, max_length=450)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('lifted_at', None)), fields=['workspace'], name='halt_open')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('run', None), ('workflow', None)), models.Q(('connection', None), ('run', None)), models.Q(('connection', None), ('workflow', None)), _connector='OR'), name='halt_names_one')],
                },
            ),
            migrations.CreateModel(
                name='Installation',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('template', models.CharField(max_length=63)),
                    ('slug', models.CharField(max_length=63, validators=[django.core.validators.RegexValidator('^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\Z', 'Use lower-case letters, digits and hyphens; begin and end with a letter or a digit.')])),
                    ('parameters', models.JSONField()),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('made', models.JSONField(null=True)),
                    ('workflow', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='installation', to='workflows.workflow')),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'slug'), name='installation_slug_once')],
                },
            ),
            migrations.CreateModel(
                name='KeepMark',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('workflow', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workflows.workflow')),
                    ('data', models.CharField(choices=[('runs', 'runs'), ('data', 'data'), ('bodies', 'bodies'), ('logs', 'logs'), ('messages', 'messages'), ('notices', 'notices')], max_length=10)),
                    ('through', models.UUIDField(null=True)),
                    ('begun_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('workflow', 'data'), name='keep_mark_once')],
                },
            ),
            migrations.CreateModel(
                name='KeepRule',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('workflow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='keep_rules', to='workflows.workflow')),
                    ('data', models.CharField(choices=[('runs', 'runs'), ('data', 'data'), ('bodies', 'bodies'), ('logs', 'logs'), ('messages', 'messages'), ('notices', 'notices')], max_length=10)),
                    ('days', models.PositiveIntegerField(null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)])),
                    ('made_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'ordering': ['data'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'workflow', 'data'), name='keep_rule_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='Memory',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('subject', models.CharField(max_length=140)),
                    ('remembered', models.JSONField(default=dict)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'subject'), name='memory_subject_once')],
                },
            ),
            migrations.CreateModel(
                name='Message',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('event', models.CharField(blank=True, max_length=100)),
                    ('key', models.CharField(max_length=300)),
                    ('identity', models.CharField(max_length=200, null=True)),
                    ('payload', models.JSONField(null=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('taken_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='message', to='workflows.runstep')),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(fields=['workspace', 'event', 'key', 'id'], name='message_by_key')],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'event', 'identity'), name='message_once')],
                },
            ),
            migrations.CreateModel(
                name='OptOut',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('person', models.CharField(max_length=320)),
                    ('kind', models.CharField(blank=True, max_length=100)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'person', 'kind'), name='opt_out_once')],
                },
            ),
            migrations.CreateModel(
                name='Plan',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('title', models.CharField(max_length=200)),
                    ('subject', models.CharField(blank=True, max_length=140)),
                    ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plans', to='workflows.runstep')),
                    ('state', models.CharField(choices=[('refused', 'A guard refused it: it can be read, never applied'), ('proposed', 'It waits for somebody to approve or reject it'), ('approved', 'It may be applied'), ('rejected', 'Somebody said no'), ('applying', 'It is being applied'), ('applied', 'Every change was looked at; parked ones say why they were not made'), ('superseded', 'A newer plan took its place: nothing more of it is applied')], max_length=10)),
                    ('readings', models.JSONField(default=list)),
                    ('guards', models.JSONField(default=list)),
                    ('counts', models.JSONField(default=dict)),
                    ('digest', models.CharField(max_length=64)),
                    ('undoes', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='workflows.plan')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('decided_at', models.DateTimeField(null=True)),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('comment', models.CharField(blank=True, max_length=2000)),
                    ('approved_digest', models.CharField(blank=True, db_default='', default='', max_length=64)),
                    ('fence', models.PositiveIntegerField(default=0)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('applied_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['workspace', 'subject', '-id'], name='plan_by_subject')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'applying'), models.Q(('subject', ''), _negated=True)), fields=('workspace', 'subject'), name='plan_applied_one_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Approval',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('title', models.CharField(max_length=200)),
                    ('subject', models.CharField(blank=True, max_length=200)),
                    ('shown', models.JSONField(default=list)),
                    ('digest', models.CharField(max_length=64)),
                    ('stages', models.JSONField()),
                    ('parallel', models.BooleanField(default=False)),
                    ('allow_same_person', models.BooleanField(default=False)),
                    ('requester', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('requester_name', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[(workflows.planning.approvals.ApprovalState['OPEN'], workflows.planning.approvals.ApprovalState['OPEN']), (workflows.planning.approvals.ApprovalState['APPROVED'], workflows.planning.approvals.ApprovalState['APPROVED']), (workflows.planning.approvals.ApprovalState['REJECTED'], workflows.planning.approvals.ApprovalState['REJECTED']), (workflows.planning.approvals.ApprovalState['EXPIRED'], workflows.planning.approvals.ApprovalState['EXPIRED']), (workflows.planning.approvals.ApprovalState['WITHDRAWN'], workflows.planning.approvals.ApprovalState['WITHDRAWN'])], default='open', max_length=10)),
                    ('why', models.CharField(blank=True, max_length=400)),
                    ('step', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='approval', to='workflows.runstep')),
                    ('plan', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval', to='workflows.plan')),
                    ('asked_at', models.DateTimeField(auto_now_add=True)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('deadline_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('mail', models.JSONField(default=dict)),
                    ('escalation', models.JSONField(default=dict)),
                    ('escalated_at', models.DateTimeField(null=True)),
                    ('due_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['workspace', 'state', '-id'], name='approval_by_state'), models.Index(condition=models.Q(('state', 'open')), fields=['due_at'], name='approval_due')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('subject', ''), _negated=True)), fields=('workspace', 'subject'), name='approval_of_a_subject_once')],
                },
            ),
            migrations.CreateModel(
                name='ApprovalDecision',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('approval', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='workflows.approval')),
                    ('stage', models.PositiveSmallIntegerField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('approve', models.BooleanField()),
                    ('comment', models.CharField(blank=True, max_length=2000)),
                    ('digest', models.CharField(max_length=64)),
                    ('shown', models.JSONField()),
                    ('signed_in', models.JSONField()),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['id'],
                    'constraints': [models.UniqueConstraint(fields=('approval', 'stage', 'person', 'digest'), name='approval_decided_once'), models.UniqueConstraint(fields=('approval', 'stage', 'place', 'digest'), name='approval_place_once')],
                },
            ),
            migrations.CreateModel(
                name='ApprovalMail',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('stage', models.PositiveSmallIntegerField()),
                    ('number', models.PositiveSmallIntegerField()),
                    ('state', models.CharField(choices=[('planned', 'It is to be sent'), ('sending', 'It was about to be sent; how that ended is not noted yet'), ('sent', 'The mail server took it'), ('refused', 'It could not be sent: see why'), ('unknown', 'Nobody knows whether it was sent, so it is not sent again')], default='planned', max_length=10)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('message', models.CharField(blank=True, max_length=400)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='workflows.approval')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['id'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sending'])), fields=['due_at'], name='approval_mail_due')],
                    'constraints': [models.UniqueConstraint(fields=('approval', 'stage', 'person', 'number'), name='approval_mail_once')],
                },
            ),
            migrations.CreateModel(
                name='ApprovalTask',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='workflows.approval')),
                    ('stage', models.PositiveSmallIntegerField()),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('is_open', models.BooleanField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('is_open', True)), fields=['person', 'approval'], name='approval_task_open')],
                    'constraints': [models.UniqueConstraint(fields=('approval', 'stage', 'person'), name='approval_task_once')],
                },
            ),
            migrations.CreateModel(
                name='Change',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='workflows.plan')),
                    ('position', models.PositiveIntegerField()),
                    ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='connections.connection')),
                    ('resource', models.CharField(max_length=100)),
                    ('operation', models.CharField(max_length=10)),
                    ('key', models.CharField(max_length=600)),
                    ('title', models.CharField(max_length=600)),
                    ('before', models.JSONField(null=True)),
                    ('after', models.JSONField(null=True)),
                    ('cause', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('planned', 'Not made yet'), ('writing', 'It was about to be made; how it ended is not noted yet'), ('applied', 'Made, and read back'), ('already', 'It was so already; nothing was written'), ('parked', 'Not made: see its message'), ('in_doubt', 'Broken off while it was written, and overtaken by a newer plan: see its message'), ('left_out', 'Not made: whoever approved the plan left it out'), ('held', 'A guard holds its kind: not made unless somebody releases it')], default='planned', max_length=10)),
                    ('message', models.CharField(blank=True, max_length=2000)),
                    ('intended_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['position'],
                    'indexes': [models.Index(fields=['connection', 'resource', 'key'], name='change_by_object')],
                    'constraints': [models.UniqueConstraint(fields=('plan', 'position'), name='change_position_once'), models.UniqueConstraint(fields=('plan', 'connection', 'resource', 'key'), name='change_object_once')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('topic', models.CharField(max_length=200)),
                    ('kind', models.CharField(blank=True, max_length=100)),
                    ('subject', models.CharField(max_length=400)),
                    ('text', models.TextField()),
                    ('html', models.TextField(blank=True)),
                    ('mail', models.CharField(blank=True, max_length=63)),
                    ('sources', models.JSONField(default=list)),
                    ('fallback', models.JSONField(default=list)),
                    ('must_reach', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('open', 'Not every delivery has ended'), ('told', 'Somebody was told'), ('nobody', 'Nobody was told, although somebody had to be'), ('ended', 'It was told to nobody, which was allowed')], default='open', max_length=10)),
                    ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='workflows.runstep')),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('resolved_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'topic'), name='notice_of_a_topic_once')],
                },
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='workflows.notice')),
                    ('person', models.CharField(max_length=320)),
                    ('name', models.CharField(blank=True, max_length=200)),
                    ('address', models.CharField(blank=True, max_length=320)),
                    ('connection', models.CharField(max_length=63)),
                    ('from_directory', models.BooleanField(default=False)),
                    ('digest', models.BooleanField(default=False)),
                    ('state', models.CharField(choices=[('planned', 'It is to be sent when it is due'), ('sending', 'It was about to be sent; how that ended is not noted yet'), ('sent', 'The mail server or the address took it'), ('refused', 'It could not be sent: see why'), ('withheld', 'It is not sent: see why'), ('unknown', 'Nobody knows whether it was sent, so it is not sent again unless somebody says so')], default='planned', max_length=10)),
                    ('reason', models.CharField(blank=True, max_length=30)),
                    ('message', models.CharField(blank=True, max_length=400)),
                    ('sent_as', models.CharField(blank=True, max_length=100)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name_plural': 'deliveries',
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('state__in', ['planned', 'sending'])), fields=['due_at'], name='delivery_due'), models.Index(condition=models.Q(('state__in', ['planned', 'sending'])), fields=['notice'], name='delivery_open'), models.Index(fields=['workspace', 'state', '-id'], name='delivery_by_state'), models.Index(fields=['workspace', 'person', '-id'], name='delivery_by_person')],
                    'constraints': [models.UniqueConstraint(fields=('notice', 'person'), name='delivery_to_a_person_once'), models.UniqueConstraint(condition=models.Q(models.Q(('address', ''), _negated=True), models.Q(('state', 'withheld'), _negated=True)), fields=('notice', 'address'), name='delivery_to_an_address_once')],
                },
            ),
            migrations.CreateModel(
                name='Remembered',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('trigger', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remembered', to='workflows.trigger')),
                    ('key', models.CharField(max_length=300)),
                    ('digest', models.CharField(max_length=100)),
                    ('document', models.JSONField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('trigger', 'key'), name='remembered_once')],
                },
            ),
            migrations.CreateModel(
                name='RunHold',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('workflow', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflows.workflow')),
                    ('key', models.CharField(blank=True, max_length=200)),
                    ('since', models.DateTimeField(null=True)),
                    ('until', models.DateTimeField(null=True)),
                    ('reason', models.CharField(max_length=2000)),
                    ('placed_at', models.DateTimeField(auto_now_add=True)),
                    ('placed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('placed_by_name', models.CharField(max_length=450)),
                    ('lifted_at', models.DateTimeField(null=True)),
                    ('lifted_by_name', models.CharField(blank=True, max_length=450)),
                    ('lifted_because', models.CharField(blank=True, max_length=2000)),
                ],
                options={
                    'ordering': ['-id'],
                    'indexes': [models.Index(condition=models.Q(('lifted_at', None)), fields=['workspace'], name='run_hold_open')],
                },
            ),
            migrations.CreateModel(
                name='RunKey',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='workflows.run')),
                    ('name', models.CharField(max_length=63)),
                    ('value', models.CharField(max_length=200)),
                ],
                options={
                    'ordering': ['name', 'id'],
                    'indexes': [models.Index(models.F('workspace'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('value'), name='text_pattern_ops'), models.F('name'), models.F('run'), name='run_key_by_value')],
                    'constraints': [models.UniqueConstraint(fields=('run', 'name', 'value'), name='run_key_value_once')],
                },
            ),
            migrations.CreateModel(
                name='TemplateOwner',
                fields=[
                    ('id', models.UUIDField(default=hub.accounts.models.new_id, editable=False, primary_key=True, serialize=False)),
                    ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace')),
                    ('exstream', models.CharField(max_length=63)),
                    ('domain', models.CharField(max_length=255)),
                    ('resource', models.CharField(max_length=100)),
                    ('name', models.CharField(blank=True, max_length=255)),
                    ('owner', models.CharField(blank=True, max_length=320)),
                    ('review_on', models.DateField(null=True)),
                    ('set_at', models.DateTimeField(auto_now=True)),
                    ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-id'],
                    'constraints': [models.UniqueConstraint(fields=('workspace', 'exstream', 'domain', 'resource'), name='template_owner_once')],
                },
            ),
            migrations.CreateModel(
                name='WorkflowSize',
                fields=[
                    ('workflow', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='size', serialize=False, to='workflows.workflow')),
                    ('runs', models.BigIntegerField()),
                    ('bytes', models.BigIntegerField()),
                    ('bytes_full', models.FloatField()),
                    ('bytes_emptied', models.FloatField()),
                    ('runs_a_day', models.FloatField()),
                    ('oldest_at', models.DateTimeField(null=True)),
                    ('measured_at', models.DateTimeField()),
                ],
            ),
        ]),
        # Whoever removes a run, in whatever way, leaves nothing behind that says whom it was about.
        migrations.RunSQL(
            "ALTER TABLE workflows_runkey ADD CONSTRAINT run_key_of_run FOREIGN KEY (run_id) "
            "REFERENCES workflows_run (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE workflows_runkey DROP CONSTRAINT run_key_of_run",
        ),
        migrations.RunSQL(CHANGES_STAY, CHANGES_STAY_NO_MORE),
        migrations.RunSQL(DECISIONS_STAY, DECISIONS_STAY_NO_MORE),
        migrations.RunSQL(PLANS_STAY, PLANS_STAY_NO_MORE),
        migrations.RunSQL(NOTHING_IS_ADDED, NOTHING_IS_ADDED_NO_MORE),
        migrations.RunSQL(LEFT_OUT_STAYS, LEFT_OUT_STAYS_NO_MORE),
    ]
