"""`python -m tiktok.benchmarks.floor_server PORT`: the web server of `serve` over the floor."""

import os
import sys


def serve(port: int) -> None:
    """Become the web server; never returns."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tiktok.benchmarks.floor_settings"
    import django

    django.setup()
    from core.management.commands.serve import web

    argv = list(web("127.0.0.1", port).argv)
    os.execv(argv[0], argv)  # noqa: S606  a list of arguments, no shell


if __name__ == "__main__":
    serve(int(sys.argv[1]))
