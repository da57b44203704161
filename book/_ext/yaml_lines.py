"""YAML with the line of every key, so that a fault can be named with file and line.

PyYAML takes a key that stands twice and keeps the last; here that is a fault. Delete this
when PyYAML's mappings know their lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sphinx.errors import ConfigError

Content = TypeVar("Content")


class Malformed(ValueError):
    """What is wrong in a file, and in which line."""

    def __init__(self, message: object, line: int = 1) -> None:
        super().__init__(str(message))
        self.line = line

    @classmethod
    def entry(cls, name: str, error: Exception, line: int) -> Malformed:
        """What is wrong with one entry of a file; a key that it lacks is a KeyError."""
        what = f"needs the key {error}" if isinstance(error, KeyError) else error
        return cls(f"{name}: {what}", line)

    def at(self, path: Path) -> ConfigError:
        """The error that stops the build: file, line, what is wrong."""
        return ConfigError(f"{path}:{self.line}: {self}")


class Mapping(dict):
    """A mapping; ``line`` is its first line, ``lines`` those of its keys."""

    line = 1

    def __init__(self) -> None:
        self.lines: dict[Any, int] = {}


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader, whose mappings know their lines."""


def construct(loader: Loader, node: yaml.MappingNode) -> Iterator[Mapping]:
    """Make a mapping; PyYAML takes the second step when it knows all nodes."""
    made = Mapping()
    made.line = node.start_mark.line + 1
    yield made
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key, line = (
            loader.construct_object(key_node, deep=True),
            key_node.start_mark.line,
        )
        if key in made:
            raise Malformed(
                f"{key!r} stands in line {made.lines[key]} already: keep one", line + 1
            )
        made[key] = loader.construct_object(value_node, deep=True)
        made.lines[key] = line + 1


Loader.add_constructor("tag:yaml.org,2002:map", construct)


def read_file(path: Path, read: Callable[[str], Content], nothing: Content) -> Content:
    """What ``read`` makes of a file's text; ``nothing`` where there is no such file.

    Raises:
        ConfigError: If it is malformed: file, line, what is wrong.
    """
    try:
        return read(path.read_text("utf-8"))
    except FileNotFoundError:
        return nothing
    except Malformed as error:
        raise error.at(path) from error


def read_yaml(text: str) -> Any:
    r"""The content of a YAML file.

    Raises:
        Malformed: with line, what is wrong, and how it may be cured.

    Example:
        >>> read_yaml("a: 1\nb: {c: 2}").lines
        {'a': 1, 'b': 2}
    """
    try:
        return yaml.load(text, Loader)
    except yaml.MarkedYAMLError as error:
        # A quotation mark or bracket that never closes is noticed at the end of the file.
        opened = re.search("quoted|flow", error.context or "")
        mark = error.context_mark if opened else error.problem_mark
        words = " ".join(filter(None, (error.context, error.problem)))
        raise Malformed(
            f"not readable as YAML: {words}; look for a missing quotation mark, bracket or"
            " colon here or just above",
            mark.line + 1 if mark else 1,
        ) from error
    except yaml.YAMLError as error:
        raise Malformed(f"not readable as YAML: {error}") from error


def line_of(word: str, text: str, last: bool = False) -> int:
    r"""The first or last line that has a word; 1 if none has.

    Example:
        >>> line_of("lang", "title: A\nsphinx:\n  lang: zh\n")
        3
    """
    has = re.compile(rf"(?<![\w/-]){re.escape(word)}(?![\w/-])")
    lines = [n for n, line in enumerate(text.split("\n"), 1) if has.search(line)]
    return lines[-1 if last else 0] if lines else 1
