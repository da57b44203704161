"""What keeps a network from learning its examples by heart: small weights, noisy units."""

# Small weights: chapter `sec-weight-decay`.
from d2lnotes.regularization.penalties import (
    l1_penalty,
    l2_penalty,
    ridge,
    soft_threshold,
)

# Noisy units, chapter `sec-dropout`: dropout.py's names go here and into `__all__`.

__all__ = ["l1_penalty", "l2_penalty", "ridge", "soft_threshold"]
