"""Draws photos before and after scrubbing in real browsers and compares them: `just browsers`.

No part of `just test`, as it needs browsers that are installed.
"""
