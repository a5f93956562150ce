"""The least that each technique can add, so that a contract is tested quickly."""

BRIEF = {
    "melody-rnn": {"steps": 8},
    "transformer": {"extension_bars": 1},
    "ar-cnn": {"iterations": 2},
}
