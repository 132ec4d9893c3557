from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0028_alerts")]
    operations = [
        migrations.AddField(model_name="installation", name="made", field=models.JSONField(null=True)),
    ]
