"""Who is told of an alarm: adds an address to a stack's topic, and tries whether an alarm reaches it."""

from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.pulumi import Pulumi
from deploy.session import session
from tools.errors import ToolError


def subscribe(stack: str, project: Path, address: str) -> None:
    """Adds an e-mail address or an https address; who is there already stays."""
    protocol = _protocol(address)
    topic = Pulumi(project, stack).outputs()["alertsTopicArn"]
    sns = session(stack, project).client("sns")
    try:
        for subscription in _subscriptions(sns, topic):
            if subscription["Endpoint"] == address and not _is_pending(subscription):
                print(f"{address} is subscribed already")
                return
        # To one that waits, AWS sends its message again.
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=address)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"{address} could not be subscribed: {error}") from None
    print(f"AWS has sent a message to {address}; nothing else comes there before its link is opened")
    print(f"Then try it: just test-alert {stack}")


def test_alert(stack: str, project: Path) -> None:
    """Sets an alarm off by hand. CloudWatch takes it back at its next look at the metric, within minutes."""
    topic = Pulumi(project, stack).outputs()["alertsTopicArn"]
    credentials = session(stack, project)
    try:
        confirmed = [s for s in _subscriptions(credentials.client("sns"), topic) if not _is_pending(s)]
        if not confirmed:
            raise ToolError(
                f"nobody would be told: no address is confirmed; add one with: just subscribe {stack} ADDRESS"
            )
        cloudwatch = credentials.client("cloudwatch")
        alarm = _alarm(cloudwatch, topic)
        name = alarm["AlarmName"]
        if alarm["StateValue"] == "ALARM" or not alarm["ActionsEnabled"]:
            why = "it is set off already" if alarm["ActionsEnabled"] else "its actions are switched off"
            raise ToolError(f"{name} would tell nobody now, because {why}; look at it: just status {stack}")
        cloudwatch.set_alarm_state(
            AlarmName=name,
            StateValue="ALARM",
            StateReason=f"A test of the way to you, by `just test-alert {stack}`. Nothing has failed.",
        )
    except (BotoCoreError, ClientError) as error:
        raise ToolError(f"no alarm could be set off: {error}") from None
    people = ", ".join(sorted(subscription["Endpoint"] for subscription in confirmed))
    print(f"{name} is set off; it reaches: {people}")


def alarms_of(cloudwatch: Any, topic: str) -> list[dict[str, Any]]:
    """The alarms that tell a topic."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(ActionPrefix=topic)
    return [alarm for page in pages for alarm in page["MetricAlarms"] if topic in alarm["AlarmActions"]]


def _alarm(cloudwatch: Any, topic: str) -> dict[str, Any]:
    """The stack's alarm of failures, which is the one that an operator should not miss."""
    for alarm in alarms_of(cloudwatch, topic):
        if "alarmFailureWaits" in alarm["AlarmName"]:
            return alarm
    raise ToolError("the stack has no alarm alarmFailureWaits; find out what happened to it: pulumi preview --refresh")


def _protocol(address: str) -> str:
    if address.startswith("https://"):
        return "https"
    if "@" in address.strip("@") and " " not in address:
        return "email"
    raise ToolError(f"{address} is neither an e-mail address nor one that starts with https://")


def _subscriptions(sns: Any, topic: str) -> list[dict[str, str]]:
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [subscription for page in pages for subscription in page["Subscriptions"]]


def _is_pending(subscription: dict[str, str]) -> bool:
    # SNS gives no ARN before the address is confirmed, nor after it has unsubscribed ("ListSubscriptionsByTopic",
    # Amazon SNS API Reference).
    return not subscription["SubscriptionArn"].startswith("arn:")
