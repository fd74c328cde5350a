// One S3 access point: the folders of one dataset that one principal may read. Wholly ours, policy included.
import { accessPointArn } from '../../../policy/arn.ts';
import type { AccountAws } from '../../../aws/account.ts';
import { isFault } from '../../../aws/fault.ts';
import type { AccessPoint } from '../../../aws/services/s3control.ts';
import { equivalent } from '../../../policy/canonical.ts';
import { onlyAllowsMore } from '../../../policy/compare.ts';
import type { PolicyDocument } from '../../../policy/document.ts';
import { datasetOfAccessPoint, sharesOfAccessPoint } from '../../access-point-shares.ts';
import { grantsOf } from '../../consent.ts';
import { remediationOf } from '../../dataset-baseline.ts';
import { accessPointNameOf } from '../../grant-names.ts';
import { decide } from '../../share-decision.ts';
import type { AccessPointClaims } from '../../desired.ts';
import type { ActionOutcome, DocumentType } from '../../document.ts';
import type { AccessPointKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { unknownPrincipals } from '../refusal.ts';
import { isAsMade, prepare, viewOf } from './access-point-policy.ts';
import { readPolicy } from './read-policy.ts';

export interface ObservedAccessPoint {
  /** Undefined = there is none. */
  readonly bucket: string | undefined;
  /** Somebody made it under our name for one VPC: nobody reads through it from elsewhere. */
  readonly isOfVpc: boolean;
  readonly alias: string | undefined;
  readonly policy: PolicyDocument | undefined;
}

export type AccessPointAction =
  | { readonly do: 'create'; readonly bucket: string }
  | { readonly do: 'put-policy'; readonly policy: PolicyDocument; readonly grants: readonly Grant[] }
  | { readonly do: 'delete' };

export const accessPoint: DocumentType<AccessPointKey, AccessPointClaims, ObservedAccessPoint, AccessPointAction> = {
  kind: 'access-point',

  collect(specs, key, now) {
    const dataset = datasetOfAccessPoint(specs, key);
    if (dataset?.status.bucket === undefined) return undefined;
    const grants = sharesOfAccessPoint(specs, key)
      .flatMap((share) => grantsOf(decide(specs, share, now)))
      .filter((grant) => grant.item.kind === 'Folder' && accessPointNameOf(grant) === key.name);
    return { bucket: dataset.status.bucket, grants, ...remediationOf(specs, dataset) };
  },

  shares: sharesOfAccessPoint,

  owners(specs, key) {
    const dataset = datasetOfAccessPoint(specs, key);
    return dataset === undefined ? [] : [dataset];
  },

  async observe({ aws }, key, claims) {
    const point =
      claims.grants.length === 0 ? await listed(aws, key, claims) : await aws.s3control.accessPoint(key.name);
    if (point === undefined) return NO_POINT;
    const policy = readPolicy(await aws.s3control.accessPointPolicy(key.name));
    return { bucket: point.bucket, isOfVpc: point.isOfVpc, alias: point.alias, policy };
  },

  async readBack(context, key, claims, observed, written) {
    if (written.some(({ do: what }) => what !== 'put-policy')) return await accessPoint.observe(context, key, claims);
    return { ...observed, policy: readPolicy(await context.aws.s3control.accessPointPolicy(key.name)) };
  },

  prepare,

  plan(key, claims, observed) {
    const { grants, ids: affected, refused, policy } = viewOf(key, claims, observed);
    const isInPlace = isAsMade(claims, observed);
    // Only suspended grants want it, and it opens nothing.
    const isIdle = grants.length > 0 && isInPlace && observed.policy === undefined;
    if (policy.Statement.length === 0)
      return observed.bucket === undefined || isIdle
        ? { actions: [], drift: [], refused }
        : {
            actions: [{ do: 'delete' }],
            drift: [{ kind: 'extra', message: `access point ${key.name} is not wanted`, grants: [] }],
            refused,
          };
    const put: AccessPointAction = { do: 'put-policy', policy, grants };
    if (observed.bucket === undefined)
      return {
        actions: [{ do: 'create', bucket: claims.bucket }, put],
        drift: [{ kind: 'missing', message: `access point ${key.name} is missing`, grants: affected }],
        refused,
      };
    if (!isInPlace) {
      const leads = observed.isOfVpc ? 'to one VPC only' : 'to another bucket';
      return {
        actions: [{ do: 'delete' }, { do: 'create', bucket: claims.bucket }, put],
        drift: [{ kind: 'changed', message: `access point ${key.name} leads ${leads}`, grants: affected }],
        refused,
      };
    }
    if (observed.policy !== undefined && equivalent(observed.policy, policy))
      return { actions: [], drift: [], refused };
    const kind = onlyAllowsMore(observed.policy ?? NO_POLICY, policy) ? 'missing' : 'changed';
    return {
      actions: [put],
      drift: [{ kind, message: `the policy of access point ${key.name} was changed`, grants: affected }],
      refused,
    };
  },

  async execute({ aws }, key, claims, action) {
    switch (action.do) {
      case 'create':
        try {
          await aws.s3control.createAccessPoint(key.name, action.bucket);
          return { done: true };
        } catch (error) {
          if (isFault(error, 'AlreadyExists')) return missed(key, claims.grants);
          throw error;
        }
      case 'delete':
        await aws.s3control.deleteAccessPoint(key.name);
        return { done: true };
      case 'put-policy':
        try {
          await aws.s3control.putAccessPointPolicy(key.name, JSON.stringify(action.policy));
          return { done: true };
        } catch (error) {
          // One access point serves one principal: if AWS does not know it, no grant of this document can be made.
          if (isFault(error, 'UnknownPrincipal')) return unknownPrincipals(action.grants);
          if (isFault(error, 'NotFound')) return missed(key, action.grants);
          throw error;
        }
    }
  },

  judge: (key, claims, observed) => viewOf(key, claims, observed).verdicts,

  outputs(key, claims, observed) {
    const { alias } = observed;
    const outputs = {
      accessPointArn: accessPointArn(key),
      ...(alias === undefined ? {} : { accessPointAlias: alias }),
    };
    return new Map([...viewOf(key, claims, observed).verdicts.keys()].map((id) => [id, outputs]));
  },

  isClean: (key, claims, observed) => viewOf(key, claims, observed).isClean,
};

const NO_POLICY: PolicyDocument = { Version: '2012-10-17', Statement: [] };
const NO_POINT: ObservedAccessPoint = { bucket: undefined, isOfVpc: false, alias: undefined, policy: undefined };

/** Where access is to have ended, what S3 does not find by name counts as gone only if the list of the bucket has none, see `missed`. */
const listed = async (
  aws: AccountAws,
  key: AccessPointKey,
  { bucket }: AccessPointClaims,
): Promise<AccessPoint | undefined> => (await aws.s3control.accessPoints(bucket)).find(({ name }) => name === key.name);

/**
 * S3 answers for a while that there is no access point of a name that was asked for before it was made
 * (https://github.com/data-dot-all/dataall/issues/1608): nothing is wrong, it is looked at again.
 */
const missed = (key: AccessPointKey, grants: readonly Grant[]): ActionOutcome => ({
  done: false,
  grants: grants.map(grantId),
  verdict: {
    state: 'Waiting',
    reason: 'AccessPointPending',
    message: `S3 does not find access point ${key.name} yet, which is made: it is asked again within seconds`,
  },
});
