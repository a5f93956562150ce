"""Lessons in other languages say what the English lesson says, and run its code."""

import ast
import io
import re
import sys
import tokenize
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from deepcomposer_edu import course
from deepcomposer_edu.course import copies, quizzing, resuming, translating
from deepcomposer_edu.course.catalogue import find_lesson
from deepcomposer_edu.course.progress import LessonProgress
from deepcomposer_edu.course.progress_lines import Record
from deepcomposer_edu.course.translating import languages, languages_of, said
from deepcomposer_edu.errors import InputError

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lesson_translations as translations  # noqa: E402

import lessons  # noqa: E402

EDITIONS = [
    (source, language)
    for source in lessons.sources([])
    for language in languages_of(source.stem)
]
every_translation = pytest.mark.parametrize(
    ("source", "language"), EDITIONS, ids=lambda one: getattr(one, "stem", one)
)
OTHERS = [code for code in languages() if code != "en"]
every_language = pytest.mark.parametrize("language", OTHERS)
KOREAN = {"# A": "# 가", "Good morning": "좋은 아침이에요"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of translations of its own, with a language in it, and no quiz."""
    monkeypatch.setattr(translating, "FOLDER", tmp_path)
    monkeypatch.setattr(translations, "FOLDER", tmp_path)
    monkeypatch.setattr(quizzing, "questions_of", lambda _: ())
    (tmp_path / "ko").mkdir()
    text = "<!-- name -->\n한국어\n<!-- glossary -->\nchord\n= 화음\n"
    text += "<!-- avoided -->\n습니다\n"
    (tmp_path / "ko" / "words.md").write_text(text, encoding="utf-8")
    return tmp_path


def book_of(*texts, code=()):
    make = nbformat.v4
    cells = [make.new_markdown_cell(text) for text in texts]
    return make.new_notebook(cells=cells + [make.new_code_cell(c) for c in code])


def found_in(folder, book, *blocks, words=""):
    """Return what is wrong with a translation made of (English, translation)."""
    text = "\n\n".join(
        f"<!-- cell {translating.text_key(english)} -->\n{translation}"
        for english, translation in blocks
    )
    path = folder / "ko" / "00_x.md"
    path.write_text(f"{text}\n\n<!-- words -->\n{words}\n", encoding="utf-8")
    translating.read_blocks.cache_clear()
    return "\n".join(translations.problems(book, "00_x", "ko"))


def parts_of(code):
    """Return the tokens of code but for its comments, each with its kind."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    silent = (tokenize.COMMENT, tokenize.NL)
    return [(t.type, t.string) for t in tokens if t.type not in silent]


# --- the shipped translations -------------------------------------------------------


def test_the_first_lesson_can_be_read_in_korean_and_in_japanese():
    assert {"ko", "ja"} <= set(languages_of("00_first_sound"))
    assert languages()["ko"] == "한국어"


@every_translation
def test_every_text_is_translated_and_none_is_out_of_date(source, language):
    book = lessons.notebook(source, "lesson")
    assert translations.problems(book, source.stem, language) == []


@every_translation
def test_a_translation_has_the_same_cells_and_the_same_code(source, language):
    english = nbformat.read(lessons.target(source, "lesson"), as_version=4)
    other = nbformat.read(lessons.target(source, "lesson", language), as_version=4)
    assert [c.id for c in other.cells] == [c.id for c in english.cells]
    assert [c.cell_type for c in other.cells] == [c.cell_type for c in english.cells]
    told = f', language="{language}"'
    for ours, theirs in zip(english.cells, other.cells, strict=True):
        assert ours.metadata == theirs.metadata
        if ours.cell_type == "code":
            parts = zip(
                parts_of(ours.source),
                parts_of(theirs.source.replace(told, "")),
                strict=True,
            )
            for (kind, text), other_part in parts:
                is_said = kind == tokenize.STRING and " " in text
                assert other_part[0] == kind
                assert is_said or other_part[1] == text
    told_calls = sum(cell.source.count(told) for cell in other.cells)
    assert told_calls == 2  # the set-up and the quiz


@every_translation
def test_a_translated_quiz_has_the_same_right_answers(source, language):
    english, other = course.quiz(source.stem), course.quiz(source.stem, language)
    for number, question in enumerate(english.questions):
        theirs = other.questions[number]
        right = [answer.is_right for answer in question.answers]
        assert [answer.is_right for answer in theirs.answers] == right
        assert theirs.text != question.text
        for ours, answer in zip(question.answers, theirs.answers, strict=True):
            assert answer.text != ours.text
            assert answer.why != ours.why


@every_translation
def test_a_lesson_leads_to_itself_in_the_other_languages(source, language):
    for code in ("en", language):
        path = lessons.target(source, "lesson", code)
        first = nbformat.read(path, as_version=4).cells[0].source
        links = re.findall(r"\[([^]]+)\]\(([^)]+)\)", first)
        assert {name for name, _ in links} == {
            languages()[c] for c in ["en", *languages_of(source.stem)] if c != code
        }
        assert all((path.parent / target).is_file() for _, target in links)


def course_sentences():
    """Yield the English texts for which the course asks a language."""
    for path in sorted((ROOT / "deepcomposer_edu" / "course").glob("*.py")):
        code = path.read_text("utf-8")
        for node in ast.walk(ast.parse(code if " said(" in code else "")):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said":
                yield from (
                    part.value
                    for part in ast.walk(node.args[0])
                    if isinstance(part, ast.Constant)
                )
            # a text that is chosen first, and said then
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.IfExp):
                texts = [node.value.body, node.value.orelse]
                if all("{why}" in str(getattr(t, "value", "")) for t in texts):
                    yield from (text.value for text in texts)


