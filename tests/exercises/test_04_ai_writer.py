"""Wrong answers that learners bring to lesson 04, each refused by name."""

from collections import Counter
from itertools import groupby

import torch
from refusals import refuses

from deepcomposer_edu.nn.sampling import NEVER, keep_nucleus, keep_top_k, softmax

# 4.1


def as_they_appear(text):
    return {character: i for i, character in enumerate(dict.fromkeys(text))}


def counted_from_one(text):
    return {character: i for i, character in enumerate(sorted(set(text)), 1)}


def numbers_of_unicode(text):
    return {character: ord(character) for character in sorted(set(text))}


def turned_round(text):
    return dict(enumerate(sorted(set(text))))


# 4.2


def not_shifted(tokens):
    return tokens[:, :-1], tokens[:, :-1]


def backwards(tokens):
    return tokens[:, 1:], tokens[:, :-1]


def rolled(tokens):
    inputs = tokens[:, :-1]
    return inputs, inputs.roll(-1, dims=1)


def along_the_batch(tokens):
    return tokens[:-1], tokens[1:]


# 4.3


def multiplies(logits, temperature=1.0):
    return softmax(logits * temperature)


def divides_too_late(logits, temperature=1.0):
    return softmax(logits) / temperature


def adds_up_everything(logits, temperature=1.0):
    powers = torch.exp(logits / temperature)
    return powers / powers.sum()


def overflows(logits, temperature=1.0):
    powers = torch.exp(logits / temperature)
    return powers / powers.sum(dim=-1, keepdim=True)


# 4.4


def drawn(logits, generator):
    rows = softmax(logits).reshape(-1, logits.shape[-1])
    numbers = torch.multinomial(rows, 1, generator=generator)[:, 0]
    return numbers.reshape(logits.shape[:-1])


def limited(logits, top_k, top_p):
    logits = keep_top_k(logits, top_k) if top_k else logits
    return keep_nucleus(logits, top_p) if top_p < 1 else logits


def always_the_likeliest(logits, temperature=1.0, top_k=0, top_p=1.0, generator=None):
    return logits.argmax(-1)


def temperature_ignored(logits, temperature=1.0, top_k=0, top_p=1.0, generator=None):
    return drawn(limited(logits, top_k, top_p), generator)


def nucleus_first(logits, temperature=1.0, top_k=0, top_p=1.0, generator=None):
    logits = logits / temperature
    logits = keep_nucleus(logits, top_p) if top_p < 1 else logits
    return drawn(limited(logits, top_k, 1.0), generator)


def a_seed_of_its_own(logits, temperature=1.0, top_k=0, top_p=1.0, generator=None):
    own = torch.Generator().manual_seed(0)
    return drawn(limited(logits / temperature, top_k, top_p), own)


# 4.5


def reads_all_again(network, start, n_tokens, draw):
    read, state = list(start), None
    for _ in range(n_tokens):
        logits, state = network(torch.tensor([read]), state)
        read = [*read, draw(logits[0, -1])]
        yield read[-1]


def forgets_the_state(network, start, n_tokens, draw):
    read = start
    for _ in range(n_tokens):
        logits, _ = network(torch.tensor([read]), None)
        read = [draw(logits[0, -1])]
        yield read[0]


def first_instead_of_last(network, start, n_tokens, draw):
    read, state = start, None
    for _ in range(n_tokens):
        logits, state = network(torch.tensor([read]), state)
        read = [draw(logits[0, 0])]
        yield read[0]


def takes_the_likeliest(network, start, n_tokens, draw):
    read, state = start, None
    for _ in range(n_tokens):
        logits, state = network(torch.tensor([read]), state)
        read = [int(logits[0, -1].argmax())]
        yield read[0]


# 4.6


def how_often_at_all(tokens):
    return max(Counter(tokens).values(), default=0)


def repetitions_only(tokens):
    return max((len(list(group)) - 1 for _, group in groupby(tokens)), default=0)


def the_last_stretch(tokens):
    lengths = [len(list(group)) for _, group in groupby(tokens)]
    return lengths[-1] if lengths else 0


def forgets_the_end(tokens):
    longest = count = 0
    for i, token in enumerate(tokens):
        if i and token == tokens[i - 1]:
            count += 1
        else:
            longest, count = max(longest, count), 1
    return longest


# 4.7


def zero_is_no_ban(logits, written, max_run):
    last = list(written[-max_run:])
    if len(last) < max_run or len(set(last)) > 1:
        return logits
    allowed = logits.clone()
    allowed[last[0]] = 0.0
    return allowed


def too_early(logits, written, max_run):
    last = list(written[-max_run:])
    if not last or len(set(last)) > 1:
        return logits
    allowed = logits.clone()
    allowed[last[0]] = NEVER
    return allowed


def changes_the_callers_logits(logits, written, max_run):
    last = list(written[-max_run:])
    if len(last) == max_run and len(set(last)) == 1:
        logits[last[0]] = NEVER
    return logits


def bans_by_count(logits, written, max_run):
    allowed = logits.clone()
    for token, count in Counter(written).items():
        if count >= max_run:
            allowed[token] = NEVER
    return allowed


# (exercise, the wrong answer, words that must stand in the message)
WRONG_ANSWERS = [
    ("4.1", as_they_appear, "the order in which they appear"),
    ("4.1", counted_from_one, "The first number is 0"),
    ("4.1", numbers_of_unicode, "Unicode's numbers"),
    ("4.1", turned_round, "turned round"),
    ("4.2", not_shifted, "repeats one note for ever"),
    ("4.2", backwards, "go backwards"),
    ("4.2", rolled, "brings it round"),
    ("4.2", along_the_batch, "Cut along the second axis"),
    ("4.3", multiplies, "multiplied by the temperature"),
    ("4.3", divides_too_late, "Divide the logits"),
    ("4.3", adds_up_everything, "Sum along the last axis"),
    ("4.3", overflows, "exp(1000) is infinite"),
    ("4.4", always_the_likeliest, "always takes the likeliest"),
    ("4.4", temperature_ignored, "The temperature changes nothing"),
    ("4.4", nucleus_first, "top_k comes first"),
    ("4.4", a_seed_of_its_own, "Hand the generator on"),
    ("4.5", reads_all_again, "reads everything again"),
    ("4.5", forgets_the_state, "state is thrown away"),
    ("4.5", first_instead_of_last, "take the logits at the last place"),
    ("4.5", takes_the_likeliest, "instead of asking draw"),
    ("4.6", how_often_at_all, "Count it only in a row"),
    ("4.6", repetitions_only, "not two repetitions"),
    ("4.6", the_last_stretch, "the stretch at the end"),
    ("4.6", forgets_the_end, "The stretch at the end is lost"),
    ("4.7", zero_is_no_ban, "can still be drawn"),
    ("4.7", too_early, "nothing is forbidden yet"),
    ("4.7", changes_the_callers_logits, "changed the input"),
    ("4.7", bans_by_count, "The run of 1s is over"),
]


test_a_wrong_answer_is_refused_with_its_mistake = refuses(WRONG_ANSWERS)
