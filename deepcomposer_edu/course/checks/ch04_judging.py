"""How the answers of lesson 04 on characters, targets and writing are judged."""

import torch
from torch import Tensor

from deepcomposer_edu.course.learner import Learner

# 4.1 number_characters ----------------------------------------------------------


def numbers_are_a_dictionary(learner: Learner) -> None:
    """The answer is a dictionary from character to number."""
    got = learner("abba|c")
    learner.expect_type(
        got, dict, cause="Character to number: {'a': 0, ...} is a dictionary."
    )
    learner.expect(
        all(isinstance(character, str) for character in got),
        f"{learner.call}: expected characters as keys, got numbers. The dictionary is "
        "turned round: it should lead from the character to its number.",
    )


def each_character_once(learner: Learner) -> None:
    """Four characters get the numbers 0 to 3."""
    got = learner("abba|c")
    learner.expect_equal(
        sorted(got),
        ["a", "b", "c", "|"],
        cause="Each character of the text is a key, once.",
    )
    learner.expect_equal(
        sorted(got.values()),
        [0, 1, 2, 3],
        cause="Count the different characters from 0.",
        known=[
            ([1, 2, 3, 4], "The first number is 0, not 1."),
            ([0, 1, 3, 5], "That numbers places in the text, not characters."),
            ([2, 3, 4, 5], "That numbers places in the text, not characters."),
            (
                [97, 98, 99, 124],
                "Those are Unicode's numbers. A network needs 0 to V - 1.",
            ),
        ],
    )


def numbers_in_sorted_order(learner: Learner) -> None:
    """The order is sorted, whatever the text begins with."""
    learner.expect_equal(
        list(learner("cab").items()),
        [("a", 0), ("b", 1), ("c", 2)],
        cause="Sort the characters before you count them.",
        known=[
            (
                [("c", 0), ("a", 1), ("b", 2)],
                "That is the order in which they appear. Another text would give "
                "other numbers, and a trained network would read nonsense.",
            ),
            (
                [("c", 2), ("a", 0), ("b", 1)],
                "The numbers are right; put the entries into the same order.",
            ),
        ],
    )


def nothing_has_no_numbers(learner: Learner) -> None:
    """An empty text has an empty vocabulary."""
    learner.expect_equal(learner(""), {}, cause="Think of the empty text.")


# 4.2 shift ----------------------------------------------------------------------


def _rows() -> Tensor:
    """Return two rows of five tokens, all different."""
    return torch.arange(10).reshape(2, 5)


def shift_gives_two(learner: Learner) -> None:
    """Inputs and targets are one token shorter than the rows."""
    got = learner(_rows())
    learner.expect_type(got, tuple, list, cause="Return `inputs, targets`.")
    learner.expect_equal(len(got), 2, cause="Return two tensors: `inputs, targets`.")
    for part in got:
        learner.expect_shape(
            part,
            (2, 4),
            cause="From T + 1 tokens in a row come T inputs and T targets."
            if tuple(getattr(part, "shape", ())) != (1, 5)
            else "That cuts a row of the batch off. Cut along the second axis.",
        )


def shift_by_hand(learner: Learner) -> None:
    """From 0 1 2 3 4 it reads 0 1 2 3 and should say 1 2 3 4."""
    inputs, targets = learner(_rows())
    here, after = [0, 1, 2, 3], [1, 2, 3, 4]
    got = inputs[0].tolist(), targets[0].tolist()
    learner.expect_equal(
        got,
        (here, after),
        cause="At each place the target is the token that comes right after the input.",
        known=[
            (
                (here, here),
                "The target is the input itself. Such a network learns to say what it "
                "has read a moment before: its loss falls to 0, and it repeats one "
                "note for ever.",
            ),
            (
                (after, after),
                "The target is the input itself. Such a network learns to say what it "
                "has read a moment before: its loss falls to 0, and it repeats one "
                "note for ever.",
            ),
            (
                (after, here),
                "Inputs and targets are swapped: it would learn to go backwards.",
            ),
            (
                (here, [1, 2, 3, 0]),
                "The last target is the first token: `roll` brings it round. What "
                "comes after token 3 is token 4.",
            ),
        ],
    )


