"""The setting of a user's two keys through rotations."""

import pytest

from deploy.keys import begun, finished, problem
from tools.config import declared
from tools.errors import ToolError


def test_three_rotations_make_three_keys_and_never_leave_the_user_without_one():
    keys, seen = declared()["userAKeys"]["default"], []
    for _ in range(3):
        for step in (begun, finished):
            keys = step(keys, "dev", "a")
            assert problem(keys) is None
            seen.append((keys["given"], *keys["status"], *keys["made"]))
    assert seen == [
        (1, "Active", "Active", 1, 2),
        (1, "Inactive", "Active", 1, 2),
        (0, "Active", "Active", 2, 2),
        (0, "Active", "Inactive", 2, 2),
        (1, "Active", "Active", 2, 3),
        (1, "Inactive", "Active", 2, 3),
    ]
    print(f"saw {seen}")


def test_a_key_that_is_in_use_is_never_made_anew():
    keys = begun(declared()["userAKeys"]["default"], "dev", "a")
    with pytest.raises(ToolError, match=r"not finished: the old key is still active.*just rotate-keys dev a --finish"):
        begun(keys, "dev", "a")


def test_there_is_nothing_to_finish_before_a_rotation():
    with pytest.raises(ToolError, match="has one active key; to make a new one: just rotate-keys dev b"):
        finished(declared()["userBKeys"]["default"], "dev", "b")


@pytest.mark.parametrize(
    "keys",
    [
        None,
        {},
        {"given": 2, "status": ["Active", "Active"], "made": [1, 1]},
        {"given": 0, "status": ["Active"], "made": [1, 1]},
        {"given": 0, "status": ["Active", "Expired"], "made": [1, 1]},
        {"given": 0, "status": ["Active", "Active"], "made": ["1", 1]},
        {"given": 0, "status": ["Inactive", "Active"], "made": [1, 1]},
    ],
)
def test_a_setting_that_would_take_the_user_its_key_is_refused(keys):
    assert problem(keys)
