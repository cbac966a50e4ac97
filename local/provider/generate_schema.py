"""Makes schema.json: the part of the official `aws` package's schema that this provider has.

    python -m local.provider.generate_schema WHEEL > local/provider/schema.json

WHEEL is the wheel of `pulumi-aws` from PyPI in the version below (`pip download --no-deps pulumi-aws==VERSION`). The
Python SDK in it is generated from the official schema, so its classes say the same; they are read, not run.
Descriptions are left out, and an enumeration is written as the type of its values.
"""

import ast
import json
import sys
import zipfile
from functools import cache
from typing import Any

from local.provider.registry import FUNCTIONS, RESOURCES

VERSION = "7.51.1"


class Sdk:
    """The classes of the Python SDK, read from its wheel."""

    def __init__(self, wheel: str) -> None:
        self._files = zipfile.ZipFile(wheel)
        self.types: dict[str, Any] = {}

    @cache  # noqa: B019 - one object per run
    def _classes(self, path: str) -> dict[str, ast.ClassDef]:
        return {node.name: node for node in self._tree(path).body if isinstance(node, ast.ClassDef)}

    @cache  # noqa: B019 - one object per run
    def _tree(self, path: str) -> ast.Module:
        return ast.parse(self._files.read(f"pulumi_aws/{path}"))

    def resource(self, token: str) -> dict[str, Any]:
        """A resource type by its token, such as `aws:s3/bucket:Bucket`."""
        folder, path, name = _locate(token)
        classes = self._classes(path)
        # `InitArgs` if an object type already has the name `Args`.
        arguments = classes.get(f"{name}Args") or classes[f"{name}InitArgs"]
        inputs, required = self._getters(folder, arguments, as_input=True)
        outputs, always = self._getters(folder, classes[name], as_input=False)
        for secret in _secrets(classes[name]):
            for properties in (inputs, outputs):
                if secret in properties:
                    properties[secret]["secret"] = True
        return {
            "properties": outputs,
            "required": always,
            "inputProperties": inputs,
            "requiredInputs": required,
        }

    def function(self, token: str) -> dict[str, Any]:
        """A function by its token, such as `aws:index/getRegion:getRegion`."""
        folder, path, name = _locate(token)
        snake = path.rsplit("/")[-1].removesuffix(".py")
        functions = [node for node in self._tree(path).body if isinstance(node, ast.FunctionDef)]
        definition = next(node for node in functions if node.name == snake)
        names = _dictionary_keys(definition)
        inputs = {
            names[argument.arg]: self._type(folder, argument.annotation, as_input=True)[0]
            for argument in definition.args.args
            if argument.arg in names
        }
        result = next(
            node
            for class_name, node in self._classes(path).items()
            if class_name == f"{name[0].upper()}{name[1:]}Result"
        )
        outputs, always = self._getters(folder, result, as_input=False)
        return {
            "inputs": {"type": "object", "properties": inputs},
            "outputs": {"type": "object", "properties": outputs, "required": always},
        }

    def provider(self) -> dict[str, Any]:
        inputs, required = self._getters("", self._classes("provider.py")["ProviderArgs"], as_input=True)
        return {"inputProperties": inputs, "requiredInputs": required}

    def _getters(self, folder: str, of: ast.ClassDef, as_input: bool) -> tuple[dict[str, Any], list[str]]:
        """The properties of a class, and the names of those that are always present."""
        properties: dict[str, Any] = {}
        required: list[str] = []
        for node in of.body:
            if not isinstance(node, ast.FunctionDef) or node.returns is None or not _is_property(node):
                continue
            name = _schema_name(node)
            properties[name], optional = self._type(folder, node.returns, as_input)
            if (message := _deprecation(node)) is not None:
                properties[name]["deprecationMessage"] = message
            if not optional:
                required.append(name)
        return dict(sorted(properties.items())), sorted(required)

    def _type(self, folder: str, annotation: ast.expr | None, as_input: bool) -> tuple[dict[str, Any], bool]:
        """A type in the schema's words, and whether it may be absent."""
        match annotation:
            case ast.Constant(value=str(text)):
                return self._named(folder, text), False
            case ast.Attribute(attr=attr):
                return dict(_PRIMITIVES[attr]), False
            case ast.Name(id=name):
                return dict(_PRIMITIVES[name]), False
            case ast.Subscript(value=ast.Attribute(attr="Input" | "Output"), slice=inner):
                return self._type(folder, inner, as_input)
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                return self._type(folder, inner, as_input)[0], True
            case ast.Subscript(value=ast.Name(id="Sequence"), slice=inner):
                return {"type": "array", "items": self._type(folder, inner, as_input)[0]}, False
            case ast.Subscript(value=ast.Name(id="Mapping"), slice=ast.Tuple(elts=[_, inner])):
                return {"type": "object", "additionalProperties": self._type(folder, inner, as_input)[0]}, False
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=[first, *_])):
                # A string and an enumeration of strings, or an object and the same as a dictionary.
                return self._type(folder, first, as_input)
        raise ValueError(f"no schema for the type {ast.dump(annotation) if annotation else None}")

    def _named(self, folder: str, text: str) -> dict[str, Any]:
        """An object type, which is added to `types` with all the types in it."""
        name = text.rsplit(".", 1)[-1].removesuffix("Args")
        token = f"aws:{folder or 'index'}/{name}:{name}"
        if token not in self.types:
            self.types[token] = {"type": "object"}
            prefix = f"{_folder(folder)}/" if folder else ""
            classes = self._classes(f"{prefix}_inputs.py")
            if f"{name}Args" in classes:
                properties, required = self._getters(folder, classes[f"{name}Args"], as_input=True)
            else:
                properties, required = self._getters(folder, self._classes(f"{prefix}outputs.py")[name], as_input=False)
            self.types[token] = {"type": "object", "properties": properties, "required": required}
        return {"$ref": f"#/types/{token}"}


