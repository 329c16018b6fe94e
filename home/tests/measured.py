"""How much memory a piece of work takes, in a process of its own with a database of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEFORE = """
import re, django
django.setup()
from django.core.management import call_command
from organisation.actions.installation import set_up_installation
from datetime import date
call_command("migrate", verbosity=0)
set_up_installation(name="A", short_name="A", slug="a", zone="UTC", starts_on=date(2015, 1, 1),
                    colour="#0f6b6b", language="en")
"""
# not ru_maxrss, which begins at the size of the process that started this one
AFTER = r"""
print("PEAK", re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1])
"""


def measured(work: str, folder: Path) -> tuple[str, int]:
    """What the work prints in a fresh installation, and the process's greatest size in KiB."""
    done = subprocess.run(
        [sys.executable, "-c", BEFORE + work + AFTER],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "CHARTERWELL_DATA": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed, _name, peak = done.stdout.rpartition("PEAK")
    return printed, int(peak)
