"""One course of calls as an administrator, and the shape of each answer. Run against the simulator and against moto, which
was written by others; boto3.test.ts compares. Prints [[call, outcome, shape]]."""

import json
import sys

from botocore.exceptions import ClientError

from clients import REGION, client

GIVEN = json.loads(sys.argv[1])
ACCOUNT = GIVEN["account"]["id"]
ANSWERS = []


def shape(value):
    """Names of members down to the leaves, without their values; of lists the first item."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in sorted(value.items()) if name != "ResponseMetadata"}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


class Caller:
    def __init__(self, service):
        self.service = service
        self.client = client(service, GIVEN["endpoint"], GIVEN["account"], names=service == "s3control")

    def __getattr__(self, method):
        def call(**arguments):
            answer, outcome = {}, "ok"
            try:
                answer = getattr(self.client, method)(**arguments)
            except ClientError as error:
                outcome = error.response["Error"]["Code"]
            ANSWERS.append([f"{self.service} {method}", outcome, shape(answer)])
            return answer

        return call


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def iam():
    iam = Caller("iam")
    trust = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    document = policy({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust, Tags=[{"Key": "a", "Value": "b"}], Description="d")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    iam.get_role(RoleName="r")
    iam.get_role(RoleName="nobody")
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=document)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument="{")
    iam.get_role_policy(RoleName="r", PolicyName="p")
    iam.get_role_policy(RoleName="r", PolicyName="q")
    iam.list_role_policies(RoleName="r")
    arn = iam.create_policy(PolicyName="m", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_policy(PolicyName="m", PolicyDocument=document)
    iam.get_policy(PolicyArn=arn)
    iam.get_policy(PolicyArn=arn + "x")
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    iam.attach_role_policy(RoleName="r", PolicyArn=arn + "x")
    iam.list_attached_role_policies(RoleName="r")
    iam.list_entities_for_policy(PolicyArn=arn)
    for _ in range(5):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)
    iam.list_policy_versions(PolicyArn=arn)
    iam.get_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v5")
    iam.delete_policy(PolicyArn=arn)
    iam.delete_role(RoleName="r")
    iam.tag_role(RoleName="r", Tags=[{"Key": "c", "Value": "d"}])
    iam.list_role_tags(RoleName="r")
    iam.untag_role(RoleName="r", TagKeys=["c"])
    iam.update_role(RoleName="r", MaxSessionDuration=7200)
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=trust)
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.detach_role_policy(RoleName="r", PolicyArn=arn)
    iam.delete_role_policy(RoleName="r", PolicyName="p")
    iam.create_user(UserName="u")
    iam.create_access_key(UserName="u")
    iam.list_access_keys(UserName="u")
    iam.delete_user(UserName="u")
    iam.delete_user(UserName="nobody")
    Caller("sts").get_caller_identity()
    Caller("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/r", RoleSessionName="session")
    iam.delete_role(RoleName="r")
    iam.delete_role(RoleName="r")


def kms():
    kms = Caller("kms")
    key = kms.create_key(Description="d")["KeyMetadata"]["KeyId"]
    kms.describe_key(KeyId=key)
    kms.describe_key(KeyId="alias/nobody")
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    kms.create_alias(AliasName="alias/a", TargetKeyId=key)
    kms.list_aliases(KeyId=key)
    kms.get_key_policy(KeyId=key, PolicyName="default")
    kms.enable_key_rotation(KeyId=key)
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}])
    kms.list_resource_tags(KeyId=key)
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=sealed)
    kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})
    kms.generate_data_key(KeyId=key, KeySpec="AES_256")
    grantee = f"arn:aws:iam::{ACCOUNT}:root"
    kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Decrypt"])
    kms.list_grants(KeyId=key)
    kms.disable_key(KeyId=key)
    kms.encrypt(KeyId=key, Plaintext=b"x")
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    kms.describe_key(KeyId=key)
    kms.cancel_key_deletion(KeyId=key)
    kms.delete_alias(AliasName="alias/a")


def s3():
    s3 = Caller("s3")
    name = {"Bucket": "second-opinion"}
    s3.get_object(Bucket="nobody-has-this", Key="k")
    s3.create_bucket(**name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.create_bucket(**name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.get_bucket_location(**name)
    s3.get_bucket_policy(**name)
    s3.get_bucket_tagging(**name)
    s3.get_bucket_cors(**name)
    s3.get_bucket_lifecycle_configuration(**name)
    s3.get_bucket_versioning(**name)
    s3.get_bucket_encryption(**name)
    own = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::second-opinion/*"}
    s3.put_bucket_policy(**name, Policy=policy(own))
    s3.get_bucket_policy(**name)
    s3.put_bucket_policy(**name, Policy="{")
    s3.delete_bucket_policy(**name)
    s3.put_object(**name, Key="a/b", Body=b"x")
    s3.head_object(**name, Key="a/b")
    s3.head_object(**name, Key="nobody")
    s3.get_object(**name, Key="nobody")
    s3.list_objects_v2(**name)
    s3.list_objects_v2(**name, Delimiter="/")
    s3.list_objects_v2(**name, Prefix="nobody")
    s3.copy_object(**name, Key="c", CopySource="second-opinion/a/b")
    s3.put_object_tagging(**name, Key="c", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    s3.get_object_tagging(**name, Key="c")
    s3.list_object_versions(**name)
    s3.put_bucket_versioning(**name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(**name, Key="a/b", Body=b"y")
    s3.delete_object(**name, Key="a/b")
    s3.get_object(**name, Key="a/b")
    s3.list_object_versions(**name)
    s3.delete_bucket(**name)
    upload = s3.create_multipart_upload(**name, Key="m")["UploadId"]
    s3.upload_part(**name, Key="m", UploadId=upload, PartNumber=1, Body=b"part")
    s3.list_parts(**name, Key="m", UploadId=upload)
    s3.abort_multipart_upload(**name, Key="m", UploadId=upload)
    s3.list_buckets()


def s3control():
    control = Caller("s3control")
    point = {"AccountId": ACCOUNT, "Name": "point"}
    control.get_access_point(**point)
    control.create_access_point(**point, Bucket="second-opinion")
    control.get_access_point(**point)
    control.get_access_point_policy(**point)
    arn = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/point"
    own = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject", "Resource": f"{arn}/object/*"}
    control.put_access_point_policy(**point, Policy=policy(own))
    control.get_access_point_policy(**point)
    control.list_access_points(AccountId=ACCOUNT)
    control.delete_access_point_policy(**point)
    control.delete_access_point(**point)


def main():
    for course in (iam, kms, s3, s3control):
        course()
    print(json.dumps(ANSWERS))


main()