@every_language
def test_a_language_has_every_sentence_of_the_course_with_its_gaps(language):
    words = translating.words_of(translating.FOLDER / language / "words.md")
    assert set(words) == set(course_sentences())
    for english, other in words.items():
        gaps = [sorted(re.findall(r"{\w*}", text)) for text in (english, other)]
        assert gaps[0] == gaps[1]


# --- what is refused ----------------------------------------------------------------


def test_a_changed_english_text_makes_its_translation_stale_by_name(folder):
    block = ("# Good morning", "# 좋은 아침")
    assert found_in(folder, book_of("# Good morning"), block) == ""
    found = found_in(folder, book_of("# Good evening"), block)
    assert "(# Good evening) is not translated" in found
    assert "is of an English text that has changed or gone" in found


@pytest.mark.parametrize(
    ("english", "translation", "complaint"),
    [
        ("Hello", "Hello", "is still English"),
        ("# Listen (3 minutes)", "# 듣기 (4분)", "has other headings"),
        ("## Listen", "# 듣기", "has other headings"),
        ("Take `piece.mid`.", "파일을 여세요.", "lacks the code `piece.mid`"),
        ("[Here](a.md).", "[여기](b.md).", "lacks the link a.md"),
        ("Two chords.", "두 코드.", "does not say 화음 for 'chord'"),
        ("Good.", "좋습니다.", "'습니다', which is avoided"),
    ],
)
def test_a_translation_that_is_not_built_alike_is_named(
    folder, english, translation, complaint
):
    assert complaint in found_in(folder, book_of(english), (english, translation))


def test_a_text_in_the_code_needs_a_translation_and_none_is_left_over(folder):
    book = book_of(code=['print("Good morning")'])
    assert "'Good morning' in the code is not translated" in found_in(folder, book)
    words = "Good morning\n= 좋은 아침\nGood night\n= 좋은 밤"
    found = found_in(folder, book, words=words)
    assert found == "ko/00_x.md: no code says 'Good night' any more."


