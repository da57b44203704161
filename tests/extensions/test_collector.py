import gc

import collector
import pytest
from sphinx.testing.util import SphinxTestApp


@pytest.fixture
def thresholds():
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def test_the_collector_rests_during_a_build_and_is_as_before_after_it(
    tmp_path, thresholds
):
    (tmp_path / "conf.py").write_text("extensions = ['collector']")
    (tmp_path / "index.rst").write_text("Title\n=====\n")
    app = SphinxTestApp("html", srcdir=tmp_path)
    seen = []
    app.connect("source-read", lambda *_: seen.append(gc.get_threshold()))
    app.build()
    app.cleanup()
    assert seen == [collector.THRESHOLDS]
    assert gc.get_threshold() == thresholds
