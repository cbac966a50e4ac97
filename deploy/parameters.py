"""The SSM parameters in which other programs look a stack's names up."""

from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from deploy.session import session
from tools.config import setting
from tools.errors import ToolError


def under(stack: str, project: Path) -> str:
    """The path of a stack's parameters."""
    return f"{setting(stack, 'parameterPath', project)}/{stack}"


def values(stack: str, project: Path) -> dict[str, str]:
    """What is there, by the whole names."""
    path = under(stack, project)
    try:
        pages = session(stack, project).client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path)
        return {parameter["Name"]: parameter["Value"] for page in pages for parameter in page["Parameters"]}
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"the parameters under {path} could not be read: {error}") from None


def show(stack: str, project: Path) -> None:
    """Prints them as a table."""
    found = values(stack, project)
    if not found:
        raise ToolError(f"there are no parameters under {under(stack, project)}; deploy the stack: just up {stack}")
    width = max(map(len, found))
    for name in sorted(found):
        print(f"{name:<{width}}  {found[name]}")
