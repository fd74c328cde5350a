// Access points and their policies.
import type * as sdk from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Need, type Output } from '../../core/operation.ts';
import { showPrincipals } from '../../core/principal-ids.ts';
import { refuseMembers } from '../../core/unsupported-members.ts';
import { blockInForce, policyInForce } from '../s3/public-policy.ts';
import { publicStatement } from '../../../../operator/policy/public-statement.ts';
import { readResourcePolicy } from '../s3/resource-policy.ts';
import { bucketNamed } from '../s3/state.ts';
import { blockAll, s3ControlState, toPublicAccessBlock, type AccessPoint, type PublicAccessBlock } from './state.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html */
const MAX_PER_ACCOUNT_AND_REGION = 10_000;
const MAX_PAGE = 1000;

interface NamedInput {
  readonly AccountId?: string | undefined;
  readonly Name?: string | undefined;
}

const invalid = (message: string): AwsError => new AwsError('InvalidRequest', message, { status: 400 });
const noSuchAccessPoint = (): AwsError =>
  new AwsError('NoSuchAccessPoint', 'The specified accesspoint does not exist', { status: 404 });

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html */
const checkName = (name: string): void => {
  const valid =
    /^[a-z0-9](?:[a-z0-9-]{1,48})[a-z0-9]$/.test(name) &&
    !/(?:-s3alias|--ol-s3|--xa-s3)$/.test(name) &&
    !name.startsWith('xn--');
  if (!valid)
    throw new AwsError('InvalidURI', `Couldn't parse the specified URI: access point name ${name}`, { status: 400 });
};

const arnOf = (call: Call, { AccountId = '', Name = '' }: NamedInput): string =>
  `arn:aws:s3:${call.region}:${AccountId}:accesspoint/${Name}`;

const find = (call: Call, { AccountId = '', Name = '' }: NamedInput): AccessPoint | undefined =>
  call.world.accounts.has(AccountId)
    ? s3ControlState(call.world, AccountId, call.region).accessPoints.get(Name)
    : undefined;

const accessPointOf = (call: Call, input: NamedInput): AccessPoint => {
  const point = find(call, input);
  if (point === undefined) throw noSuchAccessPoint();
  return point;
};

/** Access points are managed in their own account; its policy may let others in, as for any resource. */
const pointNeed =
  (action: string) =>
  (input: NamedInput, call: Call): Need[] => {
    const point = find(call, input);
    const own = call.account === input.AccountId;
    const block = blockInForce(call.world, input.AccountId ?? '', point?.publicAccessBlock);
    return [
      {
        action: `s3:${action}`,
        resource: arnOf(call, input),
        resourceAccount: input.AccountId ?? '',
        resourcePolicies: policyInForce(point?.policy, block, own),
        context:
          point === undefined ? {} : { 's3:DataAccessPointArn': point.arn, 's3:DataAccessPointAccount': point.account },
      },
    ];
  };

const blockOf = (given: sdk.PublicAccessBlockConfiguration | undefined): PublicAccessBlock =>
  given === undefined ? blockAll : toPublicAccessBlock(given);

/** Name (cut), random part and suffix: at most 63 characters, and no bucket can have such a name. */
const aliasOf = (call: Call, name: string): string => `${name.slice(0, 20)}-${call.world.id(34).toLowerCase()}-s3alias`;