_PRIMITIVES: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "Archive": {"$ref": "pulumi.json#/Archive"},
    "Any": {"$ref": "pulumi.json#/Any"},
}


def _folder(module: str) -> str:
    return "lambda_" if module == "lambda" else module


def _locate(token: str) -> tuple[str, str, str]:
    """The module, the file in the SDK and the class of a token."""
    _, middle, name = token.split(":")
    module, member = middle.split("/")
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in member)
    return ("", f"{snake}.py", name) if module == "index" else (module, f"{_folder(module)}/{snake}.py", name)


def _decorators(node: ast.FunctionDef) -> list[str]:
    return [ast.unparse(decorator) for decorator in node.decorator_list]


def _is_property(node: ast.FunctionDef) -> bool:
    return any(decorator.endswith("property") for decorator in _decorators(node))


def _schema_name(node: ast.FunctionDef) -> str:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pulumi.getter":
            return next((ast.literal_eval(k.value) for k in decorator.keywords if k.arg == "name"), node.name)
    return node.name


def _deprecation(node: ast.FunctionDef) -> str | None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "_utilities.deprecated":
            return ast.literal_eval(decorator.args[0])
    return None


def _secrets(resource: ast.ClassDef) -> list[str]:
    """The outputs that the SDK marks as secret."""
    for node in ast.walk(resource):
        if isinstance(node, ast.keyword) and node.arg == "additional_secret_outputs":
            return ast.literal_eval(node.value)
    return []


def _dictionary_keys(function: ast.FunctionDef) -> dict[str, str]:
    """From the names of a function's Python arguments to those of the schema: `__args__['accountId'] = account_id`."""
    return {
        node.value.id: ast.literal_eval(node.targets[0].slice)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Subscript)
        and isinstance(node.value, ast.Name)
    }


def generate(wheel: str) -> dict[str, Any]:
    sdk = Sdk(wheel)
    resources = {token: sdk.resource(token) for token in sorted(RESOURCES)}
    functions = {token: sdk.function(token) for token in sorted(FUNCTIONS)}
    provider = sdk.provider()
    return {
        "name": "aws",
        "version": VERSION,
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "config": {"variables": {name: dict(of) for name, of in provider["inputProperties"].items()}},
        "provider": provider,
        "resources": resources,
        "functions": functions,
        "types": dict(sorted(sdk.types.items())),
    }


def formatted(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(formatted(generate(sys.argv[1])))
