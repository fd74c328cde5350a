"""What people do with boto3, against the simulator. Prints {check: "ok" or what went wrong}."""

import hashlib
import io
import json
import sys
import traceback
import urllib.error
import urllib.request

from botocore.exceptions import ClientError

from clients import REGION, client

GIVEN = json.loads(sys.argv[1])
ENDPOINT = GIVEN["endpoint"]
ACCOUNTS = GIVEN["accounts"]
PRODUCER = ACCOUNTS["producer"]
CONSUMER = ACCOUNTS["consumer"]
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def code(call, **arguments):
    try:
        call(**arguments)
        return "ok"
    except ClientError as error:
        return error.response["Error"]["Code"]


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def bucket(name):
    s3 = client("s3", ENDPOINT, PRODUCER)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return s3


def role_session(account, name, *statements):
    iam = client("iam", ENDPOINT, account)
    trust = policy({"Effect": "Allow", "Principal": {"AWS": account["id"]}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=policy(*statements))
    arn = f"arn:aws:iam::{account['id']}:role/{name}"
    made = client("sts", ENDPOINT, account).assume_role(RoleArn=arn, RoleSessionName="boto3")["Credentials"]
    keys = {"accessKeyId": "AccessKeyId", "secretAccessKey": "SecretAccessKey", "sessionToken": "SessionToken"}
    return arn, {ours: made[theirs] for ours, theirs in keys.items()}


@check
def identity_and_bad_signatures():
    equal(client("sts", ENDPOINT, PRODUCER).get_caller_identity()["Account"], PRODUCER["id"])
    wrong = {**PRODUCER, "secretAccessKey": "wrong"}
    equal(code(client("sts", ENDPOINT, wrong).get_caller_identity), "SignatureDoesNotMatch")
    equal(code(client("s3", ENDPOINT, wrong).list_buckets), "SignatureDoesNotMatch")
    equal(code(client("kms", ENDPOINT, wrong).list_keys), "InvalidSignatureException")
    unknown = {**PRODUCER, "accessKeyId": "AKIAUNKNOWN"}
    equal(code(client("s3", ENDPOINT, unknown).list_buckets), "InvalidAccessKeyId")
    forged = {**PRODUCER, "sessionToken": "forged"}
    equal(code(client("sts", ENDPOINT, forged).get_caller_identity), "InvalidClientTokenId")


@check
def iam_documents_and_pages():
    iam = client("iam", ENDPOINT, PRODUCER)
    document = policy({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})
    for number in range(3):
        iam.create_policy(PolicyName=f"paged-{number}", PolicyDocument=document)
    pages = iam.get_paginator("list_policies").paginate(Scope="Local", PaginationConfig={"PageSize": 2})
    equal(sum(p["PolicyName"].startswith("paged-") for page in pages for p in page["Policies"]), 3)
    arn = f"arn:aws:iam::{PRODUCER['id']}:policy/paged-0"
    shown = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    equal(shown, json.loads(document))
    equal(code(iam.create_policy, PolicyName="broken", PolicyDocument="{"), "MalformedPolicyDocument")
    equal(code(iam.get_role, RoleName="nobody"), "NoSuchEntity")


@check
def objects_of_all_names():
    s3 = bucket("names")
    for key in ["plain", "a b", "a+b", "a&b=c", "é/漢字", "100%", "x//y", "tail/", "dots/../up", "quote'\"(*)!"]:
        s3.put_object(Bucket="names", Key=key, Body=key.encode(), Metadata={"name": "v"})
        got = s3.get_object(Bucket="names", Key=key)
        equal((got["Body"].read().decode(), got["Metadata"]), (key, {"name": "v"}))
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket="names")["Contents"]]
    equal(len(keys), 10)
    equal(keys, sorted(keys, key=lambda k: k.encode()))
    equal([o["Key"] for o in s3.list_objects(Bucket="names", Prefix="a")["Contents"]], ["a b", "a&b=c", "a+b"])


