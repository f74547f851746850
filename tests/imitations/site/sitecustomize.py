"""Begins the imitation in every Python that one of it starts."""

import os

if "SPIRAL_TEST_WINDOWS" in os.environ:
    from tests.imitations import windows

    windows.begin()
