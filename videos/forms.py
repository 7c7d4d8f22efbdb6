"""The form of the edit page; the rules are those of the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from videos import backgrounds, captions, webvtt
from videos.models import Video

SWITCHES = ("allow_duet", "allow_sound", "allow_download", "mature", "draft")


class ServiceForm(forms.Form):
    """A form whose last word a service has."""

    def add_domain_error(self, error: DomainError) -> None:
        """Show a service's error beside its fields, or on top."""
        for name, messages in error.errors.items():
            self.add_error(name if name in self.fields else None, messages)
        if not error.errors:
            self.add_error(None, error.message)


class EditForm(ServiceForm):
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


class CaptionForm(ServiceForm):
    """Captions in one language: a file, or the text of one."""

    lang = forms.CharField(label=_("Language"), max_length=16)
    file = forms.FileField(label=_("Caption file"), required=False, allow_empty_file=True)
    body = forms.CharField(label=_("WebVTT"), required=False, strip=False)

    @classmethod
    def too_large(cls) -> "CaptionForm":
        """Return the form for a body that was not read because of its size."""
        form = cls(data={})
        form.errors.clear()
        form.add_error("file", _too_large())
        return form

    def clean_file(self) -> str:
        """Return the file as WebVTT text, empty without one; what is in it the service checks."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > webvtt.MAX_BYTES:
            raise forms.ValidationError(_too_large())
        try:
            text = str(file.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("A caption file is UTF-8 text.")) from error
        return webvtt.from_subrip(text) if file.name.lower().endswith(".srt") else text

    def clean(self) -> None:
        """Ask for one of the two; the file is meant where both are given."""
        words = self.cleaned_data
        if "file" in words and not (words["file"] or words.get("body", "").strip()):
            self.add_error("file", _("Choose a caption file, or write the captions below."))

    def given(self) -> dict[str, str]:
        """Return the valid fields as `services.put_captions` takes them."""
        words = self.cleaned_data
        return {"lang": words["lang"], "body": words["file"] or words["body"]}

    def add_domain_error(self, error: DomainError) -> None:
        """Show what is wrong with the captions beside where they came from."""
        wrong = error.errors.get(webvtt.FIELD)
        if wrong and self.cleaned_data.get("file"):
            self.add_error("file", wrong)
        else:
            super().add_domain_error(error)


def _too_large() -> str:
    return str(_("A caption file has at most %d kB.") % (webvtt.MAX_BYTES // 1024))
