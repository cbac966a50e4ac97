"""Topics and their policies."""

import json

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class Topic(Resource):
    token = "aws:sns/topic:Topic"
    supported = dict.fromkeys(("name", "displayName", "tags"))
    defaults = {"displayName": ""}
    replaces = frozenset({"name"})
    outputs = frozenset({"arn", "owner"})
    named = Named("name", 256)

    def create(self, inputs: Properties) -> str:
        answer = self.aws.client("sns").create_topic(
            Name=inputs["name"],
            Attributes={"DisplayName": self.effective(inputs, "displayName")},
            Tags=as_list(self.aws.all_tags(inputs)),
        )
        return answer["TopicArn"]

    def read(self, id: str, old: Properties) -> Properties | None:
        sns = self.aws.client("sns")
        try:
            found = sns.get_topic_attributes(TopicArn=id)["Attributes"]
            tags = as_dict(sns.list_tags_for_resource(ResourceArn=id)["Tags"])
        except ClientError as error:
            if missing(error):
                return None
            raise
        return {
            "name": id.rsplit(":", 1)[-1],
            "displayName": found.get("DisplayName", ""),
            "arn": id,
            "owner": found["Owner"],
            **self.aws.own_tags(tags, old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        sns = self.aws.client("sns")
        display_name = self.effective(inputs, "displayName")
        sns.set_topic_attributes(TopicArn=id, AttributeName="DisplayName", AttributeValue=display_name)
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            sns.untag_resource(ResourceArn=id, TagKeys=gone)
        if wanted:
            sns.tag_resource(ResourceArn=id, Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("sns").delete_topic(TopicArn=id)


class TopicPolicy(Resource):
    token = "aws:sns/topicPolicy:TopicPolicy"
    supported = {"arn": None, "policy": None}
    replaces = frozenset({"arn"})
    outputs = frozenset({"owner"})

    def create(self, inputs: Properties) -> str:
        self.update(inputs["arn"], inputs, {})
        return inputs["arn"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.aws.client("sns").get_topic_attributes(TopicArn=id)["Attributes"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        return {"arn": id, "policy": found.get("Policy"), "owner": found["Owner"]}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._set(id, inputs["policy"])

    def delete(self, id: str, old: Properties) -> None:
        # A topic always has a policy: like the official plugin, go back to the default one for its owner.
        owner = {
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [f"SNS:{action}" for action in _OWNERS_ACTIONS],
            "Resource": id,
            "Condition": {"StringEquals": {"AWS:SourceOwner": old.get("owner") or id.split(":")[4]}},
        }
        self._set(id, json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [owner]}))

    def _set(self, id: str, policy: str) -> None:
        self.aws.client("sns").set_topic_attributes(TopicArn=id, AttributeName="Policy", AttributeValue=policy)


_OWNERS_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)
