"""What a piece was made from, step by step: compositions of compositions."""

from __future__ import annotations

from collections.abc import Mapping

from deepcomposer_edu.errors import InputError

MAX_PARENTS = 100  # the longest chain of compositions
MAX_STEPS = 4 * MAX_PARENTS  # with those of other music that became sections


def chain_of(record: Mapping) -> list[Mapping]:
    """Return the provenance of a piece and of what it was made from, the oldest first.

    Other music that an arrangement took for a section is left out; `steps_of` has it.

    Raises:
        InputError: if the chain is too long.
    """
    chain = [record]
    while chain[0]["parents"][0]["kind"] == "composition":
        if len(chain) == MAX_PARENTS:
            raise damaged(f"the chain of compositions is longer than {MAX_PARENTS}")
        chain.insert(0, chain[0]["parents"][0]["composition"])
    return chain


def origin_of(record: Mapping) -> Mapping:
    """Return what the first composition of a piece's chain was made from.

    Raises:
        InputError: if the chain is too long.
    """
    return chain_of(record)[0]["parents"][0]


def sources_of(record: Mapping) -> list[Mapping]:
    """Return what one step was made from: its parent, and music for other sections.

    What is damaged is left out.
    """
    materials = record.get("materials")
    found = list(record.get("parents") or [])
    found += materials.values() if isinstance(materials, Mapping) else []
    return [source for source in found if isinstance(source, Mapping)]


def steps_of(record: Mapping) -> list[Mapping]:
    """Return the provenance of every step that a piece took, the oldest first.

    A step with several sources, such as an arrangement of two people's sections, comes
    after all of theirs.

    Raises:
        InputError: if there are too many.
    """
    # a step stands in the list before its sources, and the list is turned round
    waiting, found = [(record, 1)], []
    while waiting:
        step, depth = waiting.pop()
        found.append(step)
        if len(found) > MAX_STEPS or depth > MAX_PARENTS:
            raise damaged(
                f"it has more than {MAX_STEPS} steps, or {MAX_PARENTS} in a row"
            )
        waiting += [
            (source["composition"], depth + 1)
            for source in sources_of(step)
            if isinstance(source.get("composition"), Mapping)
        ]
    return found[::-1]


def networks_of(step: Mapping) -> dict[str, str]:
    """Return the networks that one step names: each one's SHA-256 by its name.

    Those are what wrote its notes, and what plays them where a network does.
    """
    weights, raw = step.get("weights"), step.get("raw")
    found = {}
    if isinstance(weights, Mapping):
        found[str(weights.get("name"))] = str(weights.get("sha256"))
    if isinstance(raw, Mapping) and isinstance(raw.get("weights"), Mapping):
        found |= {str(name): str(sha256) for name, sha256 in raw["weights"].items()}
    return found


def damaged(what: str) -> InputError:
    """Return the error for provenance that cannot be used."""
    return InputError(
        f"The provenance is damaged: {what}; give the composition.json that compose "
        "wrote."
    )
