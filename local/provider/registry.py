"""All the types and functions of this provider, by their tokens."""

import inspect
from collections.abc import Callable

from local.provider import (
    cloudwatch,
    events,
    function_events,
    iam,
    iam_access,
    invokes,
    lambda_function,
    logs,
    s3,
    s3_cors,
    s3_lifecycle,
    s3_settings,
    sns,
    sqs,
    ssm,
)
from local.provider.resource import Resource
from local.provider.values import Properties

_TYPES: tuple[type[Resource], ...] = (
    cloudwatch.Dashboard,
    cloudwatch.MetricAlarm,
    events.EventRule,
    events.EventTarget,
    lambda_function.Function,
    function_events.FunctionEventInvokeConfig,
    function_events.Permission,
    iam_access.AccessKey,
    iam.Group,
    iam_access.GroupMembership,
    iam_access.GroupPolicy,
    iam.Role,
    iam_access.RolePolicy,
    iam.User,
    logs.LogGroup,
    logs.LogMetricFilter,
    s3.Bucket,
    s3_cors.BucketCorsConfiguration,
    s3_settings.BucketNotification,
    s3_settings.BucketOwnershipControls,
    s3_settings.BucketPolicy,
    s3_settings.BucketPublicAccessBlock,
    s3_settings.BucketServerSideEncryptionConfiguration,
    s3_settings.BucketVersioning,
    s3_lifecycle.BucketLifecycleConfiguration,
    sns.Topic,
    sns.TopicPolicy,
    sqs.Queue,
    sqs.QueuePolicy,
    ssm.Parameter,
)

RESOURCES: dict[str, type[Resource]] = {kind.token: kind for kind in _TYPES}

FUNCTIONS: dict[str, Callable[..., Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": invokes.get_caller_identity,
    "aws:ssm/getParameter:getParameter": invokes.get_parameter,
}


def unsupported_arguments(function: Callable[..., Properties], arguments: Properties) -> list[str]:
    """The arguments that a program gives a function, and that the function does not take here."""
    return sorted(set(arguments) - set(list(inspect.signature(function).parameters)[1:]))
