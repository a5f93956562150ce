"""Wrong answers that learners bring to lesson 02, each refused by name."""

from collections import Counter

import numpy as np
from refusals import refuses

from deepcomposer_edu.music.grid import REST, Grid
from deepcomposer_edu.music.score import note_name
from deepcomposer_edu.music.tokens.base import PITCHES


def a_name_at_every_step(grid, voice):
    return ["rest" if p == REST else note_name(p) for p in grid.pitches[voice]]


def forgets_the_onsets(grid, voice):
    texts, before = [], REST
    for pitch in grid.pitches[voice]:
        name = "rest" if pitch == REST else note_name(pitch)
        texts.append("hold" if pitch == before != REST else name)
        before = pitch
    return texts


def holds_the_silence(grid, voice):
    rows = zip(grid.pitches[voice], grid.onsets[voice], strict=True)
    return [note_name(pitch) if is_onset else "hold" for pitch, is_onset in rows]


def always_the_first_voice(grid, voice):
    texts = []
    for pitch, is_onset in zip(grid.pitches[0], grid.onsets[0], strict=True):
        name = note_name(pitch) if is_onset else "hold"
        texts.append("rest" if pitch == REST else name)
    return texts


def reads_without_onsets(texts):
    pitches, sounding = [], REST
    for text in texts:
        sounding = sounding if text == "hold" else PITCHES.get(text, REST)
        pitches.append(sounding)
    return Grid([pitches])


def takes_hold_for_a_rest(texts):
    onsets = [text in PITCHES for text in texts]
    return Grid([[PITCHES.get(text, REST) for text in texts]], [onsets])


def remembers_through_a_rest(texts):
    pitches, sounding = [], REST
    for text in texts:
        sounding = PITCHES.get(text, sounding)
        pitches.append(REST if text == "rest" else sounding)
    return Grid([pitches], [[text in PITCHES for text in texts]])


def forgets_the_voices(texts):
    pitches, sounding = [], REST
    for text in texts:
        sounding = sounding if text == "hold" else PITCHES.get(text, REST)
        pitches.append(sounding)
    return Grid(pitches, [text in PITCHES for text in texts])


def shifts(timed, n_steps, longest=16, to_the_end=True, absolute=False):
    texts, now = [], 0
    for step, text in [*timed, (n_steps, "")] if to_the_end else timed:
        while now < step:
            n_shift = min(step - now, longest)
            texts.append(f"shift {step if absolute else n_shift}")
            now += n_shift
        texts.append(text)
    return texts[:-1] if to_the_end else texts


def absolute_times(timed, n_steps):
    return shifts(timed, n_steps, longest=10_000, absolute=True)


def one_shift_however_long(timed, n_steps):
    return shifts(timed, n_steps, longest=10_000)


def stops_after_the_last_event(timed, n_steps):
    return shifts(timed, n_steps, to_the_end=False)


def shifts_of_nothing(timed, n_steps):
    texts, now = [], 0
    for step, text in timed:
        texts += [f"shift {step - now}", text]
        now = step
    return texts


def bars(timed, steps_per_bar, first_bar, several=True, counted=True, once=True):
    texts, next_bar, now = [], first_bar, None
    for step, text in timed:
        while step >= next_bar:
            n_bars = (step - next_bar) // steps_per_bar + 1
            texts.append("bar")
            next_bar += steps_per_bar * (1 if several else n_bars)
        if step != now or not once:
            begin = next_bar - steps_per_bar if counted else 0
            texts.append(f"position {step - begin}")
            now = step
        texts.append(text)
    return texts


def skips_empty_bars(timed, steps_per_bar, first_bar=0):
    return bars(timed, steps_per_bar, first_bar, several=False)


def counts_from_the_beginning(timed, steps_per_bar, first_bar=0):
    return bars(timed, steps_per_bar, first_bar, counted=False)


def a_position_for_every_text(timed, steps_per_bar, first_bar=0):
    return bars(timed, steps_per_bar, first_bar, once=False)


def ignores_the_pickup(timed, steps_per_bar, first_bar=0):
    return bars(timed, steps_per_bar, 0)


def counts(tokens, order, lengths=None, key=tuple, last=0):
    followers = {}
    for i, token in enumerate(tokens):
        for length in lengths or range(min(order - 1, i) + 1):
            context = key(tokens[i - length + last : i + last])
            followers.setdefault(context, Counter())[token] += 1
    return followers


def lists_for_keys(tokens, order):
    return counts(tokens, order, key=list)


def holds_the_token_itself(tokens, order):
    return counts(tokens, order, last=1)


def only_the_longest_context(tokens, order):
    followers = {}
    for i in range(order - 1, len(tokens)):
        context = tuple(tokens[i - order + 1 : i])
        followers.setdefault(context, Counter())[tokens[i]] += 1
    return followers


def slices_round_the_beginning(tokens, order):
    return counts(tokens, order, lengths=range(order))


def only_counts(counts, shorter):
    return counts / counts.sum() if counts.sum() else shorter


def all_kinds_of_token(counts, shorter):
    if not counts.any():
        return shorter
    return (counts + len(counts) * shorter) / (counts.sum() + len(counts))


def forgets_to_divide_by_both(counts, shorter):
    n_kinds = np.count_nonzero(counts)
    return (counts + n_kinds * shorter) / counts.sum() if n_kinds else shorter


def divides_by_nothing(counts, shorter):
    n_kinds = np.count_nonzero(counts)
    return (counts + n_kinds * shorter) / (counts.sum() + n_kinds)


def no_minus(probability):
    return np.log2(probability)


def in_nats(probability):
    return -np.log(probability)


def one_minus(probability):
    return 1 - probability


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("2.1", a_name_at_every_step, "named once, where it begins"),
    ("2.1", forgets_the_onsets, "which only the onsets show"),
    ("2.1", holds_the_silence, "Silence is not held"),
    ("2.1", always_the_first_voice, "voice 1 was asked for"),
    ("2.2", reads_without_onsets, "melted into the first"),
    ("2.2", takes_hold_for_a_rest, "it is not a rest"),
    ("2.2", remembers_through_a_rest, "a rest must be remembered, too"),
    ("2.2", forgets_the_voices, "put the list of pitches into another list"),
    ("2.3", absolute_times, "counts from the last event"),
    ("2.3", one_shift_however_long, "There is no token `shift 37`"),
    ("2.3", stops_after_the_last_event, "silence after the last event is missing"),
    ("2.3", shifts_of_nothing, "no shift is written"),
    ("2.4", skips_empty_bars, "bars in which nothing happens are missing"),
    ("2.4", counts_from_the_beginning, "subtract where the bar begins"),
    ("2.4", a_position_for_every_text, "once for all texts of one step"),
    ("2.4", ignores_the_pickup, "it is not always 0"),
    ("2.5", lists_for_keys, "make it a tuple"),
    ("2.5", holds_the_token_itself, "end before the token"),
    ("2.5", only_the_longest_context, "the empty context () is missing"),
    ("2.5", slices_round_the_beginning, "a negative beginning is empty"),
    ("2.6", only_counts, "could never come"),
    ("2.6", all_kinds_of_token, "not the size of the vocabulary"),
    ("2.6", forgets_to_divide_by_both, "else the sum is above 1"),
    ("2.6", divides_by_nothing, "no counts to divide by"),
    ("2.7", no_minus, "change the sign"),
    ("2.7", in_nats, "in nats"),
    ("2.7", one_minus, "does not add up"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
