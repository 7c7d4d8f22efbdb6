"""Captions that a program wrote, and the stage that makes them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0012_duets'),
    ]

    operations = [
        migrations.AddField(
            model_name='captiontrack',
            name='automatic',
            field=models.BooleanField(default=False, help_text='Written down by a program, and no author has looked at it.'),
        ),
        migrations.AlterField(
            model_name='processingjob',
            name='stage',
            field=models.CharField(choices=[('playable', 'Playable'), ('ladder', 'Ladder'), ('captions', 'Captions')], max_length=8),
        ),
    ]