@check
def listing_in_pages_with_delimiter():
    s3 = bucket("pages")
    for number in range(25):
        s3.put_object(Bucket="pages", Key=f"d{number % 5}/{number:02}", Body=b"")
    s3.put_object(Bucket="pages", Key="top", Body=b"")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="pages", PaginationConfig={"PageSize": 7}))
    equal(sum(len(p["Contents"]) for p in pages), 26)
    folders = s3.get_paginator("list_objects_v2").paginate(Bucket="pages", Delimiter="/", PaginationConfig={"PageSize": 2})
    equal([c["Prefix"] for p in folders for c in p.get("CommonPrefixes", [])], [f"d{n}/" for n in range(5)])
    versions = s3.get_paginator("list_object_versions").paginate(Bucket="pages", PaginationConfig={"PageSize": 4})
    equal(sum(len(p["Versions"]) for p in versions), 26)


@check
def streams_and_multipart():
    s3 = bucket("big")
    data = bytes(range(256)) * 40960  # 10 MiB: more than boto3's threshold, in two parts
    s3.upload_fileobj(io.BytesIO(data), "big", "object")
    target = io.BytesIO()
    s3.download_fileobj("big", "object", target)
    equal(hashlib.md5(target.getvalue()).hexdigest(), hashlib.md5(data).hexdigest())
    equal(s3.head_object(Bucket="big", Key="object")["ETag"].endswith('-2"'), True)
    part = s3.get_object(Bucket="big", Key="object", Range="bytes=10-19")
    equal((part["Body"].read(), part["ContentRange"]), (data[10:20], f"bytes 10-19/{len(data)}"))
    s3.put_object(Bucket="big", Key="trailer", Body=io.BytesIO(b"streamed"), ChecksumAlgorithm="SHA256")
    got = s3.get_object(Bucket="big", Key="trailer", ChecksumMode="ENABLED")
    equal((got["Body"].read(), "ChecksumSHA256" in got), (b"streamed", True))
    equal(code(s3.put_object, Bucket="big", Key="bad", Body=b"x", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="), "BadDigest")


@check
def versions_and_deletion():
    s3 = bucket("versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="versions", Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket="versions", Key="k", Body=b"2")
    equal(s3.get_object(Bucket="versions", Key="k", VersionId=first)["Body"].read(), b"1")
    equal(s3.delete_object(Bucket="versions", Key="k")["DeleteMarker"], True)
    equal(code(s3.get_object, Bucket="versions", Key="k"), "NoSuchKey")
    equal(code(s3.delete_bucket, Bucket="versions"), "BucketNotEmpty")
    listed = s3.list_object_versions(Bucket="versions")
    everything = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in listed["Versions"] + listed["DeleteMarkers"]]
    equal(len(everything), 3)
    s3.delete_objects(Bucket="versions", Delete={"Objects": everything})
    equal(code(s3.delete_bucket, Bucket="versions"), "ok")
    equal(code(s3.head_bucket, Bucket="versions"), "404")


@check
def bucket_configuration():
    s3 = bucket("configured")
    equal(s3.get_bucket_location(Bucket="configured")["LocationConstraint"], REGION)
    equal(code(s3.get_bucket_policy, Bucket="configured"), "NoSuchBucketPolicy")
    equal(code(s3.get_bucket_tagging, Bucket="configured"), "NoSuchTagSet")
    s3.put_bucket_tagging(Bucket="configured", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    equal(s3.get_bucket_tagging(Bucket="configured")["TagSet"], [{"Key": "a", "Value": "b"}])
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    s3.put_bucket_cors(Bucket="configured", CORSConfiguration={"CORSRules": [rule]})
    equal(s3.get_bucket_cors(Bucket="configured")["CORSRules"], [rule])
    equal(s3.get_public_access_block(Bucket="configured")["PublicAccessBlockConfiguration"]["BlockPublicPolicy"], True)
    equal(code(client("s3", ENDPOINT, CONSUMER).create_bucket, Bucket="configured", CreateBucketConfiguration={"LocationConstraint": REGION}), "BucketAlreadyExists")
    equal(code(s3.put_bucket_policy, Bucket="configured", Policy="not json"), "MalformedPolicy")


@check
def presigned_urls():
    bucket("presigned")
    # boto3 still presigns with version 2 unless told otherwise, which AWS refuses in newer regions.
    s3 = client("s3", ENDPOINT, PRODUCER, signature_version="s3v4")
    put = s3.generate_presigned_url("put_object", Params={"Bucket": "presigned", "Key": "a b"})
    urllib.request.urlopen(urllib.request.Request(put, data=b"by url", method="PUT")).read()
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "a b"})
    equal(urllib.request.urlopen(get).read(), b"by url")
    tampered = s3.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "a b"}).replace("a%20b", "other")
    try:
        urllib.request.urlopen(tampered)
        raise AssertionError("a tampered URL was accepted")
    except urllib.error.HTTPError as error:
        equal(error.code, 403)
    _, reader = role_session(PRODUCER, "presigner", {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    try:
        urllib.request.urlopen(client("s3", ENDPOINT, reader, signature_version="s3v4").generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "a b"}))
        raise AssertionError("a URL gave more than its signer has")
    except urllib.error.HTTPError as error:
        equal(error.code, 403)


