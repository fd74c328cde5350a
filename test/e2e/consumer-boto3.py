"""A consumer outside Kubernetes: an administrator who makes a workgroup, and roles that read data, all by boto3 as installed.

Reads {endpoint, account, prepare?, role?, reads?} as JSON from argv. With `prepare` it does an administrator's work; with `role` it
assumes that role and prints one outcome for each of `reads`: {"given": ...} or {"denied": code or reason}.
"""

import json
import sys
import time

from botocore.exceptions import ClientError

from clients import REGION, client

WORKGROUP = "analytics"
RESULTS = "marketing-athena-results"


def main():
    given = json.loads(sys.argv[1])
    endpoint, account = given["endpoint"], given["account"]
    if "prepare" in given:
        print(json.dumps(prepare(endpoint, account, **given["prepare"])))
    else:
        session = assume(endpoint, account, given["role"])
        print(json.dumps([outcome(read, endpoint, session) for read in given["reads"]]))


def prepare(endpoint, account, make=(), allow_athena=(), allow_everything=()):
    """What an administrator of the account does: roles to `make`, and what others are allowed by their own account."""
    iam = client("iam", endpoint, account)
    root = {"AWS": f"arn:aws:iam::{account['id']}:root"}
    for role in make:
        trust = policy({"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"})
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    if allow_athena:
        make_workgroup(endpoint, account)
    for role in allow_athena:
        iam.put_role_policy(RoleName=role, PolicyName="athena", PolicyDocument=athena_policy(account))
    for role in allow_everything:
        everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
        iam.put_role_policy(RoleName=role, PolicyName="everything", PolicyDocument=everything)
    return "ok"


def make_workgroup(endpoint, account):
    client("s3", endpoint, account).create_bucket(
        Bucket=RESULTS, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    client("athena", endpoint, account).create_work_group(
        Name=WORKGROUP,
        Configuration={"ResultConfiguration": {"OutputLocation": f"s3://{RESULTS}/"}},
    )


def athena_policy(account):
    """What Athena needs of its caller beside the data.
    https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html
    """
    return policy(
        {
            "Effect": "Allow",
            "Action": ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"],
            "Resource": f"arn:aws:athena:{REGION}:{account['id']}:workgroup/{WORKGROUP}",
        },
        {
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject"],
            "Resource": [f"arn:aws:s3:::{RESULTS}", f"arn:aws:s3:::{RESULTS}/*"],
        },
    )


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def assume(endpoint, account, role):
    made = client("sts", endpoint, account).assume_role(
        RoleArn=f"arn:aws:iam::{account['id']}:role/{role}", RoleSessionName="boto3"
    )["Credentials"]
    return {
        "accessKeyId": made["AccessKeyId"],
        "secretAccessKey": made["SecretAccessKey"],
        "sessionToken": made["SessionToken"],
    }


class Denied(Exception):
    """Athena tells of missing rights as of any other failure of a query."""


def outcome(read, endpoint, session):
    try:
        return {"given": READS[read["do"]](endpoint, session, **{k: v for k, v in read.items() if k != "do"})}
    except ClientError as error:
        return {"denied": error.response["Error"]["Code"]}
    except Denied as error:
        return {"denied": str(error)}


def query(endpoint, session, database, sql):
    """Rows as Athena gives them: the first has the names of the columns."""
    athena = client("athena", endpoint, session)
    execution = athena.start_query_execution(
        QueryString=sql, WorkGroup=WORKGROUP, QueryExecutionContext={"Database": database}
    )["QueryExecutionId"]
    deadline = time.monotonic() + 10
    while True:
        status = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            break
        if status["State"] in ("FAILED", "CANCELLED"):
            raise Denied(status.get("StateChangeReason", "no reason given"))
        if time.monotonic() > deadline:
            raise TimeoutError(f"query {sql} still {status['State']}")
        time.sleep(0.02)
    rows = athena.get_query_results(QueryExecutionId=execution)["ResultSet"]["Rows"]
    return [[column.get("VarCharValue") for column in row["Data"]] for row in rows]


def get(endpoint, session, bucket, key):
    s3 = client("s3", endpoint, session, s3={"addressing_style": "path"})
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def listing(endpoint, session, bucket, prefix):
    s3 = client("s3", endpoint, session, s3={"addressing_style": "path"})
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def put(endpoint, session, bucket, key):
    client("s3", endpoint, session, s3={"addressing_style": "path"}).put_object(Bucket=bucket, Key=key, Body=b"mine")


READS = {"query": query, "get": get, "list": listing, "put": put}

main()
