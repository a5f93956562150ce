"""What listeners achieved in published tests, and what exactly was counted there.

The three figures count different things, so each is compared only with the same thing
counted for you: all answers, the machine's pieces, or the person's pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

RIGHT, SPOTTED, RECOGNISED = "right", "spotted", "recognised"
WHAT_IS_COUNTED = {
    RIGHT: "right answers, of all",
    SPOTTED: "machine's pieces called a machine's",
    RECOGNISED: "person's pieces called a person's",
}


@dataclass(frozen=True)
class Published:
    """A figure from a published listening test.

    Args:
        who: the system, and where it was published.
        counts: RIGHT, SPOTTED or RECOGNISED.
        share: from 0 to 1.
        n_answers: how many answers it rests on; None where we could not find out.
        source: what was measured, and how we know.
    """

    who: str
    counts: str
    share: float
    n_answers: int | None
    source: str

    @property
    def words(self) -> str:
        """The share: exact where answers were counted, else as it was told."""
        return f"{self.share:.1%}" if self.n_answers else f"about {self.share:.0%}"


PUBLISHED = (
    Published(
        "JS Fakes (Peracha 2021)",
        SPOTTED,
        2321 / 4048,
        4048,
        "Visitors heard one of 500 chorales by a network and said whether a person or "
        "a machine wrote it: 2,321 of 4,048 answers in the released metadata say "
        "machine. Real Bach is not among those pieces.",
    ),
    Published(
        "BachBot (Liang et al. 2017)",
        RIGHT,
        0.51,
        None,
        "2,336 people; the paper's abstract says that they told Bach from BachBot only "
        "1 % better than chance. A talk by the authors says 5 %.",
    ),
    Published(
        "DeepBach (Hadjeres et al. 2017)",
        RECOGNISED,
        0.75,
        None,
        "More than 1,200 people; reports of the study say that Bach was taken for Bach "
        "in about 75 % of the answers. Read in summaries, not in the paper.",
    ),
    Published(
        "DeepBach (Hadjeres et al. 2017)",
        SPOTTED,
        0.5,
        None,
        "The same people took DeepBach's music for Bach's in about half of the "
        "answers, so they spotted it in the other half.",
    ),
)
