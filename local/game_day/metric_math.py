"""Metric math, as far as the program uses it ("Using metric math", Amazon CloudWatch User Guide)."""

import ast
import operator
import re
from collections.abc import Callable, Mapping

from tools.errors import ToolError

_Binary = Callable[[float, float], float]
_COMPARISONS = {ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le}
_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """The value of an expression for one period; None stands for no data."""
    # Its AND and OR are the only words that Python spells in another way.
    python = re.sub(r"\b(AND|OR)\b", lambda word: word[1].lower(), " ".join(expression.split()))
    try:
        return _value(ast.parse(python, mode="eval").body, values)
    except (SyntaxError, KeyError) as error:
        raise ToolError(f"the metric math {expression} has something unknown: {error}") from None


def _value(node: ast.expr, values: Mapping[str, float | None]) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            return _value(then if _value(condition, values) else otherwise, values)
        case ast.Call(func=ast.Name(id="FILL"), args=[metric, other]):
            found = _value(metric, values)
            return _value(other, values) if found is None else found
        case ast.BoolOp(op=op, values=parts):
            truths = [bool(_value(part, values)) for part in parts]
            return float(all(truths) if isinstance(op, ast.And) else any(truths))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _both(_COMPARISONS[type(op)], left, right, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _both(_ARITHMETIC[type(op)], left, right, values)
    raise SyntaxError(ast.unparse(node))


def _both(apply: _Binary, left: ast.expr, right: ast.expr, values: Mapping[str, float | None]) -> float | None:
    one, other = _value(left, values), _value(right, values)
    return None if one is None or other is None else float(apply(one, other))
