"""Parts of a lesson that are copied from the package, as text, by ast."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

import nbformat

from deepcomposer_edu.course.exercises import Exercise, find_exercise

PACKAGE_ROOT = Path(__file__).resolve().parent.parent
Cell = tuple[str, str]  # cell type, source

HINT_NAMES = ("Hint 1: a question", "Hint 2: the idea", "Hint 3: the shape")


def module_file(name: str) -> Path | None:
    """Return the file of a module of the package, None if it has none."""
    base = PACKAGE_ROOT / Path(*name.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def find_definition(path: str) -> tuple[Path, ast.AST]:
    """Return the file and the syntax node of the function or class at a dotted path.

    Raises:
        ValueError: if there is none.
    """
    names = path.split(".")
    for n_names in range(len(names) - 1, 0, -1):
        file = module_file(".".join(names[:n_names]))
        if file is None:
            continue
        node: ast.AST = ast.parse(file.read_text(encoding="utf-8"))
        for name in names[n_names:]:
            kinds = (ast.FunctionDef, ast.ClassDef)
            inside = [n for n in node.body if isinstance(n, kinds) and n.name == name]
            if not inside:
                raise ValueError(f"{file.name} has no function or class {name!r}.")
            node = inside[-1]
        return file, node
    raise ValueError(f"There is no module of the package for {path!r}.")


def source_lines(file: Path, node: ast.AST, last: int | None = None) -> str:
    """Return a definition's text, without decorators, moved to the left margin."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return textwrap.dedent("\n".join(lines[node.lineno - 1 : last or node.end_lineno]))


def code_text(path: str) -> str:
    """Return the whole text of a package function or class."""
    return source_lines(*find_definition(path))


def blank_text(path: str) -> str:
    """Return a function's signature and docstring with an empty body.

    Raises:
        ValueError: if it has no docstring.
    """
    file, node = find_definition(path)
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        raise ValueError(f"{path} is not a function with a docstring.")
    head = source_lines(file, node, last=node.body[0].end_lineno)
    return f"{head}\n    raise NotImplementedError"


def started_text(path: str, start: str) -> str:
    """Return a function's signature and docstring with another function's body.

    Args:
        path: the function to be written.
        start: a function with the same parameters, whose body is to be mended.
    """
    file, node = find_definition(start)
    lines = file.read_text(encoding="utf-8").splitlines()
    body = lines[node.body[0].end_lineno : node.end_lineno]
    return blank_text(path).replace("    raise NotImplementedError", "\n".join(body))


def begun_text(exercise: Exercise) -> str:
    """Return what the lesson gives: an empty body, or a faulty one to be mended."""
    if exercise.start:
        return started_text(exercise.function, exercise.start)
    return blank_text(exercise.function)


def body_length(path: str) -> int:
    """Return the lines of a function's body: no docstring, blanks or comments."""
    file, node = find_definition(path)
    lines = file.read_text(encoding="utf-8").splitlines()
    begin = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
    body = lines[begin : node.end_lineno]
    return sum(bool(line.strip()) and line.strip()[0] != "#" for line in body)


def imported(text: str) -> list[str]:
    """Return the dotted paths that a cell of `from ... import ...` lines brings in.

    Raises:
        ValueError: if the cell holds anything else.
    """
    paths = []
    for statement in ast.parse(text).body:
        if not isinstance(statement, ast.ImportFrom):
            raise ValueError(
                f"the cell `{text.splitlines()[0]}` may hold only lines of the form "
                "`from deepcomposer_edu.... import ...`."
            )
        paths += [f"{statement.module}.{alias.name}" for alias in statement.names]
    return paths


def heading(exercise: Exercise) -> str:
    """Return the markdown that opens an exercise."""
    later = exercise.needed_later
    facts = [
        exercise.difficulty.capitalize(),
        f"{exercise.minutes} minutes",
        f"used again {later}" if later else "not needed later",
    ]
    title = f"### Exercise {exercise.number}: {exercise.title}"
    task = "Mend" if exercise.start else "Write"
    return (
        f"{title}\n\n*{' · '.join(facts)}.*\n\n"
        f"{task} the body of this function; its text says what it must do. Then run "
        "this cell and the next one, as often as you like."
    )


def hints(exercise: Exercise, lesson: str) -> str:
    """Return the hints as folded markdown."""
    folds = [
        f"<details><summary>{name}</summary>\n\n{text}\n\n</details>"
        for name, text in zip(HINT_NAMES, exercise.hints, strict=True)
    ]
    folds.append(
        "<details><summary>Solution</summary>\n\nThe filled lesson is "
        f"`solutions/{lesson}.ipynb`. Without an answer the lesson goes on all the "
        "same, with the course's own function.\n\n</details>"
    )
    return "\n".join(folds)


def exercise_cells(cell: nbformat.NotebookNode, kind: str, lesson: str) -> list[Cell]:
    """Return the cells that an exercise cell stands for.

    Raises:
        ValueError: if its import is not the function of that exercise.
    """
    number = cell.metadata["exercise"]
    exercise = find_exercise(number)
    module, _, name = exercise.function.rpartition(".")
    asked = imported(cell.source)
    is_method = module_file(module) is None
    if asked != [exercise.function] and not is_method:
        raise ValueError(
            f"the cell of exercise {number} imports {', '.join(asked) or 'nothing'}, "
            f"but the exercise asks for {exercise.function}."
        )
    is_filled = kind == "solution"
    text = code_text(exercise.function) if is_filled else begun_text(exercise)
    judge = (
        "# NBVAL_CHECK_OUTPUT\n"
        f'display(course.check("{number}", {name}))\n'
        f'{name} = course.pick("{number}", {name})'
    )
    return [
        ("markdown", heading(exercise)),
        ("code", text),
        ("code", judge),
        ("markdown", hints(exercise, lesson)),
    ]


def show_cells(cell: nbformat.NotebookNode) -> list[Cell]:
    """Return the source of what a cell imports, as markdown, and the cell itself."""
    shown = []
    for path in imported(cell.source):
        file, node = find_definition(path)
        place = file.relative_to(PACKAGE_ROOT).as_posix()
        shown.append(f"`{place}`\n\n```python\n{source_lines(file, node)}\n```")
    return [("markdown", "\n\n".join(shown)), ("code", cell.source)]
