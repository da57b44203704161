"""The lock can be installed as it stands, also when newer versions have come out."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"


def applies(requirement: Requirement) -> bool:
    """Whether it is asked for on this Python, without any extra."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


def pins() -> dict[str, Requirement]:
    """Name -> pin, of those for this Python."""
    lines = re.findall(r"^([a-z0-9].*?) *\\$", LOCK.read_text("utf-8"), re.MULTILINE)
    found = filter(applies, map(Requirement, lines))
    return {canonicalize_name(pin.name): pin for pin in found}


def test_a_pin_names_the_extras_that_others_ask_for():
    # pip takes `x[extra]>=1` for another package than the pinned `x`, tries the newest and
    # stops, since that one has no hash.
    locked = pins()
    asked = 0
    for name in locked:
        try:
            needs = filter(applies, map(Requirement, requires(name) or ()))
        except PackageNotFoundError:  # for another platform
            continue
        for need in needs:
            pin = locked.get(canonicalize_name(need.name))
            asked += bool(need.extras)
            assert pin is None or need.extras <= pin.extras, f"{name} asks for {need}"
    assert asked
