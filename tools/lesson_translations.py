"""Lessons in other languages, made from the English lesson and a file of texts.

    python tools/lesson_translations.py begin ko 00   a file of what is to translate
    python tools/lesson_translations.py check         what is missing or out of date

`deepcomposer_edu/course/translating.py` says how the files are written. Code comes from
the English lesson alone: only comments, and texts with a space in them, are exchanged
for those of the file, and the calls of `SPEAKING` are told the language.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from lesson_notebooks import CHECKED

from deepcomposer_edu.course import quizzing
from deepcomposer_edu.course.translating import (
    FOLDER,
    Block,
    languages,
    languages_of,
    lesson_path,
    pairs,
    read_blocks,
    text_key,
    unwrapped,
    words_of,
)
from deepcomposer_edu.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = ("course.setup(", "course.quiz(")
SHOWN_CODE = "`deepcomposer_edu/"  # cells that the builder copies from the package
LABEL_LENGTH = 50


def needs_words(cell: nbformat.NotebookNode) -> bool:
    """Return whether a cell is text that somebody has to translate."""
    return cell.cell_type == "markdown" and not cell.source.startswith(SHOWN_CODE)


def label(text: str) -> str:
    """Return the beginning of a text, as one line that fits into a comment."""
    return text.strip().splitlines()[0].replace("--", "")[:LABEL_LENGTH].strip()


def word_tokens(code: str) -> Iterator[tuple[tokenize.TokenInfo, str]]:
    """Yield the tokens of code that speak to a reader, and what they say.

    These are comments and one-line texts with a space in them. Names, and docstrings,
    which belong to the package, stay as they are.
    """
    is_function = code.startswith(("def ", "class ", "@"))
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and token.string != CHECKED:
            yield token, token.string.lstrip("# ")
        elif token.type == tokenize.STRING and token.string[0] in "\"'":
            said = token.string[1:-1]
            if " " in said and "\n" not in said and not is_function:
                yield token, said


def translated_code(code: str, language: str, words: dict[str, str]) -> str:
    """Return a cell's code with its words in a language, told which one that is.

    Args:
        code: the cell in English.
        language: a code such as "ko".
        words: English texts and their translations; what is missing stays English.
    """
    lines = code.splitlines()
    # from the end, so that what stands before keeps its place
    for token, said in reversed(list(word_tokens(code))):
        (row, begin), (_, end) = token.start, token.end
        line = lines[row - 1]
        spoken = token.string.replace(said, words.get(said, said))
        lines[row - 1] = line[:begin] + spoken + line[end:]
    for index, line in enumerate(lines):
        if line.startswith(SPEAKING) or f"= {SPEAKING[1]}" in line:
            lines[index] = f'{line.removesuffix(")")}, language="{language}")'
    return "\n".join(lines)


def translate(book: nbformat.NotebookNode, name: str, language: str) -> None:
    """Put a lesson's texts into another language, in place; cells keep their ids.

    What is not translated stays English: `problems` tells.
    """
    path = lesson_path(name, language)
    cells = (block for block in read_blocks(path) if block.kind == "cell")
    texts = {block.key: unwrapped(block.text) for block in cells}
    words = words_of(path)
    for cell in book.cells:
        if needs_words(cell):
            cell.source = texts.get(text_key(cell.source), cell.source)
        elif cell.cell_type == "code":
            cell.source = translated_code(cell.source, language, words)


def add_links(book: nbformat.NotebookNode, name: str, language: str) -> None:
    """Put links to the same lesson in the other languages below its title."""
    names, others = languages(), languages_of(name)
    links = []
    for code in ["en", *others]:
        up, place = ("" if language == "en" else "../"), ("" if code == "en" else code)
        target = f"{up}{place}/{name}.ipynb" if place else f"{up}{name}.ipynb"
        links += [] if code == language else [f"[{names[code]}]({target})"]
    if others:
        title, _, rest = book.cells[0].source.partition("\n")
        book.cells[0].source = f"{title}\n\n{' · '.join(links)}\n{rest}"


# --- what is wrong with a translation ----------------------------------------------


def problems(book: nbformat.NotebookNode, name: str, language: str) -> list[str]:
    """Return one sentence for each text that is missing, left over or out of date.

    Args:
        book: the lesson in English.
        name: such as "00_first_sound".
        language: such as "ko".
    """
    path = lesson_path(name, language)
    try:
        blocks, words = read_blocks(path), words_of(path)
        general = FOLDER / language / "words.md"
        terms = words_of(general, "glossary")
        avoided = [b.text for b in read_blocks(general) if b.kind == "avoided"]
    except InputError as error:
        return [f"{language}/{path.name}: {error}"]
    cells = {text_key(text): text for text in cell_texts(book)}
    questions = question_texts(name)
    found = _blocks(blocks, "cell", cells) + _blocks(blocks, "question", questions)
    found += _words(book, words)
    texts = cells | questions
    for block in blocks:
        english = texts.get(block.key)
        if english is not None:
            where = f"the {block.kind} {block.key} ({label(english)})"
            found += [f"{where} {said}" for said in form(english, block.text)]
            found += [f"{where} {said}" for said in wording(english, block.text, terms)]
    for pattern in " ".join(avoided).split():
        for block in blocks:
            if re.search(pattern, block.text):
                place = f"{block.kind} {block.key}".strip()
                found.append(f"the {place} has {pattern!r}, which is avoided.")
    return [f"{language}/{path.name}: {text}" for text in found]


def cell_texts(book: nbformat.NotebookNode) -> list[str]:
    """Return the texts of a lesson that need a translation."""
    return [cell.source for cell in book.cells if needs_words(cell)]


def question_texts(name: str) -> dict[str, str]:
    """Return the questions of a lesson's quiz by their keys, as written."""
    texts = map(quizzing.as_written, quizzing.questions_of(name[:2]))
    return {text_key(text): text for text in texts}


