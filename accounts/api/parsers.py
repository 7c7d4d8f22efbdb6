"""Multipart bodies that carry one picture: bounded before a byte is read."""

from accounts.services.profile import AVATAR_MAX_BYTES
from core.http.parsers import SmallMultipart


class PictureParser(SmallMultipart):
    """A profile with its picture."""

    max_file_bytes = AVATAR_MAX_BYTES
