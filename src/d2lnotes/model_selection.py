r"""How good is a model on data that it has not seen, and which of several should we take?

A model is two functions here: ``fit(X, y)`` learns from examples and returns something, and
``score(model, X, y)`` says in one number how it fares on other examples. Everything in this
module is arranged so that the two never see the same rows, and so that every call of ``fit``
begins anew: what is compared are settings, not parameters.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import torch
from torch import Tensor

__all__ = [
    "LearningCurve",
    "cross_validate",
    "grid",
    "k_fold",
    "learning_curve",
    "log_uniform",
    "mean_and_error",
    "one_standard_error",
    "random_search",
    "uniform",
]

Fit = Callable[[Tensor, Tensor], Any]
Score = Callable[[Any, Tensor, Tensor], Any]


def k_fold(
    n: int,
    k: int,
    *,
    shuffle: bool = True,
    generator: torch.Generator | None = None,
) -> Iterator[tuple[Tensor, Tensor]]:
    r"""Cut ``n`` examples into ``k`` blocks; each block validates once, the others train.

    The blocks are disjoint, cover everything and differ in size by at most one. With $k = n$
    this is leave-one-out.

    Args:
        n: Number of examples, at least 2.
        k: Number of blocks, from 2 to ``n``.
        shuffle: Whether to mix the examples first. Data that comes sorted, by class say,
            needs it; data with an order in time must not have it.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        An iterator over ``k`` pairs ``(train, validation)`` of integer indices, of about
        $n(k-1)/k$ and $n/k$ elements. It draws its permutation at once, so that what it
        yields does not depend on what is drawn in between.

    Raises:
        ValueError: If ``k`` is less than 2 or more than ``n``.

    Source:
        Stone 1974, Journal of the Royal Statistical Society B 36; chapter
        ``sec-model-selection``.

    Example:
        >>> for train, validation in k_fold(5, 2, shuffle=False):
        ...     print(train.tolist(), validation.tolist())
        [3, 4] [0, 1, 2]
        [0, 1, 2] [3, 4]
    """
    if not 2 <= k <= n:
        raise ValueError(f"k is a number of blocks from 2 to n = {n}, got {k}")
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    blocks = order.tensor_split(k)
    return (
        (torch.cat(blocks[:i] + blocks[i + 1 :]), block)
        for i, block in enumerate(blocks)
    )


def cross_validate(
    fit: Fit,
    score: Score,
    X: Tensor,
    y: Tensor,
    k: int,
    *,
    shuffle: bool = True,
    generator: torch.Generator | None = None,
) -> list[float]:
    r"""Train ``k`` times, each time on all blocks but one, and score on that one.

    Args:
        fit: ``fit(X, y) -> model``; called ``k`` times and must begin anew each time, with
            fresh parameters. Everything learned from data belongs in here, the choice of
            features and their standardization included.
        score: ``score(model, X, y)``, a number or a tensor of one element: an error, an
            accuracy, whatever is to be averaged.
        X: Inputs, ``(n, …)``.
        y: Targets, ``(n, …)``.
        k: Number of blocks, from 2 to ``n``.
        shuffle: As in `k_fold`.
        generator: Source of randomness for the blocks; ``None`` means torch's global one.
            To compare two settings give both the same blocks: generators of one seed.

    Returns:
        The ``k`` scores, in the unit of ``score``, in the order of the blocks. Their mean is
        the estimate.

    Raises:
        ValueError: If ``X`` and ``y`` differ in length or ``k`` does not fit it.

    Source:
        Stone 1974, Journal of the Royal Statistical Society B 36; chapter
        ``sec-model-selection``.

    Example:
        >>> y = torch.tensor([1.0, 2.0, 3.0, 6.0])
        >>> scores = cross_validate(
        ...     lambda X, y: y.mean(),  # a model that always answers with the mean
        ...     lambda mean, X, y: (y - mean).square().mean(),
        ...     torch.zeros(4, 1), y, k=4, shuffle=False,
        ... )
        >>> [round(score, 2) for score in scores]  # the squares of 8/3, 4/3, 0 and 4
        [7.11, 1.78, 0.0, 16.0]
    """
    _check_lengths(X, y)
    folds = k_fold(len(X), k, shuffle=shuffle, generator=generator)
    scores = []
    for train, validation in folds:
        model = fit(X[train], y[train])
        scores.append(float(score(model, X[validation], y[validation])))
    return scores


def mean_and_error(scores: Sequence[float]) -> tuple[float, float]:
    r"""Mean of the scores and its standard error, $s / \sqrt{k}$.

    The formula is for independent scores. Those of one cross-validation share training
    examples; no unbiased estimate of their variance exists, and this one is a rule of thumb
    which tends to be too small.

    Args:
        scores: The ``k`` scores, at least 2.

    Returns:
        Mean and standard error, both in the unit of the scores.

    Raises:
        ValueError: If there are fewer than 2 scores.

    Source:
        Bengio and Grandvalet 2004, JMLR 5; chapter ``sec-model-selection``.

    Example:
        >>> mean_and_error([1.0, 3.0])
        (2.0, 1.0)
    """
    if len(scores) < 2:
        raise ValueError(
            f"scores holds 2 numbers or more, or they have no spread, got {len(scores)}"
        )
    mean = math.fsum(scores) / len(scores)
    variance = math.fsum((s - mean) ** 2 for s in scores) / (len(scores) - 1)
    return mean, math.sqrt(variance / len(scores))


def one_standard_error(candidates: Mapping[Any, Sequence[float]]) -> Any:
    """Take the simplest candidate that is within one standard error of the best.

    Args:
        candidates: Setting to its errors (the smaller, the better) on the blocks; **the
            simplest setting first**.

    Returns:
        The first setting whose mean error is at most the smallest mean plus the standard
        error of the setting that attains it.

    Raises:
        ValueError: If there is no candidate, or one has fewer than 2 errors.

    Source:
        Breiman, Friedman, Olshen and Stone 1984, *Classification and Regression Trees*;
        chapter ``sec-model-selection``.

    Example:
        >>> one_standard_error({1: [9.0, 8.0], 2: [2.1, 2.3], 3: [1.0, 3.0]})
        2
    """
    if not candidates:
        raise ValueError("candidates holds one setting or more, got none")
    summary = {key: mean_and_error(errors) for key, errors in candidates.items()}
    mean, error = min(summary.values())
    return next(key for key, (m, _) in summary.items() if m <= mean + error)


@dataclass
class LearningCurve:
    """Scores by number of training examples.

    Attributes:
        sizes: Numbers of training examples.
        train: For each size the scores on the very examples trained on, one per block.
        validation: For each size the scores on the block held out, one per block.
    """

    sizes: list[int] = field(default_factory=list)
    train: list[list[float]] = field(default_factory=list)
    validation: list[list[float]] = field(default_factory=list)


def learning_curve(
    fit: Fit,
    score: Score,
    X: Tensor,
    y: Tensor,
    sizes: Sequence[int],
    k: int,
    *,
    shuffle: bool = True,
    generator: torch.Generator | None = None,
) -> LearningCurve:
    """Cross-validate with the training part cut short, to see what more data would buy.

    Within a block the training sets are nested, each the beginning of the next one, and the
    examples held out stay the same: what changes along the curve is the size alone.

    Args:
        fit: As in `cross_validate`.
        score: As in `cross_validate`.
        X: Inputs, ``(n, …)``.
        y: Targets, ``(n, …)``.
        sizes: Numbers of training examples, each from 1 to the smallest training part,
            which has ``n`` minus ``n / k`` (rounded up) examples.
        k: Number of blocks, from 2 to ``n``.
        shuffle: As in `k_fold`.
        generator: Source of randomness for the blocks; ``None`` means torch's global one.

    Returns:
        A `LearningCurve`, its scores in the unit of ``score``.

    Raises:
        ValueError: If ``X`` and ``y`` differ in length, ``k`` does not fit it or a size is
            out of range.

    Source:
        Chapter ``sec-model-selection``.

    Example:
        >>> curve = learning_curve(
        ...     lambda X, y: y.mean(),
        ...     lambda mean, X, y: (y - mean).square().mean(),
        ...     torch.zeros(4, 1), torch.tensor([0.0, 2.0, 0.0, 2.0]),
        ...     sizes=[1, 2], k=2, shuffle=False,
        ... )
        >>> curve.train, curve.validation
        ([[0.0, 0.0], [1.0, 1.0]], [[2.0, 2.0], [1.0, 1.0]])
    """
    _check_lengths(X, y)
    folds = list(k_fold(len(X), k, shuffle=shuffle, generator=generator))
    most = min(len(train) for train, _ in folds)
    for size in sizes:  # before any training, which may take long
        if not 1 <= size <= most:
            raise ValueError(
                f"sizes are numbers of training examples from 1 to {most}, got {size}"
            )
    curve = LearningCurve()
    for size in sizes:
        curve.sizes.append(int(size))
        curve.train.append([])
        curve.validation.append([])
        for train, validation in folds:
            few = train[:size]
            model = fit(X[few], y[few])
            curve.train[-1].append(float(score(model, X[few], y[few])))
            curve.validation[-1].append(
                float(score(model, X[validation], y[validation]))
            )
    return curve


def grid(space: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every combination of the values, the last name varying fastest.

    Args:
        space: Name of each hyperparameter to the values to try.

    Returns:
        One dictionary, name to value, per combination. Their number is the product of the
        numbers of values, which is why grids are for two or three names.

    Raises:
        ValueError: If a name has no values.

    Source:
        Chapter ``sec-mlp-questions``.

    Example:
        >>> grid({"lr": [0.1, 1.0], "width": [8]})
        [{'lr': 0.1, 'width': 8}, {'lr': 1.0, 'width': 8}]
    """
    for name, values in space.items():
        if len(values) == 0:
            raise ValueError(f"space[{name!r}] holds one value or more, got none")
    return [
        dict(zip(space, values, strict=True)) for values in product(*space.values())
    ]


