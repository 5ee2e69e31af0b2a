"""The course's own files, where a user has them: COURSEPORT_COURSE_DATA names their folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("COURSEPORT_COURSE_DATA", "no course data"))

needs_course_data = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the course's files are not ours to ship: set COURSEPORT_COURSE_DATA to their folder"
)
