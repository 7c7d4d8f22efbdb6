"""Duets: the clip that another stands beside; and whether a clip answers something."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('videos', '0010_direct_uploads'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='video',
            name='duet_of',
            field=models.ForeignKey(blank=True, help_text='The clip on its right, whose bytes it holds.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duets', to='videos.video'),
        ),
        migrations.AddField(
            model_name='video',
            name='is_duet',
            field=models.BooleanField(default=False, help_text='Stays set when what it stands beside is gone: see `policies`.'),
        ),
        migrations.AddField(
            model_name='video',
            name='is_reply',
            field=models.BooleanField(default=False, help_text='It answers something that an app above knows (`replying`).'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duet_of__isnull', True), ('is_duet', False)), models.Q(('is_duet', True), ('kind', 'clip')), _connector='OR'), name='video_duet_is_clip'),
        ),
    ]
