"""Drawing a sound from a WaveNet, one sample after the other, slowly and fast.

Three engines give the same codes from the same seed:

- "naive" runs the whole network for each sample over all that it can see;
- "queue" keeps what each layer still needs (Le Paine et al. 2016, "Fast WaveNet");
- "numba" does the same in machine code, without torch's cost for each small step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from deepcomposer_edu.errors import InputError
from deepcomposer_edu.models.wave_numba import has_numba, numba_engine
from deepcomposer_edu.models.wavenet import WaveLayer, WaveNet, check_condition
from deepcomposer_edu.nn.sampling import check_sampling
from deepcomposer_edu.nn.waves import gated, queue_step

ENGINES = ("auto", "naive", "queue", "numba")
MAX_SAMPLES = 3_600 * 16_000  # an hour at 16 kHz
BLOCK = 1_000  # samples between two reports of progress
OnProgress = Callable[[int, int], None] | None


def generate(
    network: WaveNet,
    n_samples: int,
    local: Tensor | None = None,
    whole: Tensor | None = None,
    temperature: float = 1.0,
    seed: int | Sequence[int] = 0,
    primer: Tensor | None = None,
    engine: str = "auto",
    on_progress: OnProgress = None,
) -> Tensor:
    """Return a sound drawn from a WaveNet, as mu-law codes.

    Args:
        network: the network; of a NoteWaveNet, its `wavenet`.
        n_samples: N, the length of the sound.
        local: what is known of each moment, (F, L), or (B, F, L) for B sounds.
        whole: what is known of each sound, (G,) or (B, G).
        temperature: above 0; 1 draws as the network learned, less takes what is likely.
        seed: from which all chance follows; one for each of B sounds makes each the
            same as if it were drawn alone.
        primer: codes that the sound begins with, (P,) or (B, P), P at most N.
        engine: one of ENGINES; "auto" takes the fastest that is installed.
        on_progress: called with (samples done, samples in all); an exception raised in
            it ends the work.

    Returns:
        (N,) int64; (B, N) if one of `local`, `whole` and `primer` is of B sounds.

    Raises:
        InputError: if a value is not allowed, or numba is wanted and not installed.
    """
    check_sampling(temperature, 0, 1.0, network.config.n_classes)
    if not 1 <= n_samples <= MAX_SAMPLES:
        raise InputError(
            f"{n_samples} samples were asked for, but it takes 1 to {MAX_SAMPLES:,}."
        )
    is_one, local, whole, primer = _as_batch(local, whole, primer)
    check_condition(network.config, n_samples, local, whole)
    n_sounds = max(1 if x is None else len(x) for x in (local, whole, primer))
    primer = torch.zeros(n_sounds, 0) if primer is None else primer
    if primer.shape[1] > n_samples:
        raise InputError(
            f"The sound begins with {primer.shape[1]} samples, but only {n_samples} "
            "were asked for; ask for more, or give a shorter beginning."
        )
    codes = torch.zeros(n_sounds, n_samples, dtype=torch.int64)
    codes[:, : primer.shape[1]] = primer
    chances = _chances(seed, n_sounds, n_samples)
    work = (codes, primer.shape[1], local, whole, chances, temperature)
    with torch.no_grad():
        for done in _engine(engine)(network, *work):
            if on_progress is not None:
                on_progress(done, n_samples)
    return codes[0] if is_one else codes


def draw(logits: Tensor, chances: Tensor, temperature: float) -> Tensor:
    """Return codes drawn from logits by numbers of chance: the inverse of the sum.

    Args:
        logits: (B, n_classes).
        chances: (B,) in [0, 1).
        temperature: above 0.

    Returns:
        (B,): the first code at which the sum of the probabilities passes the chance.
    """
    powers = (logits.double() - logits.amax(1, keepdim=True)) / temperature
    sums = powers.exp().cumsum(dim=1)  # (B, n_classes)
    drawn = (sums <= chances[:, None] * sums[:, -1:]).sum(dim=1)
    return drawn.clamp(max=logits.shape[1] - 1)


class Queues:
    """A WaveNet that is asked for one sample at a time.

    Args:
        network: the network.
        n_sounds: B.
        local: (B or 1, F, L) or None.
        whole: (B or 1, G) or None.
        n_held: samples for which each frame of `local` is held.
    """

    def __init__(
        self,
        network: WaveNet,
        n_sounds: int,
        local: Tensor | None = None,
        whole: Tensor | None = None,
        n_held: int = 1,
    ) -> None:
        self.network, self.local, self.n_held, self.t = network, local, n_held, 0
        config = network.config
        self.queues = [
            torch.zeros(n_sounds, (config.kernel - 1) * dilation, config.residual)
            for dilation in config.dilations
        ]
        self.always = [
            layer.condition(1, None, whole)[:, 0] for layer in network.layers
        ]

    def step(self, codes: Tensor) -> Tensor:
        """Return the logits (B, n_classes) of what follows codes (B,)."""
        x, total = self.network.embed(codes), 0  # (B, R)
        for i, layer in enumerate(self.network.layers):
            y, self.queues[i] = self._convolve(x, self.queues[i], layer)
            y = y + self.always[i]
            if self.local is not None:
                y = y + layer.local(self.local[:, self.t // self.n_held])
            out = layer.out(gated(y))
            x, total = x + out[:, : layer.residual], total + out[:, layer.residual :]
        self.t += 1
        return self.network.read(total)

    @staticmethod
    def _convolve(x: Tensor, queue: Tensor, layer: WaveLayer) -> tuple[Tensor, Tensor]:
        """Return one output of a layer's convolution, and its queue after it."""
        if len(layer.taps) == 2:
            return queue_step(x, queue, layer.taps)
        whole = torch.cat([queue, x[:, None]], dim=1)  # (B, 1 + (K - 1) dilation, R)
        output = whole[:, :: layer.dilation].flatten(1) @ layer.taps.flatten(0, 1)
        return output, whole[:, 1:]


