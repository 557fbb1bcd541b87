from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0005_plainer_labels"),
    ]

    operations = [
        # The table of the old counts stays, as processes with the old code count in it until they are restarted.
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="SignUpCount")]),
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("weight", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "expires_at"), name="request_count_once_per_slot")
                ],
            },
        ),
        # Counts need not survive a crash, and unlogged they cost no wait for the disk.
        migrations.RunSQL(
            "ALTER TABLE registrations_requestcount SET UNLOGGED",
            "ALTER TABLE registrations_requestcount SET LOGGED",
        ),
    ]