def test_a_damaged_file_is_a_sentence(folder):
    words = "Good morning\nGood night\n= 좋은 밤"
    assert "Two lines in pairs were expected" in found_in(
        folder, book_of(), words=words
    )


def test_an_unknown_language_is_refused_with_those_there_are():
    for ask in (course.setup, lambda language: course.quiz("00", language)):
        with pytest.raises(InputError, match=r"'xx', but the course has 'en'.*'ko'"):
            ask(language="xx")


# --- building -----------------------------------------------------------------------


def test_words_are_exchanged_and_code_is_not():
    code = (
        "# Good morning\n"
        'print("Good morning", "morning", x["Good"])\n'
        'course.setup(seed=0, lesson="00")\n'
        'quiz = course.quiz("00")'
    )
    assert translations.translated_code(code, "ko", KOREAN).splitlines() == [
        "# 좋은 아침이에요",
        'print("좋은 아침이에요", "morning", x["Good"])',
        'course.setup(seed=0, lesson="00", language="ko")',
        'quiz = course.quiz("00", language="ko")',
    ]


def test_the_code_of_an_exercise_stays_as_it_is():
    code = 'def answer():\n    """Say good morning."""\n    return "Good morning"'
    assert translations.translated_code(code, "ko", KOREAN) == code


def test_beginning_a_translation_keeps_what_is_done(folder):
    book = book_of("# A", "# B", code=['print("Good morning")'])
    found_in(folder, book, ("# A", "# 가"), words="Good morning\n= 좋은 아침")
    path = translations.begin(book, "00_x", "ko")
    translating.read_blocks.cache_clear()
    texts = [block.text for block in translating.read_blocks(path)]
    assert texts == ["# 가", "# B", "Good morning\n= 좋은 아침"]
    assert "(# B) is still English" in "".join(
        problem.replace(translating.text_key("# B"), "").replace("  ", " ")
        for problem in translations.problems(book, "00_x", "ko")
    )


# --- what a learner meets -----------------------------------------------------------


def test_the_set_up_and_the_way_back_speak_the_language(capsys):
    course.setup(seed=3, language="ko")
    assert "시드 3" in capsys.readouterr().out
    assert "맞았어요" in course.quiz("00", "ko").answer(1, "c")
    assert course.quiz("00").answer(1, "c").startswith("Right: ")
    answered = Record(datetime(2026, 1, 1, tzinfo=UTC), "quiz", "00", "q1", "right")
    stopped = LessonProgress(find_lesson("00"), (answered,))
    assert "5문항 중 1개 정답" in resuming.stopped_words(stopped, "ko")
    assert said("never written down", "ko") == "never written down"


def test_translations_are_laid_out_beside_the_lessons_and_followed(tmp_path):
    source, work = tmp_path / "lessons", tmp_path / "my_work"
    (source / "ko").mkdir(parents=True)
    write = lambda path, text: nbformat.write(book_of(text), path)  # noqa: E731
    for path in (source / "00_x.ipynb", source / "ko" / "00_x.ipynb"):
        write(path, "one")
    assert copies.sync_lessons(source, work) == []
    write(work / "ko" / "00_x.ipynb", "my own words")
    write(source / "ko" / "00_x.ipynb", "two")
    (told,) = copies.sync_lessons(source, work)
    assert told.startswith("ko/00_x.ipynb has a new version")
    assert (work / "ko" / "00_x.new.ipynb").is_file()
    assert copies.sync_lessons(source, work) == []


def test_music_of_all_languages_goes_into_one_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_QUICK", raising=False)
    (tmp_path / "ko").mkdir()
    for path in (tmp_path / "00_x.ipynb", tmp_path / "ko" / "00_x.ipynb"):
        path.write_text("{}")
    monkeypatch.chdir(tmp_path / "ko")
    assert course.my_music() == tmp_path / "my_music"
    (tmp_path / "00_x.ipynb").unlink()
    assert course.my_music() == tmp_path / "ko" / "my_music"
