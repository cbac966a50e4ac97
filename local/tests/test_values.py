"""When two values mean the same, and what the provider does with them, without an engine."""

import json
from types import MappingProxyType

import pytest

from local.provider import lifecycle
from local.provider.clients import Clients
from local.provider.resource import Resource, unsupported
from local.provider.values import (
    ARCHIVE,
    SIGNATURE,
    UNKNOWN,
    from_struct,
    has_unknown,
    is_same_value,
    secret,
    to_struct,
)
from tools.errors import ToolError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": "", "b": []}, {}),
        (["x", "y"], ["y", "x"]),
        ([{"id": "1", "n": 2}, {"id": "0"}], [{"id": "0"}, {"n": 2, "id": "1"}]),
        (json.dumps({"Action": ["s3:Get"], "Effect": "Allow"}), json.dumps({"Effect": "Allow", "Action": "s3:Get"})),
        (json.dumps({"Action": ["a", "b"]}), json.dumps({"Action": ["b", "a"]})),
        (60, 60.0),
        ({"enabled": False}, {}),
        ({SIGNATURE: ARCHIVE, "hash": "1", "path": "a.zip"}, {SIGNATURE: ARCHIVE, "hash": "1"}),
    ],
)
def test_these_mean_the_same(one, other):
    assert is_same_value(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0, None),
        (0, False),
        ("0", 0),
        ({"a": "1"}, {"a": "2"}),
        (json.dumps({"Action": ["a", "b"]}), json.dumps({"Action": ["a"]})),
        (json.dumps({"widgets": [{"y": 1}, {"y": 2}]}), json.dumps({"widgets": [{"y": 2}, {"y": 1}]})),
        ({SIGNATURE: ARCHIVE, "hash": "1"}, {SIGNATURE: ARCHIVE, "hash": "2"}),
        ("{not json", "{also not"),
    ],
)
def test_these_do_not_mean_the_same(one, other):
    assert not is_same_value(one, other)


def test_numbers_come_back_whole_and_secrets_plain():
    given = {"n": 60, "half": 0.5, "list": [1, {"x": 2}], "secret": secret({"k": "v"}), "none": None}
    assert from_struct(to_struct(given)) == {"n": 60, "half": 0.5, "list": [1, {"x": 2}], "secret": {"k": "v"}}


def test_an_unknown_is_found_wherever_it_is():
    assert has_unknown({"a": [{"b": f"arn:{UNKNOWN}/*"}]})
    assert not has_unknown({"a": [{"b": "arn:aws:s3:::bucket/*"}]})


def test_inputs_that_are_not_supported_are_named_with_their_path():
    supported = {"a": None, "b": {"c": None}}
    assert unsupported(supported, {"a": {"anything": 1}, "b": [{"c": 1}, {"d": 1}], "e": 1}) == ["b.d", "e"]


class Forgetful(Resource):
    """A type of which the emulator stores one input and drops the others."""

    token = "aws:ssm/parameter:Parameter"
    supported = MappingProxyType({"name": None, "description": None, "value": None})

    def read(self, id, old):
        return {"name": id}


def test_an_input_that_the_emulator_drops_is_an_error_and_a_secret_one_is_not_shown():
    inputs = {"name": "n", "description": "wanted", "value": "hush"}
    with pytest.raises(lifecycle.LifecycleError) as refused:
        lifecycle.read_back(Forgetful(None), "n", inputs, inputs)
    assert "did not keep" in str(refused.value)
    assert "wanted" in str(refused.value)
    assert "value" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint", ["", "https://s3.eu-central-1.amazonaws.com", "https://10.0.0.1:4566", "https://localhost.example.com"]
)
def test_the_provider_uses_no_endpoint_that_is_not_on_this_machine(monkeypatch, endpoint):
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(ToolError, match="not on this machine"):
        Clients("eu-central-1", {})