def shift_keeps_rows_apart(learner: Learner) -> None:
    """Each row is shifted by itself."""
    inputs, targets = learner(_rows())
    learner.expect_equal(
        (inputs[1].tolist(), targets[1].tolist()),
        ([5, 6, 7, 8], [6, 7, 8, 9]),
        cause="The second row must be cut like the first.",
    )


# 4.5 continue_tokens ------------------------------------------------------------

_V = 12
_START = [3, 4, 5]


def _network(calls: list) -> object:
    """Return a network that says "one higher" after each token, and notes its calls."""

    def network(tokens: Tensor, state: object) -> tuple[Tensor, object]:
        calls.append((tokens.tolist(), state))
        logits = torch.zeros(*tokens.shape, _V)
        next_tokens = (tokens + 1) % _V
        logits.scatter_(-1, next_tokens[..., None], 5.0)
        return logits, f"state {len(calls)}"

    return network


def _highest(logits: Tensor) -> int:
    return int(logits.argmax())


def as_many_tokens_as_asked(learner: Learner) -> None:
    """It yields the numbers of the new tokens."""
    got = learner.all_of(_network([]), _START, 4, _highest)
    learner.expect_equal(
        [int(token) for token in got],
        [6, 7, 8, 9],
        cause="This network always says one higher, so 5 is followed by 6, 7, 8, 9.",
        known=[
            (
                [3, 4, 5, 6, 7, 8, 9],
                "The start belongs to the caller; yield only what is new.",
            ),
            ([6, 7, 8], "One token is missing."),
            (
                [4, 5, 6, 7],
                "That is what comes after the FIRST token of what was read; take the "
                "logits at the last place.",
            ),
            (
                [6, 6, 6, 6],
                "It reads the start again each time; it should read what it wrote.",
            ),
        ],
    )


def the_start_is_read_first(learner: Learner) -> None:
    """The first call reads the whole start, from an empty state."""
    calls: list = []
    learner.all_of(_network(calls), _START, 4, _highest)
    learner.expect_equal(
        calls[0],
        ([_START], None),
        cause="First the network reads the whole start, as one row, with state None.",
        known=[
            (([[5]], None), "It reads only the last token of the start."),
            (([[3]], None), "It reads only the first token of the start."),
        ],
    )


def then_one_token_at_a_time(learner: Learner) -> None:
    """Later calls read only what was written last."""
    calls: list = []
    learner.all_of(_network(calls), _START, 4, _highest)
    learner.expect_equal(
        [tokens for tokens, _ in calls[1:4]],
        [[[6]], [[7]], [[8]]],
        cause="After the start it reads one token at a time: the one it wrote.",
        known=[
            (
                [[[3, 4, 5, 6]], [[3, 4, 5, 6, 7]], [[3, 4, 5, 6, 7, 8]]],
                "It reads everything again for each token. The state remembers what "
                "was read; with both, the network hears every token many times.",
            )
        ],
    )


def the_state_is_handed_on(learner: Learner) -> None:
    """Each call gets the state that the call before gave back."""
    calls: list = []
    learner.all_of(_network(calls), _START, 4, _highest)
    learner.expect_equal(
        [state for _, state in calls[:4]],
        [None, "state 1", "state 2", "state 3"],
        cause="Hand the state on from call to call.",
        known=[
            (
                [None, None, None, None],
                "The state is thrown away, so the network forgets everything but the "
                "last token.",
            ),
            (
                [None, "state 1", "state 1", "state 1"],
                "The state of the first call is used for ever; take the newest.",
            ),
        ],
    )


def drawn_after_the_last_token(learner: Learner) -> None:
    """`draw` is given the logits (V,) and decides."""
    shapes: list = []

    def draw_two(logits: Tensor) -> int:
        shapes.append(tuple(logits.shape))
        return 2

    got = learner.all_of(_network([]), _START, 3, draw_two)
    learner.expect_equal(
        [int(token) for token in got],
        [2, 2, 2],
        cause="`draw` chooses the token, here always 2.",
        known=[([6, 7, 8], "It takes the likeliest by itself instead of asking draw.")],
    )
    learner.expect_equal(
        shapes[0],
        (_V,),
        cause="`draw` gets one row of logits, those at the last place of row 0.",
    )
