"""What the studio publishes, without a page."""

from __future__ import annotations

import io
import zipfile

import pytest
from studio_hands import do, shows

from deepcomposer_edu.errors import InputError


def test_versions_are_published_as_a_page_with_its_zip(marked, monkeypatch):
    from deepcomposer_edu.compose.export import gallery

    def write_nothing(_piece, stage, stem):
        for part in ("mp3", "mid", "musicxml"):
            (stage / f"{stem}.{part}").write_bytes(stem.encode())
        return 1.0

    monkeypatch.setattr(gallery, "_write_piece", write_nothing)
    marked.compose(seed=2)
    ids = [version.id for version in marked.versions]
    assert shows(marked, "publish")["current"] == ids[1]
    said = {"title": "Our <class>", "by": "Learner 1", "licence": "CC BY"}
    do(marked, "publish", "publish", ids=ids, current=ids[1], **said)
    view = shows(marked, "publish")
    assert view["status"].startswith("Published 2 pieces: open index.html")
    page = marked.session.folder / "pages" / "our-class" / "index.html"
    text = page.read_text("utf-8")
    assert "Our &lt;class&gt;" in text
    assert text.count("<audio") == 2
    assert len(view["files"]) == 7
    sent = []
    marked._panels["publish"].send = lambda message, buffers: sent.append(
        (message["name"], bytes(buffers[0]))
    )
    do(marked, "publish", "download_page")
    ((name, content),) = sent
    assert name == "our-class.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        packed = {info.filename: archive.read(info) for info in archive.infolist()}
    assert packed["our-class/index.html"] == page.read_bytes()
    assert len(packed) == 7
    page.unlink()
    do(marked, "publish", "download_page")
    assert "press Publish again" in shows(marked, "publish")["status"]


def test_what_cannot_be_published_is_said(studio):
    do(studio, "publish", "download_page")
    assert "Nothing is published yet" in shows(studio, "publish")["status"]
    with pytest.raises(InputError, match="Nothing is composed yet"):
        studio.publish()
    studio.compose()
    with pytest.raises(InputError, match="no version '9'"):
        studio.publish([9])
    with pytest.raises(InputError, match="at most 200 letters"):
        studio.publish(title="A" * 201)


def test_cancelled_publishing_writes_nothing(marked, monkeypatch):
    from deepcomposer_edu.compose.export import gallery

    write = gallery.write_gallery

    def cancelled(pieces, folder, title, tell):
        marked.session.cancel()
        return write(pieces, folder, title, tell)

    monkeypatch.setattr(gallery, "write_gallery", cancelled)
    ids = [version.id for version in marked.versions]
    said = {"title": "", "by": "", "licence": ""}
    do(marked, "publish", "publish", ids=ids, current=ids[0], **said)
    assert shows(marked, "publish")["status"] == "Cancelled; nothing was changed."
    assert not list((marked.session.folder / "pages").glob("*/*"))
