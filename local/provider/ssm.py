"""Parameters in the Parameter Store."""

from typing import Any

from botocore.exceptions import ClientError

from local.provider.clients import as_dict, as_list, missing
from local.provider.naming import Named
from local.provider.resource import Resource
from local.provider.values import Properties, secret


class Parameter(Resource):
    token = "aws:ssm/parameter:Parameter"
    supported = dict.fromkeys(("name", "type", "value", "description", "tags"))
    defaults = {"description": ""}
    replaces = frozenset({"name"})
    outputs = frozenset({"arn", "version"})
    named = Named("name", 1011)

    def create(self, inputs: Properties) -> str:
        # Without `Overwrite` a parameter that already exists is an error.
        self.aws.client("ssm").put_parameter(**self._request(inputs), Tags=as_list(self.aws.all_tags(inputs)))
        return inputs["name"]

    def read(self, id: str, old: Properties) -> Properties | None:
        ssm = self.aws.client("ssm")
        try:
            found = ssm.get_parameter(Name=id, WithDecryption=True)["Parameter"]
        except ClientError as error:
            if missing(error):
                return None
            raise
        only = [{"Key": "Name", "Option": "Equals", "Values": [id]}]
        described = ssm.describe_parameters(ParameterFilters=only)["Parameters"]
        tags = as_dict(ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=id)["TagList"])
        return {
            "name": id,
            "type": found["Type"],
            # In the official plugin the value is secret, whatever the type.
            "value": secret(found["Value"]),
            "description": described[0].get("Description", "") if described else "",
            "arn": found["ARN"],
            "version": found["Version"],
            **self.aws.own_tags(tags, old),
        }

    def update(self, id: str, inputs: Properties, old: Properties) -> None:
        ssm = self.aws.client("ssm")
        if any(inputs.get(name) != old.get(name) for name in ("type", "value", "description")):
            ssm.put_parameter(**self._request(inputs), Overwrite=True)
        wanted = self.aws.all_tags(inputs)
        if gone := sorted(set(old.get("tagsAll", {})) - set(wanted)):
            ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=id, TagKeys=gone)
        if wanted:
            ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=id, Tags=as_list(wanted))

    def delete(self, id: str, old: Properties) -> None:
        self.aws.client("ssm").delete_parameter(Name=id)

    def _request(self, inputs: Properties) -> dict[str, Any]:
        names = ("name", "type", "value", "description")
        return {name.capitalize(): self.effective(inputs, name) for name in names}
