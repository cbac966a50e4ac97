"""Everything that is in the account, listed service by service."""

from collections.abc import Callable
from typing import Any

Client = Callable[[str], Any]


def inventory(client: Client) -> set[str]:
    """A name for each thing in the account that a stack could have made."""
    return {f"{kind} {name}" for kind, names in _kinds(client).items() for name in names}


def _kinds(client: Client) -> dict[str, list[str]]:
    iam, logs, alarms, functions = client("iam"), client("logs"), client("cloudwatch"), client("lambda")
    s3, groups = client("s3"), client("logs").describe_log_groups()["logGroups"]
    users = [user["UserName"] for user in _all(iam, "list_users", "Users")]
    roles = [role["RoleName"] for role in _all(iam, "list_roles", "Roles")]
    member_groups = [group["GroupName"] for group in _all(iam, "list_groups", "Groups")]
    deployed = [function["FunctionName"] for function in _all(functions, "list_functions", "Functions")]
    keys = [
        f"{user}/{key['AccessKeyId']}"
        for user in users
        for key in _all(iam, "list_access_keys", "AccessKeyMetadata", UserName=user)
    ]
    return {
        "bucket": [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        "user": users,
        "key": keys,
        "group": member_groups,
        "group policy": [
            f"{g}/{p}" for g in member_groups for p in _all(iam, "list_group_policies", "PolicyNames", GroupName=g)
        ],
        "role": roles,
        "role policy": [f"{r}/{p}" for r in roles for p in _all(iam, "list_role_policies", "PolicyNames", RoleName=r)],
        "function": deployed,
        "queue": client("sqs").list_queues().get("QueueUrls", []),
        "topic": [topic["TopicArn"] for topic in _all(client("sns"), "list_topics", "Topics")],
        "parameter": [p["Name"] for p in _all(client("ssm"), "describe_parameters", "Parameters")],
        "log group": [group["logGroupName"] for group in groups],
        "metric filter": [f["filterName"] for f in _all(logs, "describe_metric_filters", "metricFilters")],
        "alarm": [alarm["AlarmName"] for alarm in _all(alarms, "describe_alarms", "MetricAlarms")],
        "rule": [rule["Name"] for rule in _all(client("events"), "list_rules", "Rules")],
        "dashboard": [board["DashboardName"] for board in alarms.list_dashboards()["DashboardEntries"]],
    }


def _all(client: Any, operation: str, member: str, **arguments: str) -> list[Any]:
    pages = client.get_paginator(operation).paginate(**arguments)
    return [entry for page in pages for entry in page.get(member, [])]