def random_search(
    space: Mapping[str, Sequence[Any] | Callable[[float], Any]],
    n: int,
    generator: torch.Generator | None = None,
) -> list[dict[str, Any]]:
    """Draw ``n`` settings at random, every hyperparameter on its own.

    Args:
        space: Name of each hyperparameter to its values, of which each is equally likely,
            or to a function that turns a uniform number in $[0, 1)$ into a value, such as
            `log_uniform`.
        n: Number of settings, at least 0.
        generator: Source of randomness; ``None`` means torch's global one.

    Returns:
        ``n`` dictionaries, name to value. The first ones do not depend on ``n``: going on
        with the search later gives the same settings.

    Raises:
        ValueError: If ``n`` is negative or a name has no values.

    Source:
        Bergstra and Bengio 2012, JMLR 13; chapter ``sec-mlp-questions``.

    Example:
        >>> trials = random_search({"lr": log_uniform(1e-3, 1.0), "width": [8, 16]}, 100)
        >>> sorted({trial["width"] for trial in trials})
        [8, 16]
        >>> all(1e-3 <= trial["lr"] <= 1.0 for trial in trials)
        True
    """
    if n < 0:
        raise ValueError(f"n is a number of settings, at least 0, got {n}")
    for name, values in space.items():
        if not callable(values) and len(values) == 0:
            raise ValueError(f"space[{name!r}] holds one value or more, got none")
    settings = []
    for _ in range(n):
        numbers = torch.rand(len(space), generator=generator, dtype=torch.float64)
        settings.append(
            {
                name: values(u) if callable(values) else values[int(u * len(values))]
                for (name, values), u in zip(
                    space.items(), numbers.tolist(), strict=True
                )
            }
        )
    return settings


