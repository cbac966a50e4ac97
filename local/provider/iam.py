"""Roles, users, groups, their policies and keys."""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.provider.cloud import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties, secret


class Identity(Resource):
    """A role, a user or a group: named, in a path, with the name as its id."""

    # IAM's own word for it, as in `create_role` and `RoleName`.
    kind: str

    def _call(self, verb: str, id: str, **request: Any) -> dict[str, Any]:
        client = self.cloud.client("iam")
        return getattr(client, f"{verb}_{self.kind.lower()}")(**{f"{self.kind}Name": id}, **request)

    def _found(self, id: str) -> dict[str, Any] | None:
        try:
            return self._call("get", id)[self.kind]
        except ClientError as error:
            if missing(error):
                return None
            raise

    def _retag(self, id: str, inputs: Properties, old: Properties) -> None:
        wanted = self.cloud.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            self._call("untag", id, TagKeys=gone)
        if wanted:
            self._call("tag", id, Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self._call("delete", id)


class Role(Identity):
    token = "aws:iam/role:Role"
    kind = "Role"
    applies = dict.fromkeys(("name", "path", "description", "assumeRolePolicy", "maxSessionDuration", "tags"))
    defaults = {"path": "/", "description": "", "maxSessionDuration": 3600}
    replaces = frozenset({"name", "path"})
    outputs = frozenset({"arn", "createDate", "uniqueId"})
    named = Named("name", 64)

    def create(self, inputs: Properties) -> str:
        self._call(
            "create",
            inputs["name"],
            Path=self.effective(inputs, "path"),
            Description=self.effective(inputs, "description"),
            AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
            MaxSessionDuration=self.effective(inputs, "maxSessionDuration"),
            Tags=as_list(self.cloud.all_tags(inputs)),
        )
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        role = self._found(id)
        if role is None:
            return None
        return {
            "name": id,
            "path": role["Path"],
            "description": role.get("Description", ""),
            "assumeRolePolicy": _text(role["AssumeRolePolicyDocument"]),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "createDate": role["CreateDate"].isoformat(),
            **self.cloud.own_tags(as_dict(self.cloud.client("iam").list_role_tags(RoleName=id)["Tags"]), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self.cloud.client("iam").update_assume_role_policy(RoleName=id, PolicyDocument=inputs["assumeRolePolicy"])
        self._call(
            "update",
            id,
            Description=self.effective(inputs, "description"),
            MaxSessionDuration=self.effective(inputs, "maxSessionDuration"),
        )
        self._retag(id, inputs, old)


class User(Identity):
    token = "aws:iam/user:User"
    kind = "User"
    applies = dict.fromkeys(("name", "path", "forceDestroy", "tags"))
    defaults = {"path": "/", "forceDestroy": False}
    plugin_only = frozenset({"forceDestroy"})
    # The official plugin renames a user in place.
    fixed = frozenset({"name", "path"})
    outputs = frozenset({"arn", "uniqueId"})
    named = Named("name", 64)

    def create(self, inputs: Properties) -> str:
        tags = as_list(self.cloud.all_tags(inputs))
        self._call("create", inputs["name"], Path=self.effective(inputs, "path"), Tags=tags)
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        user = self._found(id)
        if user is None:
            return None
        return {
            "name": id,
            "path": user["Path"],
            "arn": user["Arn"],
            "uniqueId": user["UserId"],
            **self.cloud.own_tags(as_dict(self.cloud.client("iam").list_user_tags(UserName=id)["Tags"]), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._retag(id, inputs, old)

    def delete(self, id: str, old: Properties) -> None:
        if old.get("forceDestroy"):
            # Keys, groups and policies that were added by hand; those of the program are gone by now.
            iam = self.cloud.client("iam")
            for key in iam.list_access_keys(UserName=id)["AccessKeyMetadata"]:
                iam.delete_access_key(UserName=id, AccessKeyId=key["AccessKeyId"])
            for group in iam.list_groups_for_user(UserName=id)["Groups"]:
                iam.remove_user_from_group(UserName=id, GroupName=group["GroupName"])
            for policy in iam.list_user_policies(UserName=id)["PolicyNames"]:
                iam.delete_user_policy(UserName=id, PolicyName=policy)
            for policy in iam.list_attached_user_policies(UserName=id)["AttachedPolicies"]:
                iam.detach_user_policy(UserName=id, PolicyArn=policy["PolicyArn"])
        self._call("delete", id)


class Group(Identity):
    token = "aws:iam/group:Group"
    kind = "Group"
    applies = dict.fromkeys(("name", "path"))
    defaults = {"path": "/"}
    # The official plugin renames a group in place.
    fixed = frozenset({"name", "path"})
    outputs = frozenset({"arn", "uniqueId"})
    named = Named("name", 128)

    def create(self, inputs: Properties) -> str:
        self._call("create", inputs["name"], Path=self.effective(inputs, "path"))
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        group = self._found(id)
        if group is None:
            return None
        return {"name": id, "path": group["Path"], "arn": group["Arn"], "uniqueId": group["GroupId"]}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        """Nothing about a group can be changed here."""


class InlinePolicy(Resource):
    """A policy written into a role or a group; its id is `holder:name`."""

    kind: str
    outputs = frozenset()
    named = Named("name", 128)

    def _holder(self) -> str:
        return self.kind.lower()

    def _call(self, verb: str, id: str, **request: Any) -> dict[str, Any]:
        holder, name = id.split(":", 1)
        call = getattr(self.cloud.client("iam"), f"{verb}_{self._holder()}_policy")
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
        return {"name": name, self._holder(): holder, "policy": _text(found["PolicyDocument"])}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._call("put", id, PolicyDocument=inputs["policy"])

    def delete(self, id: str, old: Properties) -> None:
        self._call("delete", id)


class RolePolicy(InlinePolicy):
    token = "aws:iam/rolePolicy:RolePolicy"
    kind = "Role"
    applies = dict.fromkeys(("name", "role", "policy"))
    replaces = frozenset({"name", "role"})


class GroupPolicy(InlinePolicy):
    token = "aws:iam/groupPolicy:GroupPolicy"
    kind = "Group"
    applies = dict.fromkeys(("name", "group", "policy"))
    replaces = frozenset({"name", "group"})


class GroupMembership(Resource):
    """All the users of a group: one that was added by hand is drift."""

    token = "aws:iam/groupMembership:GroupMembership"
    applies = dict.fromkeys(("name", "group", "users"))
    replaces = frozenset({"name", "group"})
    outputs = frozenset()
    named = Named("name", 128)

    def create(self, inputs: Properties) -> str:
        # The membership itself is nothing in IAM: `settle` adds the users.
        self.cloud.client("iam").get_group(GroupName=inputs["group"])
        return inputs["name"]

    def settle(self, id: str, inputs: Properties) -> None:
        self._change(inputs["group"], add=set(inputs["users"]), remove=set())

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            pages = self.cloud.client("iam").get_paginator("get_group").paginate(GroupName=old["group"])
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
        self._change(old["group"], add=set(), remove=set(old.get("users", [])))

    def _change(self, group: str, add: set[str], remove: set[str]) -> None:
        iam = self.cloud.client("iam")
        for user in sorted(add):
            iam.add_user_to_group(GroupName=group, UserName=user)
        for user in sorted(remove):
            iam.remove_user_from_group(GroupName=group, UserName=user)


class UserGroupMembership(Resource):
    """Some groups of a user: others that the user is in are no concern of this resource."""

    token = "aws:iam/userGroupMembership:UserGroupMembership"
    applies = dict.fromkeys(("user", "groups"))
    replaces = frozenset({"user"})
    outputs = frozenset()

    def create(self, inputs: Properties) -> str:
        self.cloud.client("iam").get_user(UserName=inputs["user"])
        return f"{inputs['user']}/{'/'.join(sorted(inputs['groups']))}"

    def settle(self, id: str, inputs: Properties) -> None:
        self._change(inputs["user"], add=set(inputs["groups"]), remove=set())

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.cloud.client("iam").list_groups_for_user(UserName=old["user"])["Groups"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        groups = {group["GroupName"] for group in found} & set(old.get("groups", []))
        return {"user": old["user"], "groups": sorted(groups)} if groups else None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        wanted, have = set(inputs["groups"]), set(old.get("groups", []))
        self._change(inputs["user"], add=wanted - have, remove=have - wanted)

    def delete(self, id: str, old: Properties) -> None:
        self._change(old["user"], add=set(), remove=set(old.get("groups", [])))

    def _change(self, user: str, add: set[str], remove: set[str]) -> None:
        iam = self.cloud.client("iam")
        for group in sorted(add):
            iam.add_user_to_group(GroupName=group, UserName=user)
        for group in sorted(remove):
            iam.remove_user_from_group(GroupName=group, UserName=user)


class AccessKey(Resource):
    token = "aws:iam/accessKey:AccessKey"
    applies = {"user": None, "status": None}
    defaults = {"status": "Active"}
    replaces = frozenset({"user"})
    outputs = frozenset({"createDate", "secret"})

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._made: dict[str, str] = {}

    def create(self, inputs: Properties) -> str:
        key = self.cloud.client("iam").create_access_key(UserName=inputs["user"])["AccessKey"]
        # IAM gives the secret key once, here; `read` puts it into the state.
        self._made[key["AccessKeyId"]] = key["SecretAccessKey"]
        return key["AccessKeyId"]

    def settle(self, id: str, inputs: Properties) -> None:
        if self.effective(inputs, "status") != "Active":
            self.update(id, inputs, {})

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            keys = self.cloud.client("iam").list_access_keys(UserName=old["user"])["AccessKeyMetadata"]
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
        self.cloud.client("iam").update_access_key(UserName=inputs["user"], AccessKeyId=id, Status=status)

    def delete(self, id: str, old: Properties) -> None:
        self.cloud.client("iam").delete_access_key(UserName=old["user"], AccessKeyId=id)


def _text(document: Any) -> str:
    """A policy as text; boto3 gives it decoded."""
    return document if isinstance(document, str) else json.dumps(document)
