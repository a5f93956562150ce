"""Any text as something to learn from."""

from __future__ import annotations

from pathlib import Path

from deepcomposer_edu.errors import InputError

MAX_BYTES = 50_000_000
VALID_SHARE = 0.05  # of a text that is kept to judge with


def read_text(path: str | Path) -> str:
    """Return the text of a file, its lines ending as on Linux.

    Args:
        path: a plain text file in UTF-8, at most 50 million bytes.

    Raises:
        InputError: if it is missing, empty, too large, or not UTF-8.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a text file.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; check the spelling.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the path
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; check the path.") from error
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{path} has more than {MAX_BYTES:,} bytes, the most that is read; give a "
            "shorter text."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8: byte {error.start + 1:,} does not fit; save the "
            'file as UTF-8 text ("Save as ... Encoding: UTF-8" in most editors).'
        ) from error
    if "\0" in text:
        raise InputError(f"{path} is no text: it holds zero bytes; give a text file.")
    if not text.strip():
        raise InputError(f"{path} is empty; give a file with text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_text(text: str, valid_share: float = VALID_SHARE) -> tuple[str, str]:
    """Return the beginning of a text, to learn from, and its end, to judge with.

    Args:
        text: at least 2 characters.
        valid_share: how much of the text its end is, above 0 and below 1.

    >>> split_text("abcdefghij", 0.2)
    ('abcdefgh', 'ij')
    """
    cut = min(round(len(text) * (1 - valid_share)), len(text) - 1)
    return text[:cut], text[cut:]


def longest_copy(text: str, source: str) -> str:
    """Return the longest piece of a text that stands, letter for letter, in another.

    Args:
        text: what was written.
        source: what may have been copied from.

    Returns:
        The piece, "" if not even a letter is shared; the first, if several are as long.

    >>> longest_copy("GABc dedB", "dBGB ABc dAFA")
    'ABc d'
    """
    longest = ""
    for i in range(len(text)):
        while text[i : i + len(longest) + 1] in source:
            if i + len(longest) >= len(text):
                return longest
            longest = text[i : i + len(longest) + 1]
    return longest
