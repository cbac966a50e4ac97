"""Roles, users and groups."""

import json
from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class Identity(Resource):
    """A role, a user or a group: named, in a path, with the name as its id."""

    # IAM's name for it, as in `create_role` and `RoleName`.
    kind: str

    def _call(self, verb: str, id: str, **request: Any) -> dict[str, Any]:
        client = self.aws.client("iam")
        return getattr(client, f"{verb}_{self.kind.lower()}")(**{f"{self.kind}Name": id}, **request)

    def _found(self, id: str) -> dict[str, Any] | None:
        try:
            return self._call("get", id)[self.kind]
        except ClientError as error:
            if missing(error):
                return None
            raise

    def _retag(self, id: str, inputs: Properties, old: Properties) -> None:
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            self._call("untag", id, TagKeys=gone)
        if wanted:
            self._call("tag", id, Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self._call("delete", id)


class Role(Identity):
    token = "aws:iam/role:Role"
    kind = "Role"
    supported = dict.fromkeys(("name", "path", "description", "assumeRolePolicy", "maxSessionDuration", "tags"))
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
            Tags=as_list(self.aws.all_tags(inputs)),
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
            "assumeRolePolicy": policy_text(role["AssumeRolePolicyDocument"]),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "arn": role["Arn"],
            "uniqueId": role["RoleId"],
            "createDate": role["CreateDate"].isoformat(),
            **self.aws.own_tags(as_dict(self.aws.client("iam").list_role_tags(RoleName=id)["Tags"]), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self.aws.client("iam").update_assume_role_policy(RoleName=id, PolicyDocument=inputs["assumeRolePolicy"])
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
    supported = dict.fromkeys(("name", "path", "forceDestroy", "tags"))
    defaults = {"path": "/", "forceDestroy": False}
    plugin_only = frozenset({"forceDestroy"})
    # The official plugin renames a user in place.
    fixed = frozenset({"name", "path"})
    outputs = frozenset({"arn", "uniqueId"})
    named = Named("name", 64)

    def create(self, inputs: Properties) -> str:
        tags = as_list(self.aws.all_tags(inputs))
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
            **self.aws.own_tags(as_dict(self.aws.client("iam").list_user_tags(UserName=id)["Tags"]), old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._retag(id, inputs, old)

    def delete(self, id: str, old: Properties) -> None:
        if old.get("forceDestroy"):
            # Keys, groups and policies that were added by hand; those of the program are deleted before the user.
            iam = self.aws.client("iam")
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
    supported = dict.fromkeys(("name", "path"))
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


def policy_text(document: Any) -> str:
    """A policy as text; boto3 gives it decoded."""
    return document if isinstance(document, str) else json.dumps(document)
