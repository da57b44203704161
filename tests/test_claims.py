import math

import pytest
import torch

from d2lnotes.claims import MIME, BrokenClaimError, claim

SAYS = "甲 | A"


@pytest.mark.parametrize(
    ("value", "relation", "bound"),
    [
        (1, "<", 2),
        (2, "<=", 2),
        (3, ">", 2),
        (2, ">=", 2),
        (True, "==", True),
        (2.0, "in", (2.0, 3.0)),
        (3.0, "in", (2.0, 3.0)),
        (torch.tensor(1.5), "<", torch.tensor(2)),
    ],
)
def test_a_true_claim_is_silent(value, relation, bound, capsys):
    claim("true", value, relation, bound, SAYS)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("value", "relation", "bound"),
    [
        (2, "<", 2),
        (3, "<=", 2),
        (2, ">", 2),
        (1, ">=", 2),
        (False, "==", True),
        (1.9, "in", (2.0, 3.0)),
        (3.1, "in", (2.0, 3.0)),
        (math.nan, "<", 2),
        (math.nan, ">", 2),
        (math.nan, "in", (0, 1)),
    ],
)
def test_a_false_claim_stops_and_says_why(value, relation, bound):
    with pytest.raises(BrokenClaimError, match=r"^broken-one \(A\): .* is not "):
        claim("broken-one", value, relation, bound, SAYS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", 1, "<", 2, "only one"), "says needs both languages"),
        (("a", 1, "<", 2, "甲 | "), "says needs both languages"),
        (("", 1, "<", 2, SAYS), "name is lower-case words"),
        (("A b", 1, "<", 2, SAYS), "name is lower-case words"),
        (("a", 1, "!=", 2, SAYS), "relation is one of"),
        (("a", 1, "in", 2, SAYS), "bound is a pair"),
        (("a", 1, "in", (1, 2, 3), SAYS), "bound is a pair"),
        (("a", 1, "<", (1, 2), SAYS), "bound is a single number"),
        (("a", "1", "<", 2, SAYS), "value and bound are numbers"),
    ],
)
def test_a_malformed_claim_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        claim(*arguments)


def test_a_notebook_keeps_the_record(monkeypatch):
    import IPython
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(
        IPython.display,
        "display",
        lambda data, **options: shown.append((data, options)),
    )
    claim("kept", 2.5, "in", (2, 3), SAYS, seeds=20)
    ((data, options),) = shown
    assert list(data.values()) == [
        {
            "name": "kept",
            "value": 2.5,
            "relation": "in",
            "bound": [2, 3],
            "says": SAYS,
            "seeds": 20,
        }
    ]
    assert next(iter(data)).endswith(MIME)
    assert options["metadata"]["scrapbook"]["name"] == "claim:kept"
