"""Wheels of a few bytes, and wheels made again of what is installed, for tests."""

import base64
import hashlib
import zipfile
from importlib.metadata import distribution
from pathlib import Path


def tiny_wheel(folder, name, version="1.0", requires=(), tag="py3-none-any", files=()):
    """Write a wheel; return its path.

    Args:
        folder: where to.
        name: of the package; without more, it holds one empty module of that name.
        version: its version.
        requires: what it requires, such as 'colorama; sys_platform == "win32"'.
        tag: what it runs on.
        files: (place, text) of its files.
    """
    plain = name.replace("-", "_")
    files = dict(files) or {f"{plain}/__init__.py": ""}
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    metadata = "\n".join(lines) + "\n"
    return _packed(folder, plain, version, tag, files, metadata)


def repacked(folder, name):
    """Write a wheel of a pure Python package that is installed; return its path."""
    there = distribution(name)
    files = {}
    for entry in there.files:
        path = Path(there.locate_file(entry))
        is_data = ".dist-info" in entry.parts[0] or entry.parts[0] == ".."
        if not is_data and path.suffix != ".pyc" and path.is_file():
            files[entry.as_posix()] = path.read_bytes()
    metadata = there.read_text("METADATA")
    points = there.read_text("entry_points.txt") or ""
    plain = name.replace("-", "_")
    more = {"entry_points.txt": points} if points else {}
    return _packed(folder, plain, there.version, "py3-none-any", files, metadata, more)


def _packed(folder, plain, version, tag, files, metadata, more=()):
    """Write the zip file with its list of sums."""
    info = f"{plain}-{version}.dist-info"
    wheel = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
    files = dict(files) | {f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel}
    files |= {f"{info}/{place}": text for place, text in dict(more).items()}
    path = Path(folder) / f"{plain}-{version}-{tag}.whl"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = []
    with zipfile.ZipFile(path, "w") as archive:
        for place, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
            record.append(f"{place},sha256={digest.decode().rstrip('=')},{len(data)}")
            archive.writestr(place, data)
        record.append(f"{info}/RECORD,,")
        archive.writestr(f"{info}/RECORD", "\n".join(record) + "\n")
    return path