def _naive(
    network: WaveNet,
    codes: Tensor,
    n_known: int,
    local: Tensor | None,
    whole: Tensor | None,
    chances: Tensor,
    temperature: float,
) -> Iterator[int]:
    """Fill `codes` from `n_known` on; yield how many samples are done."""
    field, n_samples = network.config.receptive_field, codes.shape[1]
    if local is not None:
        local = local.repeat_interleave(n_samples // local.shape[1], dim=1)
    for t in range(n_known, n_samples):
        first = max(t - field, 0)  # nothing before it can be seen
        moments = None if local is None else local[:, first : t + 1]
        logits = network(codes[:, first : t + 1], moments, whole)[:, -1]
        codes[:, t] = draw(logits, chances[:, t], temperature)
        if (t + 1) % BLOCK == 0 or t + 1 == n_samples:
            yield t + 1


def _queue(
    network: WaveNet,
    codes: Tensor,
    n_known: int,
    local: Tensor | None,
    whole: Tensor | None,
    chances: Tensor,
    temperature: float,
) -> Iterator[int]:
    """Fill `codes` from `n_known` on; yield how many samples are done."""
    n_sounds, n_samples = codes.shape
    n_held = 1 if local is None else n_samples // local.shape[1]
    queues = Queues(network, n_sounds, local, whole, n_held)
    last = torch.full((n_sounds,), network.config.n_classes // 2)  # silence
    for t in range(n_samples):
        logits = queues.step(last)
        if t >= n_known:
            codes[:, t] = draw(logits, chances[:, t], temperature)
        last = codes[:, t]
        if (t + 1) % BLOCK == 0 or t + 1 == n_samples:
            yield t + 1


def _chances(seed: int | Sequence[int], n_sounds: int, n_samples: int) -> Tensor:
    """Return numbers of chance, (B, N) float64 in [0, 1)."""
    seeds = [seed] if isinstance(seed, int) else list(seed)
    if not isinstance(seed, int) and len(seeds) != n_sounds:
        raise InputError(
            f"{len(seeds)} seeds were given for {n_sounds} sounds; give one for all "
            "of them, or one for each."
        )
    per_seed = n_sounds // len(seeds)
    rows = [
        torch.rand(
            per_seed,
            n_samples,
            generator=torch.Generator().manual_seed(int(one)),
            dtype=torch.float64,
        )
        for one in seeds
    ]
    return torch.cat(rows)


def _engine(name: str) -> Callable[..., Iterator[int]]:
    """Return the engine of a name."""
    if name not in ENGINES:
        raise InputError(
            f"The engine is {str(name)[:40]!r}; choose {', '.join(ENGINES)}."
        )
    if name == "numba" or (name == "auto" and has_numba()):
        return numba_engine
    return _naive if name == "naive" else _queue


def _as_batch(*given: Tensor | None) -> tuple:
    """Return whether one sound is meant, and local, whole, primer each as a batch."""
    axes = (3, 2, 2)
    found = [None if x is None else torch.as_tensor(x) for x in given]
    pairs = list(zip(found, axes, strict=True))
    is_one = all(x is None or x.ndim == n - 1 for x, n in pairs)
    batches = [x if x is None or x.ndim == n else x[None] for x, n in pairs]
    sizes = {len(x) for x in batches if x is not None} - {1}
    if len(sizes) > 1 or any(
        x is not None and x.ndim != n for x, n in zip(batches, axes, strict=True)
    ):
        shapes = ", ".join(str(tuple(x.shape)) for x in found if x is not None)
        raise InputError(
            f"Condition and beginning have the shapes {shapes}, but they must be of "
            "one sound, or all of the same number of sounds."
        )
    return is_one, *batches
