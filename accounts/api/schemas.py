"""Bodies and answers of the account routes. Rules of fields are those of the services."""

from typing import Any

from rest_framework import serializers

from accounts.emails import MAX_LENGTH as MAX_EMAIL
from accounts.models import Session, User
from accounts.profiles import MAX_LABEL, MAX_LINKS, MAX_URL

# Far above any rule, so that the rules answer; far below what would be work to look at.
LOOSE = 1000


class LinkSchema(serializers.Serializer[Any]):
    """One link of a profile."""

    label = serializers.CharField(  # type: ignore[assignment]
        max_length=MAX_LABEL, required=False, allow_blank=True
    )
    url = serializers.CharField(max_length=MAX_URL)


class CountsSchema(serializers.Serializer[Any]):
    """What a profile is counted by."""

    followers = serializers.IntegerField(min_value=0)
    following = serializers.IntegerField(min_value=0)
    likes = serializers.IntegerField(min_value=0)
    videos = serializers.IntegerField(min_value=0)


class RelationSchema(serializers.Serializer[Any]):
    """How the viewer stands to the person."""

    follows = serializers.BooleanField()
    followed_by = serializers.BooleanField()
    requested = serializers.BooleanField()
    friend = serializers.BooleanField()
    friend_request = serializers.BooleanField()
    friend_request_direction = serializers.CharField(allow_null=True)
    blocks = serializers.BooleanField()
    mutes = serializers.BooleanField()
    bell = serializers.BooleanField()


class UserSchema(serializers.Serializer[Any]):
    """A person, as anybody sees them."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    bio = serializers.CharField(allow_blank=True)
    avatar = serializers.CharField(allow_null=True, help_text="URL of a square WebP.")
    links = LinkSchema(many=True)
    is_private = serializers.BooleanField()
    is_verified = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    counts = CountsSchema()
    viewer = RelationSchema()


class OwnUserSchema(UserSchema):
    """The caller, with what only they see."""

    email = serializers.EmailField()
    email_verified = serializers.BooleanField()
    birth_date = serializers.DateField(allow_null=True)
    found_by_email = serializers.BooleanField()


class SignUpInput(serializers.Serializer[Any]):
    """A new account."""

    email = serializers.CharField(max_length=LOOSE)
    password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)
    username = serializers.CharField(max_length=LOOSE, required=False, allow_blank=True)
    name = serializers.CharField(max_length=LOOSE, required=False, allow_blank=True)
    birth_date = serializers.DateField(required=False, allow_null=True)


class SignInInput(serializers.Serializer[Any]):
    """Credentials: an address or a username, and the password."""

    email = serializers.CharField(max_length=MAX_EMAIL, required=False)
    username = serializers.CharField(max_length=MAX_EMAIL, required=False)
    password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)
    reactivate = serializers.BooleanField(
        default=False, help_text="Return to a deactivated account (403 `account_deactivated`)."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Put what names the account into `login`."""
        login = attrs.get("email") or attrs.get("username")
        if not login:
            raise serializers.ValidationError({"email": ["Give an email address or a username."]})
        return attrs | {"login": login}


class SettingsSchema(serializers.Serializer[Any]):
    """Who sees, finds and answers; `adult` says whether `show_mature` may be switched on."""

    is_private = serializers.BooleanField()
    who_may_comment = serializers.ChoiceField(User.WhoMayComment.choices)
    who_may_message = serializers.ChoiceField(User.WhoMayMessage.choices)
    found_by_email = serializers.BooleanField()
    show_mature = serializers.BooleanField(help_text="In feeds; for adults only.")
    adult = serializers.BooleanField(help_text="By the date of birth.")


class SettingsInput(serializers.Serializer[Any]):
    """Any of the settings; what is missing stays as it is."""

    is_private = serializers.BooleanField(required=False)
    who_may_comment = serializers.ChoiceField(User.WhoMayComment.choices, required=False)
    who_may_message = serializers.ChoiceField(User.WhoMayMessage.choices, required=False)
    found_by_email = serializers.BooleanField(required=False)
    show_mature = serializers.BooleanField(required=False)


class DeactivateInput(serializers.Serializer[Any]):
    """The password, so that nobody else does it."""

    password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)


class RefreshInput(serializers.Serializer[Any]):
    """The refresh token in hand."""

    refresh = serializers.CharField(max_length=128)


class TokensSchema(serializers.Serializer[Any]):
    """An access token for ten minutes, and the refresh token that gets the next one."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class SignedInSchema(TokensSchema):
    """Tokens and whose they are."""

    user = OwnUserSchema()


class VerificationSentSchema(serializers.Serializer[Any]):
    """A mail is on its way, if there is somebody to read it."""

    status = serializers.CharField()


class SessionSchema(serializers.ModelSerializer[Session]):
    """A device on which the caller is signed in."""

    is_current = serializers.BooleanField()

    class Meta:
        model = Session
        fields = ["id", "kind", "user_agent", "ip", "created_at", "last_seen_at", "is_current"]


class SessionListSchema(serializers.Serializer[Any]):
    """All of them; there is one page."""

    results = SessionSchema(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class PasswordChangeInput(serializers.Serializer[Any]):
    """The password in use and the one to come."""

    current_password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)
    new_password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)


class PasswordChangedSchema(serializers.Serializer[Any]):
    """How many other devices were signed out."""

    ended_sessions = serializers.IntegerField(min_value=0)


class PasswordResetInput(serializers.Serializer[Any]):
    """Whose password was forgotten."""

    email = serializers.CharField(max_length=LOOSE)


class PasswordResetConfirmInput(serializers.Serializer[Any]):
    """The key of the mail and a new password."""

    key = serializers.CharField(max_length=200)
    password = serializers.CharField(max_length=LOOSE, trim_whitespace=False)


class EmailVerifyInput(serializers.Serializer[Any]):
    """The code of the mail; without one a mail is sent."""

    code = serializers.CharField(max_length=16, required=False)


class ProfileInput(serializers.Serializer[Any]):
    """Any part of the caller's own profile; what is missing stays as it is."""

    username = serializers.CharField(max_length=LOOSE, required=False)
    name = serializers.CharField(max_length=LOOSE, required=False, allow_blank=True)
    bio = serializers.CharField(
        max_length=LOOSE, required=False, allow_blank=True, trim_whitespace=False
    )
    links = LinkSchema(many=True, required=False, help_text=f"At most {MAX_LINKS}.")
    birth_date = serializers.DateField(required=False, allow_null=True)
    is_private = serializers.BooleanField(required=False)
    found_by_email = serializers.BooleanField(required=False)
    avatar = serializers.FileField(
        required=False, allow_null=True, help_text="A picture in a multipart body; null removes it."
    )
