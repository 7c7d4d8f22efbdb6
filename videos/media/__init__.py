"""Turning one uploaded file into what is played: a pure pipeline without Django.

Order of use: ``sniff`` -> ``probe`` -> ``ladder.plan`` -> ``transcode`` and ``stills``.
Everything that reads a stranger's bytes does so in a child process (``sandbox``).
"""
