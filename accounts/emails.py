"""E-mail addresses: one form for each mailbox."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.errors import Invalid

MAX_LENGTH = 254


def normalise_email(value: str) -> str:
    """Return the stored form of an address: trimmed, composed, lower case; may be invalid."""
    return unicodedata.normalize("NFC", value.strip()).lower()


def clean_email(value: str) -> str:
    """Return the stored form of a valid address; raises Invalid for any other."""
    email = normalise_email(value)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid.field("email", "Enter a valid email address.") from error
    if len(email) > MAX_LENGTH:
        raise Invalid.field("email", "This email address is too long.")
    return email
