"""All the types and functions that this provider takes, by their tokens."""

from collections.abc import Callable

from local.provider import cloudwatch, function, functions, iam, logs, s3, s3_lifecycle, sns, sqs, ssm
from local.provider.cloud import Cloud
from local.provider.resource import Resource
from local.provider.values import Properties

_TYPES: tuple[type[Resource], ...] = (
    cloudwatch.Dashboard,
    cloudwatch.MetricAlarm,
    function.Function,
    function.FunctionEventInvokeConfig,
    function.Permission,
    iam.AccessKey,
    iam.Group,
    iam.GroupMembership,
    iam.GroupPolicy,
    iam.Role,
    iam.RolePolicy,
    iam.User,
    iam.UserGroupMembership,
    logs.LogGroup,
    logs.LogMetricFilter,
    s3.Bucket,
    s3.BucketNotification,
    s3.BucketOwnershipControls,
    s3.BucketPolicy,
    s3.BucketPublicAccessBlock,
    s3.BucketServerSideEncryptionConfiguration,
    s3.BucketVersioning,
    s3_lifecycle.BucketLifecycleConfiguration,
    sns.Topic,
    sns.TopicPolicy,
    sqs.Queue,
    sqs.QueuePolicy,
    ssm.Parameter,
)

RESOURCES: dict[str, type[Resource]] = {kind.token: kind for kind in _TYPES}

FUNCTIONS: dict[str, Callable[[Cloud], Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": functions.get_caller_identity,
    "aws:index/getPartition:getPartition": functions.get_partition,
    "aws:index/getRegion:getRegion": functions.get_region,
}