def uniform(low: float, high: float) -> Callable[[float], float]:
    r"""Values spread evenly from ``low`` to ``high``, for `random_search`.

    Args:
        low: Smallest value.
        high: Largest value, greater than ``low``.

    Returns:
        The function $u \mapsto \mathrm{low} + (\mathrm{high} - \mathrm{low})\,u$.

    Raises:
        ValueError: If ``low`` is not less than ``high``.

    Example:
        >>> uniform(2.0, 4.0)(0.5)
        3.0
    """
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"low and high are finite with low < high, got {low}, {high}")
    return lambda u: low + (high - low) * u


def log_uniform(low: float, high: float) -> Callable[[float], float]:
    r"""Values whose logarithm is spread evenly, for `random_search`: for learning rates.

    Each factor of ten between ``low`` and ``high`` is as likely as any other.

    Args:
        low: Smallest value, greater than 0.
        high: Largest value, greater than ``low``.

    Returns:
        The function $u \mapsto \mathrm{low}\,(\mathrm{high}/\mathrm{low})^u$.

    Raises:
        ValueError: If not $0 <$ ``low`` $<$ ``high``.

    Source:
        Bergstra and Bengio 2012, JMLR 13; chapter ``sec-mlp-questions``.

    Example:
        >>> log_uniform(0.01, 1.0)(0.5)
        0.1
    """
    if not 0 < low < high < math.inf:
        raise ValueError(
            f"low and high are finite with 0 < low < high, got {low}, {high}"
        )
    return lambda u: low * (high / low) ** u


def _check_lengths(X: Tensor, y: Tensor) -> None:
    if len(X) != len(y):
        raise ValueError(
            f"y has a target for each of the {len(X)} rows of X, got {len(y)}"
        )