def _blocks(blocks: Sequence[Block], kind: str, texts: dict[str, str]) -> list[str]:
    mine = [block for block in blocks if block.kind == kind]
    keys = [block.key for block in mine]
    found = [
        f"the {kind} {key} ({label(text)}) is not translated."
        for key, text in texts.items()
        if key not in keys
    ]
    found += [
        f"the {kind} {block.key} ({block.label}) is of an English text that has "
        "changed or gone; look at it again."
        for block in mine
        if block.key not in texts
    ]
    found += [
        f"the {kind} {block.key} ({block.label}) is still English."
        for block in mine
        if block.text == texts.get(block.key, "").strip()
    ]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    return found + [f"the {kind} {key} stands there twice." for key in twice]


def _words(book: nbformat.NotebookNode, words: dict[str, str]) -> list[str]:
    said = {
        text
        for cell in book.cells
        if cell.cell_type == "code"
        for _, text in word_tokens(cell.source)
    }
    new = sorted(said - set(words))
    found = [f"the text {one!r} in the code is not translated." for one in new]
    found += [f"no code says {one!r} any more." for one in words if one not in said]
    return found


def form(english: str, text: str) -> list[str]:
    """Return in which way two texts are not built alike: headings, code, links."""
    found = []
    if headings(english) != headings(text):
        found.append("has other headings, or other minutes in them.")
    for what, pattern in (("code", r"`[^`\n]+`"), ("link", r"\]\(([^)]+)\)")):
        missing = set(re.findall(pattern, english)) - set(re.findall(pattern, text))
        found += [f"lacks the {what} {one}." for one in sorted(missing)]
    return found


def headings(text: str) -> list[tuple[int, list[str]]]:
    """Return the level and the numbers of each heading of a text."""
    lines = re.findall(r"^(#+) (.+)$", text, re.MULTILINE)
    return [(len(marks), re.findall(r"\d+", words)) for marks, words in lines]


def wording(english: str, text: str, terms: dict[str, str]) -> list[str]:
    """Return the terms of the glossary that a translation does not use.

    Args:
        english: the English text.
        text: its translation.
        terms: English terms and what they are called; alternatives with `|`.
    """
    found = []
    for term, names in terms.items():
        is_there = re.search(rf"\b{re.escape(term)}s?\b", english, re.IGNORECASE)
        choices = [one.strip() for one in names.split("|")]
        if is_there and not any(choice in text for choice in choices):
            found.append(f"does not say {' or '.join(choices)} for {term!r}.")
    return found


# --- the command ------------------------------------------------------------------


def begin(book: nbformat.NotebookNode, name: str, language: str) -> Path:
    """Write a file in which everything stands in English, to be translated.

    Blocks of a file that is there already are kept if their English is unchanged.
    """
    path = lesson_path(name, language)
    old = read_blocks(path) if path.is_file() else ()
    done = {(block.kind, block.key): block.text for block in old}
    words = pairs(done.get(("words", ""), ""))
    parts = []
    texts = [("cell", text) for text in cell_texts(book)]
    texts += [("question", text) for text in question_texts(name).values()]
    for kind, text in texts:
        key = text_key(text)
        parts.append(f"<!-- {kind} {key}: {label(text)} -->")
        parts.append(done.get((kind, key), text.strip()))
    said = [
        text
        for cell in book.cells
        if cell.cell_type == "code"
        for _, text in word_tokens(cell.source)
    ]
    parts.append("<!-- words -->")
    parts += [f"{one}\n= {words.get(one, one)}" for one in dict.fromkeys(said)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    import lessons

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("begin", "check"))
    parser.add_argument("language", nargs="?", help="a code such as ko")
    parser.add_argument("lessons", nargs="*", help="numbers; all if none is given")
    given = parser.parse_args(arguments)
    found, n_files = [], 0
    for source in lessons.sources(given.lessons):
        book = lessons.notebook(source, "lesson")
        if given.command == "begin":
            if not given.language:
                parser.error("begin needs a language, such as ko")
            print(f"wrote {begin(book, source.stem, given.language).relative_to(ROOT)}")
            continue
        for language in languages_of(source.stem):
            if given.language in (None, language):
                n_files += 1
                found += problems(book, source.stem, language)
    if given.command == "check":
        print("\n".join(found) or f"{n_files} translations are up to date.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
