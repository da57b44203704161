"""What keeps a network from learning its examples by heart: noise in its units."""

from d2lnotes.regularization.dropout import Dropout, dropout

__all__ = ["Dropout", "dropout"]
