"""The judge of the mutants: what survives without a reason, and reasons that are stale."""

import mutants
import pytest
from mutants import Mutant

DIFF = """\
# d2lnotes.losses.x_check_classes__mutmut_18: survived
--- src/d2lnotes/losses.py
+++ src/d2lnotes/losses.py
@@ -13,7 +13,7 @@
     q = logits.shape[1]
-    if y.numel() == 0:
+    if y.numel() == 1:
         return
"""
ONE = Mutant("f", "- a\n+ b")


def test_a_change_is_told_without_its_surroundings():
    assert mutants.change_of(DIFF) == "- if y.numel() == 0:\n+ if y.numel() == 1:"


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("d2lnotes.losses.x_check_classes__mutmut_18", "check_classes"),
        ("d2lnotes.losses.x__reduce__mutmut_1", "_reduce"),
        ("d2lnotes.metrics.xǁAccumulatorǁadd__mutmut_3", "Accumulator.add"),
        ("d2lnotes.metrics.xǁAccumulatorǁ__init____mutmut_1", "Accumulator.__init__"),
    ],
)
def test_a_mutant_is_of_a_function(name, function):
    assert mutants.function_of(name) == function


def test_all_is_well_when_every_survivor_is_explained():
    assert mutants.judge("m", 10, [ONE], [ONE]) == []


@pytest.mark.parametrize(
    ("made", "survivors", "explained", "word"),
    [
        (10, [ONE], [], "no test notices this change of f"),
        (10, [], [ONE], "take it out of tests/mutants/survivors.yml"),
        (99, [ONE, ONE], [ONE], "no test notices"),  # two lines that read the same
        (9, [ONE], [ONE], "m: 1 of 9 mutants survive; at least 90% are to be killed"),
    ],
)
def test_a_fault_is_told(made, survivors, explained, word):
    (fault,) = mutants.judge("m", made, survivors, explained)
    assert word in fault


def test_a_survivor_needs_a_reason():
    entry = "m:\n  - {function: f, change: '- a', why: '%s'}\n"
    assert mutants.read_explained(entry % "x") == {"m": [Mutant("f", "- a")]}
    with pytest.raises(ValueError, match="a survivor of m without a why"):
        mutants.read_explained(entry % " ")


def test_a_module_may_be_called_by_its_last_name_and_must_exist():
    assert mutants.full_name("losses") == "d2lnotes.losses"
    assert mutants.full_name("bilingual.pairing") == "bilingual.pairing"
    with pytest.raises(
        ValueError, match=r"no module 'loss'; there are d2lnotes\.losses"
    ):
        mutants.full_name("loss")


def test_what_is_listed_is_there():
    assert set(mutants.read_explained(mutants.SURVIVORS.read_text("utf-8"))) <= set(
        mutants.MODULES
    )
    for tests in mutants.MODULES.values():
        assert all((mutants.ROOT / path).is_file() for path in tests)
