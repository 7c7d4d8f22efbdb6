"""The form of the edit page; the rules are those of the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from videos import backgrounds, captions
from videos.models import Video

SWITCHES = ("allow_duet", "allow_sound", "allow_download", "mature", "draft")


class EditForm(forms.Form):
    """Everything that an author may change about a video."""

    caption = forms.CharField(
        label=_("Caption"), max_length=captions.MAX_LENGTH, required=False, strip=False
    )
    background = forms.ChoiceField(
        label=_("Background"),
        choices=[(ground.name, ground.label) for ground in backgrounds.BACKGROUNDS],
        required=False,
    )
    audience = forms.ChoiceField(label=_("Who can watch"), choices=Video.Audience.choices)
    allow_comments = forms.ChoiceField(
        label=_("Who can comment"), choices=Video.AllowComments.choices
    )
    allow_duet = forms.BooleanField(required=False)
    allow_sound = forms.BooleanField(required=False)
    allow_download = forms.BooleanField(required=False)
    mature = forms.BooleanField(required=False)
    draft = forms.BooleanField(required=False)
    publish_at = forms.DateTimeField(label=_("Publish at"), required=False)

    @classmethod
    def of(cls, video: Video) -> "EditForm":
        """Return the form filled with what is chosen now."""
        fields = ("caption", "background", "audience", "allow_comments", *SWITCHES)
        initial: dict[str, Any] = {field: getattr(video, field) for field in fields}
        return cls(initial=initial | {"publish_at": video.scheduled_for})

    def changes(self) -> dict[str, Any]:
        """Return the valid fields as `services.edit_video` takes them."""
        return dict(self.cleaned_data)

    def add_domain_error(self, error: DomainError) -> None:
        """Show a service's error beside its fields, or on top."""
        for name, messages in error.errors.items():
            self.add_error(name if name in self.fields else None, messages)
        if not error.errors:
            self.add_error(None, error.message)
