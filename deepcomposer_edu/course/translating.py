"""The course in other languages: one file of Markdown for each lesson and language.

`translations/ko/00_first_sound.md` holds what lesson 00 says in Korean, in blocks. A
line such as `<!-- cell 3f2a9c1b7d04: # 00 First sound -->` opens a block; the number is
the hash of the English text, so that a block whose English has changed can be told.

    cell HASH       a text cell of the lesson
    question HASH   a question of its quiz: the question, then `- answer` and, indented,
                    why; the answers in the order of `quizzes/chNN.py`
    words           texts within the lesson's code cells

`translations/ko/words.md` holds what belongs to no lesson: `name` (of the language, in
itself), `words` (what the course says), `glossary` and `avoided` (patterns that the
texts keep clear of). Pairs of texts are written as the English line, then `= ` and the
translation. `tools/lesson_translations.py` builds the notebooks.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deepcomposer_edu.errors import InputError

ENGLISH = "en"
FOLDER = Path(__file__).resolve().parent / "translations"
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"  # written without spaces
_OPENING = re.compile(r"^<!-- (\w+)(?: ([0-9a-f]{12}))?(?:: (.*))? -->$")


@dataclass(frozen=True)
class Block:
    """One block of a file of translations.

    Args:
        kind: "cell", "question", "words", "name", "glossary" or "avoided".
        key: the hash of the English text; "" where there is none.
        label: the beginning of the English text, for who reads the file.
        text: the translation.
    """

    kind: str
    key: str
    label: str
    text: str


def text_key(text: str) -> str:
    r"""Return the twelve hexadecimal digits that stand for an English text.

    >>> text_key("# First sound") == text_key("# First sound\n")
    True
    """
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def languages() -> dict[str, str]:
    """Return the languages of the course: code to name, English first.

    >>> languages()["en"]
    'English'
    """
    found = {ENGLISH: "English"}
    for path in sorted(FOLDER.glob("*/words.md")):
        found[path.parent.name] = _text_of(path.parent.name, "name")
    return found


def checked_language(language: str) -> str:
    """Return the code of a language.

    Raises:
        InputError: if the course does not speak it.
    """
    known = languages()
    if language not in known:
        raise InputError(
            f"The language is {language!r}, but the course has "
            f"{', '.join(f'{code!r} ({name})' for code, name in known.items())}."
        )
    return language


def lesson_path(name: str, language: str) -> Path:
    """Return where a lesson's translation lies, whether or not it is there."""
    return FOLDER / language / f"{name}.md"


def languages_of(name: str) -> list[str]:
    """Return the codes of the languages that a lesson has beside English."""
    others = [code for code in languages() if code != ENGLISH]
    return [code for code in others if lesson_path(name, code).is_file()]


@cache
def read_blocks(path: Path) -> tuple[Block, ...]:
    """Return the blocks of a file of translations, in order.

    Raises:
        InputError: if the file is missing or has text outside its blocks.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read; get the course again, or choose English."
        ) from error
    found: list[tuple[re.Match, list[str]]] = []
    for line in lines:
        opening = _OPENING.match(line)
        if opening:
            found.append((opening, []))
        elif found:
            found[-1][1].append(line)
        elif line.strip():
            raise InputError(f"{path.name} must begin with a line like <!-- words -->.")
    return tuple(
        Block(one[1], one[2] or "", one[3] or "", "\n".join(text).strip())
        for one, text in found
    )


def pairs(text: str) -> dict[str, str]:
    r"""Return a list of pairs, written as a line and a line that begins with `= `.

    >>> pairs("Right\n= Richtig\n\nbar\n= Takt")
    {'Right': 'Richtig', 'bar': 'Takt'}

    Raises:
        InputError: if a text has no translation, or a translation no text.
    """
    found: dict[str, str] = {}
    waiting = ""
    for line in filter(str.strip, text.splitlines()):
        is_translation = line.startswith("= ")
        if is_translation != bool(waiting):
            raise InputError(f"Two lines in pairs were expected, but got {line!r}.")
        if is_translation:
            found[waiting] = line.removeprefix("= ").strip()
        waiting = "" if is_translation else line.strip()
    if waiting:
        raise InputError(f"The text {waiting!r} has no translation below it.")
    return found


def unwrapped(text: str) -> str:
    r"""Return a text without the ends of lines at which no space is wanted.

    In a browser the end of a line is a space, but Japanese has none between words.

    >>> unwrapped("音\n楽") == "音楽" and unwrapped("a\nb") == "a\nb"
    True
    """
    return re.sub(rf"([{_WIDE}]\**)\n *(?=\**[{_WIDE}])", r"\1", text)


def words_of(path: Path, kind: str = "words") -> dict[str, str]:
    """Return the pairs that stand in one kind of block of a file."""
    texts = [block.text for block in read_blocks(path) if block.kind == kind]
    return pairs("\n".join(texts))


def said(text: str, language: str = ENGLISH) -> str:
    """Return one of the course's own sentences in a language.

    Args:
        text: the sentence in English; braces in it stay for `str.format`.
        language: a code of `languages`.

    Returns:
        The translation; the English text where the language has none.
    """
    if language == ENGLISH:
        return text
    return words_of(FOLDER / language / "words.md").get(text, text)


def _text_of(language: str, kind: str) -> str:
    """Return the text of the first block of a kind in a language's `words.md`."""
    blocks = read_blocks(FOLDER / language / "words.md")
    return next((block.text for block in blocks if block.kind == kind), language)
