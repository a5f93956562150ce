"""The one exception that is written for the learner."""


class InputError(ValueError):
    """Something that was given cannot be used, and the message says what to do.

    The message is one clear sentence: what was wrong, what is allowed, what to do.
    The command line prints it and exits with code 2; a notebook shows it as it is.
    """


class InputWarning(UserWarning):
    """Something was damaged or missing, and the course went on all the same.

    The message is one clear sentence: what was wrong, and how it went on. The command
    line prints it like an error; a notebook shows it as a warning.
    """