/** What a request asks for beside the access point itself. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const blockNeeds = ({ AccountId = '', PublicAccessBlockConfiguration }: sdk.CreateAccessPointCommandInput): Need[] =>
  PublicAccessBlockConfiguration === undefined
    ? []
    : [{ action: 's3:PutAccessPointPublicAccessBlock', resource: '*', resourceAccount: AccountId }];

const createAccessPoint = operation<sdk.CreateAccessPointCommandInput, Output<sdk.CreateAccessPointCommandOutput>>({
  access: 'write',
  needs: (input, call) => [
    ...pointNeed('CreateAccessPoint')(input, call).map((need) => ({
      ...need,
      context: {
        's3:AccessPointNetworkOrigin': input.VpcConfiguration === undefined ? 'Internet' : 'VPC',
        's3:DataAccessPointArn': need.resource,
        's3:DataAccessPointAccount': input.AccountId ?? '',
      },
    })),
    ...blockNeeds(input),
  ],
  handle(input, call) {
    const { AccountId: account = '', Name: name = '', Bucket: bucketName = '' } = input;
    checkName(name);
    refuseMembers(call, input, ['Scope']);
    const { accessPoints } = s3ControlState(call.world, account, call.region);
    const existing = accessPoints.get(name);
    if (existing !== undefined) {
      throw new AwsError(
        'AccessPointAlreadyOwnedByYou',
        'Your previous request to create the named accesspoint succeeded and you already own it.',
      );
    }
    const bucket = bucketNamed(call.world, bucketName);
    const bucketAccount = input.BucketAccountId ?? account;
    if (bucket === undefined || bucket.region !== call.region) throw invalid('The specified bucket does not exist');
    // Making an access point on another account's bucket must be asked for by naming that account.
    if (bucket.account !== bucketAccount) throw new AwsError('AccessDenied', 'Access Denied');
    if (accessPoints.size >= MAX_PER_ACCOUNT_AND_REGION)
      throw new AwsError('TooManyAccessPoints', 'You have attempted to create more access points than allowed', {
        status: 400,
      });
    const point: AccessPoint = {
      name,
      account,
      arn: arnOf(call, input),
      alias: aliasOf(call, name),
      bucket: bucketName,
      bucketAccount,
      createdAt: new Date(call.world.clock.now()),
      vpcId: input.VpcConfiguration?.VpcId,
      publicAccessBlock: blockOf(input.PublicAccessBlockConfiguration),
      policy: undefined,
      tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    accessPoints.set(name, point);
    return { AccessPointArn: point.arn, Alias: point.alias };
  },
});

const getAccessPoint = operation<sdk.GetAccessPointCommandInput, Output<sdk.GetAccessPointCommandOutput>>({
  access: 'read',
  // Without a resource type in AWS's reference it cannot be allowed on one access point, only on all:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
  needs: (input, call) => pointNeed('GetAccessPoint')(input, call).map((need) => ({ ...need, resource: '*' })),
  handle(input, call) {
    const point = accessPointOf(call, input);
    return {
      Name: point.name,
      Bucket: point.bucket,
      NetworkOrigin: point.vpcId === undefined ? 'Internet' : 'VPC',
      ...(point.vpcId === undefined ? {} : { VpcConfiguration: { VpcId: point.vpcId } }),
      PublicAccessBlockConfiguration: { ...point.publicAccessBlock },
      CreationDate: point.createdAt,
      Alias: point.alias,
      AccessPointArn: point.arn,
      BucketAccountId: point.bucketAccount,
      Endpoints: {
        ipv4: `s3-accesspoint.${call.region}.amazonaws.com`,
        dualstack: `s3-accesspoint.dualstack.${call.region}.amazonaws.com`,
      },
    };
  },
});

const listAccessPoints = operation<sdk.ListAccessPointsCommandInput, Output<sdk.ListAccessPointsCommandOutput>>({
  access: 'read',
  needs: (input) => [{ action: 's3:ListAccessPoints', resource: '*', resourceAccount: input.AccountId ?? '' }],
  handle(input, call) {
    const { AccountId: account = '', Bucket: bucket, MaxResults = MAX_PAGE, NextToken: token = '' } = input;
    const left = [...s3ControlState(call.world, account, call.region).accessPoints.values()]
      .filter((point) => bucket === undefined || point.bucket === bucket)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > Buffer.from(token, 'base64url').toString());
    const page = left.slice(0, Math.min(MaxResults, MAX_PAGE));
    const last = page.at(-1);
    return {
      AccessPointList: page.map((point) => ({
        Name: point.name,
        NetworkOrigin: point.vpcId === undefined ? 'Internet' : 'VPC',
        ...(point.vpcId === undefined ? {} : { VpcConfiguration: { VpcId: point.vpcId } }),
        Bucket: point.bucket,
        AccessPointArn: point.arn,
        Alias: point.alias,
        BucketAccountId: point.bucketAccount,
      })),
      ...(last !== undefined && left.length > page.length
        ? { NextToken: Buffer.from(last.name).toString('base64url') }
        : {}),
    };
  },
});

const deleteAccessPoint = operation<sdk.DeleteAccessPointCommandInput, object>({
  access: 'write',
  needs: pointNeed('DeleteAccessPoint'),
  handle(input, call) {
    const { account, name } = accessPointOf(call, input);
    s3ControlState(call.world, account, call.region).accessPoints.delete(name);
    return {};
  },
});

const getAccessPointPolicy = operation<
  sdk.GetAccessPointPolicyCommandInput,
  Output<sdk.GetAccessPointPolicyCommandOutput>
>({
  access: 'read',
  needs: pointNeed('GetAccessPointPolicy'),
  handle(input, call) {
    const { policy } = accessPointOf(call, input);
    if (policy === undefined)
      throw new AwsError('NoSuchAccessPointPolicy', 'The specified accesspoint policy does not exist', { status: 404 });
    return { Policy: JSON.stringify(showPrincipals(call.world, policy)) };
  },
});

const putAccessPointPolicy = operation<sdk.PutAccessPointPolicyCommandInput, object>({
  access: 'write',
  needs: pointNeed('PutAccessPointPolicy'),
  handle(input, call) {
    const point = accessPointOf(call, input);
    const { BlockPublicPolicy } = blockInForce(call.world, point.account, point.publicAccessBlock);
    point.policy = readResourcePolicy(call.world, input.Policy ?? '', {
      arn: point.arn,
      below: '/object/',
      blockPublic: BlockPublicPolicy,
    });
    return {};
  },
});

const deleteAccessPointPolicy = operation<sdk.DeleteAccessPointPolicyCommandInput, object>({
  access: 'write',
  needs: pointNeed('DeleteAccessPointPolicy'),
  handle(input, call) {
    accessPointOf(call, input).policy = undefined;
    return {};
  },
});

const getAccessPointPolicyStatus = operation<
  sdk.GetAccessPointPolicyStatusCommandInput,
  Output<sdk.GetAccessPointPolicyStatusCommandOutput>
>({
  access: 'read',
  needs: pointNeed('GetAccessPointPolicyStatus'),
  handle(input, call) {
    const { policy } = accessPointOf(call, input);
    return { PolicyStatus: { IsPublic: policy !== undefined && publicStatement(policy) !== undefined } };
  },
});

export const accessPointOperations: Readonly<Record<string, AnyOperation>> = {
  CreateAccessPoint: createAccessPoint,
  GetAccessPoint: getAccessPoint,
  ListAccessPoints: listAccessPoints,
  DeleteAccessPoint: deleteAccessPoint,
  GetAccessPointPolicy: getAccessPointPolicy,
  PutAccessPointPolicy: putAccessPointPolicy,
  DeleteAccessPointPolicy: deleteAccessPointPolicy,
  GetAccessPointPolicyStatus: getAccessPointPolicyStatus,
};
