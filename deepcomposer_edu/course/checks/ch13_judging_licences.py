"""How the answers of lesson 13 are judged that are about licences that meet."""

from deepcomposer_edu.compose.rights import Layer
from deepcomposer_edu.course.learner import Learner


def _layers(*licences: str) -> list[Layer]:
    return [Layer(f"the {name} layer", "work", name) for name in licences]


def _names(*licences: str) -> list[str]:
    return [f"the {name} layer" for name in licences]


def way_is_a_list(learner: Learner) -> None:
    """The answer is a list of texts."""
    got = learner(_layers("unknown"), "share")
    learner.expect_type(got, list, cause="An empty list if nothing is in the way.")
    learner.expect_equal(
        got,
        _names("unknown"),
        "Without a licence nothing is allowed.",
        known=[
            (["unknown"], "Give the `.what` of the layer, not its licence."),
            (_layers("unknown"), "Give the `.what` of the layer, not the layer."),
            ([], "What a licence does not name is not allowed."),
        ],
    )


def way_of_every_layer(learner: Learner) -> None:
    """Every layer has to allow the use."""
    piece = _layers("CC BY-NC", "public domain", "all rights reserved", "MIT")
    learner.expect_equal(
        learner(piece, "sell"),
        _names("CC BY-NC", "all rights reserved"),
        "Two of the four layers do not allow selling.",
        known=[
            ([], "One layer that allows it is not enough: every layer has to."),
            (_names("public domain", "MIT"), "Those are the layers that allow it."),
            (_names("all rights reserved"), "Non-commercial forbids selling."),
        ],
    )
    learner.expect_equal(
        learner(_layers("CC BY-ND"), "change"),
        _names("CC BY-ND"),
        "No derivatives: it may be passed on, but not changed.",
    )


def way_is_free(learner: Learner) -> None:
    """Nothing is in the way where everything is allowed."""
    piece = _layers("public domain", "CC0", "CC BY", "own work")
    for use in ("share", "change", "sell"):
        learner.expect_equal(
            learner(piece, use),
            [],
            "All four allow everything; to name the author is a duty, no ban.",
        )


def way_of_share_alike(learner: Learner) -> None:
    """Share alike and non-commercial do not mix in something new."""
    piece = _layers("CC BY-NC", "CC BY-SA", "CC BY")
    learner.expect_equal(
        learner(piece, "change"),
        _names("CC BY-NC"),
        "Share alike wants the new piece under a licence that allows selling, and the "
        "non-commercial layer does not allow that.",
        known=[
            ([], "Each layer allows changes, but their conditions do not fit: the new "
             "piece must have the share-alike licence, which allows selling."),
            (_names("CC BY-NC", "CC BY-SA"), "Only the layer that does not allow "
             "enough is in the way."),
        ],
    )  # fmt: skip
    learner.expect_equal(
        learner(piece, "share"),
        [],
        "Passed on unchanged, each layer keeps its own licence.",
        known=[(_names("CC BY-NC"), 'Share alike matters only for "change".')],
    )
