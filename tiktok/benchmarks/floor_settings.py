"""The product's own settings with one route: an endpoint that does nothing for whoever is known."""

from tiktok.settings import *  # noqa: F403

ROOT_URLCONF = "tiktok.benchmarks.floor"
