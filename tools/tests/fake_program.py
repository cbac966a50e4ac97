"""A program for the PATH of a test."""

from pathlib import Path


def write_program(folder: Path, name: str, script: str) -> None:
    """Writes a shell script that can be run by its name."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
