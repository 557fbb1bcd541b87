from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_second_factor"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Colleague",
            fields=[],
            options={
                "verbose_name": "colleague",
                "verbose_name_plural": "colleagues",
                "ordering": ["first_name", "last_name", "pk"],
                "proxy": True,
                "default_permissions": ("add", "change", "view"),
                "indexes": [],
                "constraints": [],
            },
            bases=("auth.user",),
        ),
    ]
