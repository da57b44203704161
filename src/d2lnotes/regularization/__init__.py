"""What keeps a network from learning its examples by heart: small weights, noisy units."""

from d2lnotes.regularization.dropout import Dropout, dropout
from d2lnotes.regularization.penalties import (
    l1_penalty,
    l2_penalty,
    ridge,
    soft_threshold,
)

__all__ = [
    "Dropout",
    "dropout",
    "l1_penalty",
    "l2_penalty",
    "ridge",
    "soft_threshold",
]
