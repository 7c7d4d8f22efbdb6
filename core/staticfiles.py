"""Static files of the scaled mode: compressed, and named by contents so that caches keep them."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = "js/"


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Also rewrites the imports between our ES modules, which would else be served unhashed."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Return what rewrites one reference; libraries' scripts keep theirs as they are.

        Django looks for imports by pattern and takes those in a library's comments for real.
        """
        if name.endswith(".js") and not name.startswith(OWN_SCRIPTS):
            return lambda reference: reference[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, *args, **kwargs)
        return converter
