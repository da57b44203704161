from sphinx.testing.util import SphinxTestApp


def test_the_script_stands_in_the_head_and_the_style_is_there(tmp_path):
    (tmp_path / "conf.py").write_text("extensions = ['near']")
    (tmp_path / "index.rst").write_text("Title\n=====\n")
    app = SphinxTestApp("html", srcdir=tmp_path)
    app.build()
    app.cleanup()
    head = (app.outdir / "index.html").read_text("utf-8").partition("</head>")[0]
    assert "dataset.near" in head
    assert "near.css" in head
    assert "near.js" in head
    assert "content-visibility" in (app.outdir / "_static" / "near.css").read_text()
