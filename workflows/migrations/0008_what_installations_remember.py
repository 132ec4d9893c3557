"""What installations remembered, and which plans were theirs, move to the subject that their workflow's plans have."""

from typing import Any

from django.db import migrations

TITLE = "Provisioning: "


def move(apps: Any, schema_editor: Any) -> None:
    installation, plan = apps.get_model("workflows", "Installation"), apps.get_model("workflows", "Plan")
    for held in installation.objects.all():
        subject = f"{held.slug}/plan"
        apps.get_model("workflows", "Memory").objects.create(
            workspace_id=held.workspace_id, subject=subject, remembered=held.remembered
        )
        theirs = plan.objects.filter(workspace_id=held.workspace_id, title=TITLE + held.slug, undoes=None)
        theirs.exclude(state="applying").update(subject=subject)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0007_templates_are_workflows")]
    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.RemoveField(model_name="installation", name="remembered"),
    ]
