from django.db import migrations

from hub.audit.chains import EVIDENCE, EVIDENCE_FORM, TRAIL


def install(apps, schema_editor):
    # The trail's chain once more: where it was installed before, it took its rows one by one.
    for statement in (*TRAIL.install(), *EVIDENCE_FORM, *EVIDENCE.install()):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in EVIDENCE.remove():
        schema_editor.execute(statement, params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS evidence_line(audit_evidence)", params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS evidence_content(jsonb, jsonb)", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_evidence")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
