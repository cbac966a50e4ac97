"""Queues and their policies."""

from botocore.exceptions import ClientError

from local.provider.clients import missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties

# SQS's name for each input that is a number.
_NUMBERS = {
    "delaySeconds": "DelaySeconds",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


class Queue(Resource):
    token = "aws:sqs/queue:Queue"
    supported = dict.fromkeys(("name", "sqsManagedSseEnabled", "tags", *_NUMBERS))
    defaults = {
        "delaySeconds": 0,
        "messageRetentionSeconds": 345600,
        "receiveWaitTimeSeconds": 0,
        "sqsManagedSseEnabled": True,
        "visibilityTimeoutSeconds": 30,
    }
    replaces = frozenset({"name"})
    outputs = frozenset({"arn", "url"})
    named = Named("name", 80)

    def create(self, inputs: Properties) -> str:
        answer = self.aws.client("sqs").create_queue(
            QueueName=inputs["name"], Attributes=self._attributes(inputs), tags=self.aws.all_tags(inputs)
        )
        return answer["QueueUrl"]

    def read(self, id: str, old: Properties) -> Properties | None:
        sqs = self.aws.client("sqs")
        try:
            found = sqs.get_queue_attributes(QueueUrl=id, AttributeNames=["All"])["Attributes"]
            tags = sqs.list_queue_tags(QueueUrl=id).get("Tags", {})
        except ClientError as error:
            if missing(error):
                return None
            raise
        return {
            "name": id.rsplit("/", 1)[-1],
            **{name: int(found[of]) for name, of in _NUMBERS.items()},
            "sqsManagedSseEnabled": found.get("SqsManagedSseEnabled", "false") == "true",
            "arn": found["QueueArn"],
            "url": id,
            **self.aws.own_tags(tags, old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        sqs = self.aws.client("sqs")
        sqs.set_queue_attributes(QueueUrl=id, Attributes=self._attributes(inputs))
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            sqs.untag_queue(QueueUrl=id, TagKeys=gone)
        if wanted:
            sqs.tag_queue(QueueUrl=id, Tags=wanted)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("sqs").delete_queue(QueueUrl=id)

    def _attributes(self, inputs: Properties) -> dict[str, str]:
        return {
            **{of: str(self.effective(inputs, name)) for name, of in _NUMBERS.items()},
            "SqsManagedSseEnabled": str(self.effective(inputs, "sqsManagedSseEnabled")).lower(),
        }


class QueuePolicy(Resource):
    token = "aws:sqs/queuePolicy:QueuePolicy"
    supported = {"queueUrl": None, "policy": None}
    replaces = frozenset({"queueUrl"})
    outputs = frozenset()

    def create(self, inputs: Properties) -> str:
        self.update(inputs["queueUrl"], inputs, {})
        return inputs["queueUrl"]

    def read(self, id: str, old: Properties) -> Properties | None:
        try:
            found = self.aws.client("sqs").get_queue_attributes(QueueUrl=id, AttributeNames=["Policy"])
        except ClientError as error:
            if missing(error):
                return None
            raise
        policy = found.get("Attributes", {}).get("Policy")
        return {"queueUrl": id, "policy": policy} if policy else None

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self.aws.client("sqs").set_queue_attributes(QueueUrl=id, Attributes={"Policy": inputs["policy"]})

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("sqs").set_queue_attributes(QueueUrl=id, Attributes={"Policy": ""})
