"""What a local command says when it cannot go on: one sentence, what and how to mend it."""


class LocalFailure(Exception):
    """A failure that the user can mend; its text is the whole message."""
