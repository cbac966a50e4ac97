"""Roles, users, groups and what gives them access."""

from local.tests.cases.case import TRUST, Act, Case, Client, Outputs, action, policy


def _tag(case: str, key: str) -> Act:
    """Looks at a tag of a role."""

    def look(client: Client, out: Outputs) -> str | None:
        tags = client("iam").list_role_tags(RoleName=out[case]["id"])["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags}.get(key)

    return look


def _members(client: Client, out: Outputs) -> list[str]:
    group = client("iam").get_group(GroupName=out["group"]["id"])
    return sorted(user["UserName"].rsplit("-", 1)[0] for user in group["Users"])


CASES = (
    Case(
        "role",
        "aws:iam:Role",
        {"assumeRolePolicy": TRUST, "path": "/trial/", "tags": {"colour": "red"}},
        {"description": "now described", "maxSessionDuration": 7200, "tags": {"colour": "blue"}},
        look=lambda client, out: (
            client("iam").get_role(RoleName=out["role"]["id"])["Role"]["Description"],
            client("iam").get_role(RoleName=out["role"]["id"])["Role"]["MaxSessionDuration"],
            _tag("role", "colour")(client, out),
        ),
        shows=("now described", 7200, "blue"),
        by_hand=lambda client, out: client("iam").update_assume_role_policy(
            RoleName=out["role"]["id"], PolicyDocument=TRUST.replace("lambda", "ec2")
        ),
    ),
    Case(
        "rolePolicy",
        "aws:iam:RolePolicy",
        {"role": "${role.name}", "policy": policy("s3:GetObject", "${bucket.arn}/*")},
        {"policy": policy("s3:PutObject", "${bucket.arn}/*")},
        look=lambda client, out: action(
            client("iam").get_role_policy(RoleName=out["role"]["id"], PolicyName=out["rolePolicy"]["name"])[
                "PolicyDocument"
            ]
        ),
        shows="s3:PutObject",
        by_hand=lambda client, out: client("iam").delete_role_policy(
            RoleName=out["role"]["id"], PolicyName=out["rolePolicy"]["name"]
        ),
        gone=True,
    ),
    Case("group", "aws:iam:Group", {"path": "/trial/"}),
    Case(
        "groupPolicy",
        "aws:iam:GroupPolicy",
        {"group": "${group.name}", "policy": policy("s3:GetObject", "${bucket.arn}/*")},
        {"policy": policy("s3:PutObject", "${bucket.arn}/*")},
        look=lambda client, out: action(
            client("iam").get_group_policy(GroupName=out["group"]["id"], PolicyName=out["groupPolicy"]["name"])[
                "PolicyDocument"
            ]
        ),
        shows="s3:PutObject",
        by_hand=lambda client, out: client("iam").put_group_policy(
            GroupName=out["group"]["id"],
            PolicyName=out["groupPolicy"]["name"],
            PolicyDocument=policy("s3:*", "*"),
        ),
    ),
    Case(
        "userOne",
        "aws:iam:User",
        {"path": "/trial/", "forceDestroy": True},
        {"tags": {"colour": "blue"}},
        look=lambda client, out: client("iam").list_user_tags(UserName=out["userOne"]["id"])["Tags"],
        shows=[{"Key": "colour", "Value": "blue"}],
        by_hand=lambda client, out: client("iam").untag_user(UserName=out["userOne"]["id"], TagKeys=["colour"]),
    ),
    Case("userTwo", "aws:iam:User", {"forceDestroy": True}),
    Case(
        "members",
        "aws:iam:GroupMembership",
        {"group": "${group.name}", "users": ["${userOne.name}"]},
        {"users": ["${userTwo.name}"]},
        look=_members,
        shows=["userTwo"],
        by_hand=lambda client, out: client("iam").add_user_to_group(
            GroupName=out["group"]["id"], UserName=out["userOne"]["id"]
        ),
    ),
    Case(
        "key",
        "aws:iam:AccessKey",
        {"user": "${userTwo.name}"},
        {"status": "Inactive"},
        look=lambda client, out: client("iam").list_access_keys(UserName=out["userTwo"]["id"])["AccessKeyMetadata"][0][
            "Status"
        ],
        shows="Inactive",
        by_hand=lambda client, out: client("iam").update_access_key(
            UserName=out["userTwo"]["id"], AccessKeyId=out["key"]["id"], Status="Active"
        ),
    ),
)