@check
def access_points_by_alias_and_arn():
    s3 = bucket("pointed")
    s3.put_object(Bucket="pointed", Key="folder/file", Body=b"data")
    arn, reader = role_session(CONSUMER, "point-reader", {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"})
    control = client("s3control", ENDPOINT, PRODUCER, names=True)
    made = control.create_access_point(AccountId=PRODUCER["id"], Name="folder", Bucket="pointed")
    point = made["AccessPointArn"]
    allow = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject", "Resource": f"{point}/object/folder/*"}
    control.put_access_point_policy(AccountId=PRODUCER["id"], Name="folder", Policy=policy(allow))
    s3.put_bucket_policy(
        Bucket="pointed",
        Policy=policy(
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::pointed", "arn:aws:s3:::pointed/*"],
                "Condition": {"StringEquals": {"s3:DataAccessPointAccount": PRODUCER["id"]}},
            }
        ),
    )
    by_path = client("s3", ENDPOINT, reader)
    by_name = client("s3", ENDPOINT, reader, names=True)
    equal(by_path.get_object(Bucket=made["Alias"], Key="folder/file")["Body"].read(), b"data")
    equal(by_name.get_object(Bucket=point, Key="folder/file")["Body"].read(), b"data")
    equal(code(by_path.get_object, Bucket="pointed", Key="folder/file"), "AccessDenied")
    equal(code(by_path.list_objects_v2, Bucket=made["Alias"]), "AccessDenied")
    control.delete_access_point_policy(AccountId=PRODUCER["id"], Name="folder")
    equal(code(by_path.get_object, Bucket=made["Alias"], Key="folder/file"), "AccessDenied")


@check
def keys():
    kms = client("kms", ENDPOINT, PRODUCER)
    key = kms.create_key(Description="test", Tags=[{"TagKey": "a", "TagValue": "b"}])["KeyMetadata"]
    kms.create_alias(AliasName="alias/test", TargetKeyId=key["KeyId"])
    sealed = kms.encrypt(KeyId="alias/test", Plaintext=b"secret", EncryptionContext={"a": "b"})["CiphertextBlob"]
    equal(kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})["Plaintext"], b"secret")
    equal(code(kms.decrypt, CiphertextBlob=sealed), "InvalidCiphertextException")
    equal(json.loads(kms.get_key_policy(KeyId=key["KeyId"])["Policy"])["Statement"][0]["Action"], "kms:*")
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)
    equal(code(kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x"), "KMSInvalidStateException")
    equal(code(kms.describe_key, KeyId="alias/nobody"), "NotFoundException")


def main():
    results = {}
    for function in CHECKS:
        try:
            function()
            results[function.__name__] = "ok"
        except Exception:
            results[function.__name__] = traceback.format_exc(limit=-2)
    print(json.dumps(results))


main()
