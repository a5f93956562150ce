"""The learner's function as a check sees it: called, watched and compared.

A check is a function of one `Learner`. It calls it like the function itself and looks
at what comes back with the `expect` methods, each of which refuses with a sentence of
the form "what was called: expected, got. Likely cause.":

    def middle_c(learner):
        "Middle C is C4."
        got = learner(60)
        learner.expect_equal(
            got, "C4", known=[("C5", "Octave numbers start at -1, so subtract 1.")]
        )

`known` lists the values that typical wrong answers give, with the mistake behind each.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from deepcomposer_edu.course.values import (
    as_numpy,
    describe,
    first_difference,
    is_array,
    is_close,
    is_same,
    snapshot,
    swapped_axes,
    type_name,
)


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """A check found something to say; the message is the sentence."""


class NotDoneYet(Exception):  # noqa: N818
    """The learner's function still raises NotImplementedError."""


class Learner:
    """A learner's function, with the course's own beside it.

    Args:
        function: what the learner wrote.
        reference: the course's own function, for its signature and for checks that
            compare with it.
    """

    def __init__(self, function: Callable, reference: Callable) -> None:
        self.function = function
        self.reference = reference
        self.name = reference.__name__
        self.call = f"{self.name}(...)"
        self.printed = ""
        # A check may say what an error means here: {"InputError": "A rest is ..."}.
        self.causes: dict[str, str] = {}

    def __call__(self, *args: object, **options: object) -> object:
        """Call the learner's function and return what it gives.

        Raises:
            NotDoneYet: if it raises NotImplementedError.
            Refusal: if it stops with another error, changes its input or gives None.
        """
        return self._watched(lambda: self.function(*args, **options), args, options)

    def all_of(self, *args: object, **options: object) -> list:
        """Call the function and return everything that it yields, as a list."""
        return self._watched(
            lambda: _listed(self.function(*args, **options)), args, options
        )

    def _watched(self, run: Callable, args: tuple, options: dict) -> object:
        texts = [describe(arg) for arg in args]
        texts += [f"{name}={describe(value)}" for name, value in options.items()]
        self.call = f"{self.name}({', '.join(texts)})"
        before = snapshot([args, options])
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = run()
        except NotImplementedError as error:
            raise NotDoneYet from error
        except (Exception, SystemExit) as error:
            raise Refusal(self._stopped(error)) from error
        finally:
            self.printed = output.getvalue().strip()
        if not is_same(before, snapshot([args, options])):
            raise Refusal(
                f"{self.call} changed the input it was given. Work on a copy: a caller "
                "does not expect the own data to change."
            )
        if result is None:
            cause = (
                "It prints its answer; `return` gives it back."
                if self.printed
                else "Without `return`, a function gives None."
            )
            raise Refusal(f"{self.call}: expected a value, got None. {cause}")
        return result

    def _stopped(self, error: BaseException) -> str:
        """Return the sentence for an error: which, where, and what it often means."""
        where = ""
        code = getattr(self.function, "__code__", None)
        for frame, line in traceback.walk_tb(error.__traceback__):
            if code is not None and frame.f_code.co_filename == code.co_filename:
                text = linecache.getline(code.co_filename, line).strip()
                if text:
                    where = f" at the line `{text}`"
        said = f": {error}" if str(error) else ""
        sentence = f"{self.call} stopped with {type(error).__name__}{where}{said}."
        cause = (_LIKELY_CAUSES | self.causes).get(type(error).__name__, "")
        return f"{sentence.replace('..', '.')} {cause}".strip()

    # What came back --------------------------------------------------------------

    def expect(self, is_right: bool, message: str) -> None:
        """Refuse with `message` unless `is_right`."""
        if not is_right:
            raise Refusal(message)

    def expect_signature(self) -> None:
        """Refuse unless the parameters have the names of the course's function."""
        expected = list(inspect.signature(self.reference).parameters)
        got = list(inspect.signature(self.function).parameters)
        if expected != got:
            raise Refusal(
                f"{self.name}: expected the parameters ({', '.join(expected)}), got "
                f"({', '.join(got)}). Keep the first line as the lesson gives it."
            )

    def expect_type(self, got: object, *types: type, cause: str = "") -> None:
        """Refuse unless `got` is of one of the types; bool never passes for int."""
        is_lone_bool = isinstance(got, (bool, np.bool_)) and not (
            {bool, np.bool_} & set(types)
        )
        if isinstance(got, types) and not is_lone_bool:
            return
        names = " or ".join(type_name(kind) for kind in types)
        raise Refusal(
            f"{self.call}: expected {names}, got {type_name(type(got))} "
            f"({describe(got)}). {cause}".strip()
        )

    def expect_number(self, got: object, cause: str = "") -> None:
        """Refuse unless `got` is one number."""
        if is_array(got) and as_numpy(got).ndim == 0:
            return
        self.expect_type(got, int, float, np.integer, np.floating, cause=cause)

    def expect_shape(self, got: object, shape: Sequence[int], cause: str = "") -> None:
        """Refuse unless `got` is an array of this shape."""
        if not is_array(got):
            raise Refusal(
                f"{self.call}: expected an array of shape {tuple(shape)}, got "
                f"{type_name(type(got))}. {cause}".strip()
            )
        if tuple(got.shape) == tuple(shape):
            return
        if sorted(got.shape) == sorted(shape):
            cause = cause or swapped_axes(tuple(got.shape), tuple(shape))
        raise Refusal(
            f"{self.call}: shape: expected {tuple(shape)}, got {tuple(got.shape)}. "
            f"{cause}".strip()
        )

    def expect_dtype(self, got: object, dtype: type, cause: str = "") -> None:
        """Refuse unless `got` is an array of this dtype."""
        if as_numpy(got).dtype != np.dtype(dtype):
            raise Refusal(
                f"{self.call}: expected an array of {np.dtype(dtype)}, got "
                f"{as_numpy(got).dtype}. {cause}".strip()
            )

    def expect_equal(
        self,
        got: object,
        expected: object,
        cause: str = "",
        known: Iterable[tuple[object, str]] = (),
        axes: Sequence[str] = (),
    ) -> None:
        """Refuse unless `got` equals `expected`.

        Args:
            got: what the learner's function returned.
            expected: what it should be.
            cause: the likely cause when no known wrong value matches.
            known: (wrong value, the mistake that gives it) pairs.
            axes: names of an array's axes, to say where the first difference lies.
        """
        self.expect_close(got, expected, 0.0, cause, known, axes)

    def expect_close(
        self,
        got: object,
        expected: object,
        tolerance: float = 1e-6,
        cause: str = "",
        known: Iterable[tuple[object, str]] = (),
        axes: Sequence[str] = (),
    ) -> None:
        """Refuse unless `got` is within `tolerance` of `expected`; see expect_equal."""
        if is_close(got, expected, tolerance):
            return
        for wrong, mistake in known:
            if is_close(got, wrong, max(tolerance, 1e-9)):
                cause = mistake
                break
        place, wanted, found = first_difference(got, expected, tolerance, axes)
        raise Refusal(
            f"{self.call}{place}: expected {wanted}, got {found}. {cause}".strip()
        )


_LIKELY_CAUSES = {
    "TypeError": "Check which kinds of values meet in that line.",
    "IndexError": "An index runs past the end; the last one is length - 1.",
    "KeyError": "That key is not in the dictionary.",
    "NameError": "A name is used that was never given a value.",
    "UnboundLocalError": "A name is used before it was given a value.",
    "ZeroDivisionError": "Think of the empty case.",
    "RecursionError": "The function calls itself without an end.",
    "AttributeError": "That kind of value has no such part.",
}


def _listed(value: object) -> list | None:
    return None if value is None else list(value)
