"""What gives roles, users and groups their access: policies, memberships and keys."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.iam import policy_text
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties, secret


class InlinePolicy(Resource):
    """A policy written into a role or a group; its id is `holder:name`."""

    kind: str
    outputs = frozenset()
    named = Named("name", 128)

    def _holder(self) -> str:
        return self.kind.lower()

    def _call(self, verb: str, id: str, **request: Any) -> dict[str, Any]:
        holder, name = id.split(":", 1)
        call = getattr(self.aws.client("iam"), f"{verb}_{self._holder()}_policy")
        return call(**{f"{self.kind}Name": holder}, PolicyName=name, **request)

    def create(self, inputs: Properties) -> str:
        id = f"{inputs[self._holder()]}:{inputs['name']}"
        self._call("put", id, PolicyDocument=inputs["policy"])
        return id

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self._call("get", id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        holder, name = id.split(":", 1)
        return {"name": name, self._holder(): holder, "policy": policy_text(found["PolicyDocument"])}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._call("put", id, PolicyDocument=inputs["policy"])

    def delete(self, id: str, old: Properties) -> None:
        self._call("delete", id)


class RolePolicy(InlinePolicy):
    token = "aws:iam/rolePolicy:RolePolicy"
    kind = "Role"
    supported = dict.fromkeys(("name", "role", "policy"))
    replaces = frozenset({"name", "role"})


class GroupPolicy(InlinePolicy):
    token = "aws:iam/groupPolicy:GroupPolicy"
    kind = "Group"
    supported = dict.fromkeys(("name", "group", "policy"))
    replaces = frozenset({"name", "group"})


class GroupMembership(Resource):
    """All the users of a group: one that was added by hand is drift."""

    token = "aws:iam/groupMembership:GroupMembership"
    supported = dict.fromkeys(("name", "group", "users"))
    replaces = frozenset({"name", "group"})
    outputs = frozenset()
    named = Named("name", 128)

    def create(self, inputs: Properties) -> str:
        # IAM has no membership to create: `settle` adds the users.
        self.aws.client("iam").get_group(GroupName=inputs["group"])
        return inputs["name"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._change(inputs["group"], add=set(inputs["users"]), remove=set())

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            pages = self.aws.client("iam").get_paginator("get_group").paginate(GroupName=old["group"])
            users = sorted(user["UserName"] for page in pages for user in page["Users"])
        except ClientError as error:
            if missing(error):
                return None
            raise
        return {"name": id, "group": old["group"], "users": users}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        wanted, have = set(inputs["users"]), set(old.get("users", []))
        self._change(inputs["group"], add=wanted - have, remove=have - wanted)

    def delete(self, id: str, old: Properties) -> None:
        actual = self.read(id, old) or {}
        self._change(old["group"], add=set(), remove=set(old.get("users", [])) & set(actual.get("users", [])))

    def _change(self, group: str, add: set[str], remove: set[str]) -> None:
        iam = self.aws.client("iam")
        for user in sorted(add):
            iam.add_user_to_group(GroupName=group, UserName=user)
        for user in sorted(remove):
            iam.remove_user_from_group(GroupName=group, UserName=user)


class AccessKey(Resource):
    token = "aws:iam/accessKey:AccessKey"
    supported = {"user": None, "status": None}
    defaults = {"status": "Active"}
    replaces = frozenset({"user"})
    outputs = frozenset({"createDate", "secret"})

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._made: dict[str, str] = {}

    def create(self, inputs: Properties) -> str:
        key = self.aws.client("iam").create_access_key(UserName=inputs["user"])["AccessKey"]
        # IAM returns the secret key only here; `read` puts it into the state.
        self._made[key["AccessKeyId"]] = key["SecretAccessKey"]
        return key["AccessKeyId"]

    def settle(self, id: str, inputs: Properties) -> None:
        if self.effective(inputs, "status") != "Active":
            self.update(id, inputs, {})

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            keys = self.aws.client("iam").list_access_keys(UserName=old["user"])["AccessKeyMetadata"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        for key in keys:
            if key["AccessKeyId"] == id:
                return {
                    "user": old["user"],
                    "status": key["Status"],
                    "createDate": key["CreateDate"].isoformat(),
                    "secret": secret(self._made.pop(id, None) or old["secret"]),
                }
        return None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        status = self.effective(inputs, "status")
        self.aws.client("iam").update_access_key(UserName=inputs["user"], AccessKeyId=id, Status=status)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("iam").delete_access_key(UserName=old["user"], AccessKeyId=id)
