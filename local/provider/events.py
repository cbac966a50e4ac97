"""EventBridge's rules and their targets, on the default bus."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties


class EventRule(Resource):
    token = "aws:cloudwatch/eventRule:EventRule"
    supported = dict.fromkeys(("name", "description", "eventPattern", "state", "tags"))
    defaults = {"description": "", "state": "ENABLED"}
    replaces = frozenset({"name"})
    named = Named("name", 64)

    def create(self, inputs: Properties) -> str:
        self._put(inputs, Tags=as_list(self.aws.all_tags(inputs)))
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        events = self.aws.client("events")
        try:
            found = events.describe_rule(Name=id)
        except ClientError as error:
            if missing(error):
                return None
            raise
        tags = as_dict(events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"])
        return {
            "name": id,
            "description": found.get("Description", ""),
            "eventPattern": found.get("EventPattern"),
            "state": found["State"],
            "arn": found["Arn"],
            **self.aws.own_tags(tags, old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        # `PutRule` leaves the tags of an existing rule as they are.
        self._put(inputs)
        events = self.aws.client("events")
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            events.untag_resource(ResourceARN=old["arn"], TagKeys=gone)
        if wanted:
            events.tag_resource(ResourceARN=old["arn"], Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("events").delete_rule(Name=id)

    def _put(self, inputs: Properties, **more: Any) -> None:
        names = ("name", "description", "eventPattern", "state")
        request = {name[0].upper() + name[1:]: self.effective(inputs, name) for name in names}
        self.aws.client("events").put_rule(**request, **more)


class EventTarget(Resource):
    """One target of a rule. Its id in the state is RULE-TARGET, as in the official plugin."""

    token = "aws:cloudwatch/eventTarget:EventTarget"
    supported = dict.fromkeys(("rule", "targetId", "arn"))
    replaces = frozenset({"rule", "targetId"})
    outputs = frozenset()

    def validate(self, inputs: Properties) -> str | None:
        # The official plugin makes a random id, which would look like a change made by hand.
        return None if "targetId" in inputs else "a target needs a targetId here"

    def create(self, inputs: Properties) -> str:
        self._put(inputs)
        return f"{inputs['rule']}-{inputs['targetId']}"

    def read(self, id: str, old: Properties) -> Properties | None:
        target = id.removeprefix(f"{old['rule']}-")
        try:
            found = self.aws.client("events").list_targets_by_rule(Rule=old["rule"])["Targets"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        one = next((entry for entry in found if entry["Id"] == target), None)
        return one and {"rule": old["rule"], "targetId": target, "arn": one["Arn"]}

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        self._put(inputs)

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("events").remove_targets(Rule=old["rule"], Ids=[old["targetId"]])

    def _put(self, inputs: Properties) -> None:
        target = {"Id": inputs["targetId"], "Arn": inputs["arn"]}
        answer = self.aws.client("events").put_targets(Rule=inputs["rule"], Targets=[target])
        # A target that is refused is no error of the request.
        if failed := answer["FailedEntries"]:
            raise ValueError(f"the rule takes no such target: {failed[0]['ErrorMessage']}")
