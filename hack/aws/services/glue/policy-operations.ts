// The catalog's resource policy and tags. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-security.html
import { createHash } from 'node:crypto';
import type {
  DeleteResourcePolicyRequest,
  DeleteResourcePolicyResponse,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  GetTagsRequest,
  GetTagsResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '@aws-sdk/client-glue';
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { ramState } from '../ram/ram-state.ts';
import { catalogNeeds, catalogOf } from './catalog-needs.ts';
import type { CatalogState } from './catalog-state.ts';
import { catalogState } from './catalog-state.ts';

/** "The maximum size of a resource policy is 10 KB": https://docs.aws.amazon.com/glue/latest/dg/security_iam_service-with-iam.html */
const LARGEST_POLICY_BYTES = 10 * 1024;

const ownState = (call: Call): CatalogState => catalogState(call.world, catalogOf(call, undefined));

const policyNeeds = (action: string) => (_input: object, call: Call) =>
  catalogNeeds(call, action, catalogOf(call, undefined));

const readDocument = (json: string): PolicyDocument => {
  const parsed = parseJson(json) as Partial<PolicyDocument> | undefined;
  if (!Array.isArray(parsed?.Statement))
    throw new AwsError('InvalidInputException', 'The resource policy is malformed.');
  if (Buffer.byteLength(json) > LARGEST_POLICY_BYTES)
    throw new AwsError(
      'ResourceNumberLimitExceededException',
      'The resource policy exceeds the maximum size of 10 KB.',
    );
  return parsed as PolicyDocument;
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** True when Lake Formation shares catalog resources of the account through RAM. */
const sharesThroughRam = (call: Call): boolean =>
  [...ramState(call.world, call.account, call.region).shares.values()].some((share) =>
    share.name.startsWith('LakeFormation-'),
  );

/**
 * "EnableHybrid must be set to TRUE if you have already used the Management Console to grant cross-account access, otherwise
 * the call fails": https://docs.aws.amazon.com/glue/latest/webapi/API_PutResourcePolicy.html
 */
const putResourcePolicy = operation<PutResourcePolicyRequest, PutResourcePolicyResponse>({
  needs: policyNeeds('glue:PutResourcePolicy'),
  access: 'write',
  handle: (input, call) => {
    const json = input.PolicyInJson ?? '';
    readDocument(json);
    const state = ownState(call);
    checkConditions(state, input);
    const hybrid = input.EnableHybrid === 'TRUE';
    if (!hybrid && sharesThroughRam(call))
      throw new AwsError(
        'InvalidInputException',
        'EnableHybrid must be TRUE: this account shares catalog resources through AWS RAM.',
      );
    const now = call.world.clock.now();
    const hash = createHash('md5').update(json).digest('base64');
    state.policy = { json, hash, createdAt: state.policy?.createdAt ?? now, updatedAt: now, hybrid };
    return { PolicyHash: hash };
  },
});

const checkConditions = (
  state: CatalogState,
  input: Pick<PutResourcePolicyRequest, 'PolicyExistsCondition' | 'PolicyHashCondition'>,
): void => {
  const exists = state.policy !== undefined;
  if (input.PolicyExistsCondition === 'MUST_EXIST' && !exists) throw noPolicy();
  if (input.PolicyExistsCondition === 'NOT_EXIST' && exists)
    throw new AwsError('ConditionCheckFailureException', 'A resource policy already exists.');
  if (input.PolicyHashCondition !== undefined && input.PolicyHashCondition !== state.policy?.hash)
    throw new AwsError('ConditionCheckFailureException', 'The hash of the resource policy does not match.');
};

const noPolicy = (): AwsError => new AwsError('EntityNotFoundException', 'Policy not found.');

const getResourcePolicy = operation<GetResourcePolicyRequest, GetResourcePolicyResponse>({
  needs: policyNeeds('glue:GetResourcePolicy'),
  access: 'read',
  handle: (_input, call) => {
    const { policy } = ownState(call);
    if (!policy) throw noPolicy();
    return {
      PolicyInJson: policy.json,
      PolicyHash: policy.hash,
      CreateTime: new Date(policy.createdAt),
      UpdateTime: new Date(policy.updatedAt),
    };
  },
});

const deleteResourcePolicy = operation<DeleteResourcePolicyRequest, DeleteResourcePolicyResponse>({
  needs: policyNeeds('glue:DeleteResourcePolicy'),
  access: 'write',
  handle: (input, call) => {
    const state = ownState(call);
    if (!state.policy) throw noPolicy();
    checkConditions(state, input);
    state.policy = undefined;
    return {};
  },
});

const tagNeeds =
  (action: string) =>
  (input: { ResourceArn?: string | undefined }): readonly Need[] => [{ action, resource: input.ResourceArn ?? '*' }];

const tagResource = operation<TagResourceRequest, TagResourceResponse>({
  needs: tagNeeds('glue:TagResource'),
  access: 'write',
  handle: (input, call) => {
    const { tags } = ownState(call);
    const arn = input.ResourceArn ?? '';
    tags.set(arn, { ...tags.get(arn), ...input.TagsToAdd });
    return {};
  },
});

const untagResource = operation<UntagResourceRequest, UntagResourceResponse>({
  needs: tagNeeds('glue:UntagResource'),
  access: 'write',
  handle: (input, call) => {
    const { tags } = ownState(call);
    const arn = input.ResourceArn ?? '';
    const removed = new Set(input.TagsToRemove ?? []);
    const kept = Object.entries(tags.get(arn) ?? {}).filter(([key]) => !removed.has(key));
    if (kept.length > 0) tags.set(arn, Object.fromEntries(kept));
    else tags.delete(arn);
    return {};
  },
});

const getTags = operation<GetTagsRequest, GetTagsResponse>({
  needs: tagNeeds('glue:GetTags'),
  access: 'read',
  handle: (input, call) => ({ Tags: { ...ownState(call).tags.get(input.ResourceArn ?? '') } }),
});

export const policyOperations = {
  PutResourcePolicy: putResourcePolicy,
  GetResourcePolicy: getResourcePolicy,
  DeleteResourcePolicy: deleteResourcePolicy,
  TagResource: tagResource,
  UntagResource: untagResource,
  GetTags: getTags,
};
