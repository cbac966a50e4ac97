"""What a tool says when it cannot go on: one sentence, with what is wrong and how to fix it."""


class ToolError(Exception):
    """A failure that the user can fix; its text is the whole message."""
