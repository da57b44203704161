"""What was published stays whole: failures, warnings, kills, full disks, two at once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time

import publish
import pytest

from .conftest import STRICT, kill
