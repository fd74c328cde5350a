// One S3 access point: the folders of one dataset that one principal may read. Wholly ours, policy included.
import { accessPointArn } from '../../../policy/arn.ts';
import type { AccountAws } from '../../../aws/account.ts';
import type { OneOrMany, PolicyDocument, Statement } from '../../../policy/document.ts';
import { equivalent } from '../../../policy/canonical.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { literal } from '../../../policy/variables.ts';
import { LIMITS } from '../../../policy/size.ts';
import type { AccessPointClaims } from '../../desired.ts';
import type { ActionOutcome, DocumentType, Verdict } from '../../document.ts';
import type { AccessPointKey } from '../../document-key.ts';
import { grantId, type Grant, type SharePermission } from '../../grant.ts';
import { readPolicy } from './read-policy.ts';
import { quotaExceeded, refuseAll, unknownPrincipals } from '../refusal.ts';
import { isFault } from '../../../aws/fault.ts';
import type { AccessPoint } from '../../../aws/services/s3control.ts';
import { policyBytes } from './sid-policy.ts';
import { ACCESS_POINT_OBJECT_ACTIONS } from './statements.ts';

export interface ObservedAccessPoint {
  /** Undefined = there is none. */
  readonly bucket: string | undefined;
  readonly alias: string | undefined;
  readonly policy: PolicyDocument | undefined;
}

export type AccessPointAction =
  | { readonly do: 'create'; readonly bucket: string }
  | { readonly do: 'put-policy'; readonly policy: PolicyDocument; readonly grants: readonly Grant[] }
  | { readonly do: 'delete' };

export const accessPoint: DocumentType<AccessPointKey, AccessPointClaims, ObservedAccessPoint, AccessPointAction> = {
  kind: 'access-point',

  async observe({ aws }, key, claims) {
    const point =
      claims.grants.length === 0 ? await listed(aws, key, claims) : await aws.s3control.accessPoint(key.name);
    if (point === undefined) return { bucket: undefined, alias: undefined, policy: undefined };
    const policy = readPolicy(await aws.s3control.accessPointPolicy(key.name));
    return { bucket: point.bucket, alias: point.alias, policy };
  },

  async readBack(context, key, claims, observed, written) {
    if (written.some(({ do: what }) => what !== 'put-policy')) return await accessPoint.observe(context, key, claims);
    return { ...observed, policy: readPolicy(await context.aws.s3control.accessPointPolicy(key.name)) };
  },

  plan(key, claims, observed) {
    const { grants, refused } = fit(key, claims.grants);
    const isInPlace = observed.bucket === claims.bucket;
    const policy = withRemains(key, grants, isInPlace ? observed.policy : undefined);
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
    const affected = grants.map(grantId);
    if (observed.bucket === undefined)
      return {
        actions: [{ do: 'create', bucket: claims.bucket }, put],
        drift: [{ kind: 'missing', message: `access point ${key.name} is missing`, grants: affected }],
        refused,
      };
    if (observed.bucket !== claims.bucket)
      return {
        actions: [{ do: 'delete' }, { do: 'create', bucket: claims.bucket }, put],
        drift: [
          { kind: 'changed', message: `access point ${key.name} leads to bucket ${observed.bucket}`, grants: affected },
        ],
        refused,
      };
    if (observed.policy !== undefined && equivalent(observed.policy, policy))
      return { actions: [], drift: [], refused };
    return {
      actions: [put],
      drift: [{ kind: 'changed', message: `the policy of access point ${key.name} was changed`, grants: affected }],
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

  judge(key, claims, observed) {
    const allowed = observed.policy?.Statement ?? [];
    return new Map(
      claims.grants.map((grant): [string, Verdict] => {
        const needed = desiredPolicy(key, [grant]).Statement;
        const served =
          observed.bucket === claims.bucket && needed.every((want) => allowed.some((have) => includes(have, want)));
        return [
          grantId(grant),
          served
            ? { state: 'Satisfied' }
            : {
                state: 'Waiting',
                reason: 'AccessPointPending',
                message: `access point ${key.name} does not open the folder yet`,
              },
        ];
      }),
    );
  },

  facts: (key, claims, observed) =>
    new Map(
      claims.grants.map((grant) => [
        grantId(grant),
        {
          accessPointArn: accessPointArn(key),
          ...(observed.alias === undefined ? {} : { accessPointAlias: observed.alias }),
        },
      ]),
    ),

  isClean(key, claims, observed) {
    if (claims.grants.length === 0) return observed.bucket === undefined;
    if (observed.policy === undefined) return true;
    const wanted = desiredPolicy(key, claims.grants).Statement;
    return observed.policy.Statement.every((have) => wanted.some((want) => includes(want, have)));
  },
};

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

/**
 * Statement ids `<unique id>0` (list) and `<unique id>1` (read objects): people and tools look for them. Writing and deleting are
 * statements of their own, for two shares of one principal may open different folders for different things.
 */
const OBJECT_SIDS: Readonly<Record<SharePermission, string>> = { Read: '1', Write: '2', Modify: '3' };

const desiredPolicy = (key: AccessPointKey, grants: readonly Grant[]): PolicyDocument => {
  const [first] = grants;
  if (first === undefined) return { Version: '2012-10-17', Statement: [] };
  const arn = accessPointArn(key);
  const { arn: principal, uniqueId } = first.principal;
  // The ARN alone would be enough today; the unique id keeps out a role that is re-created under the same name.
  const caller = { 'aws:userId': uniqueId.startsWith('AROA') ? `${uniqueId}:*` : uniqueId };
  const list: Statement = {
    Sid: `${uniqueId}0`,
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: 's3:ListBucket',
    Resource: arn,
    Condition: { StringLike: { 's3:prefix': prefixesOf(grants).map((prefix) => `${literal(prefix)}*`), ...caller } },
  };
  const objects = (['Read', 'Write', 'Modify'] as const).flatMap((permission): readonly Statement[] => {
    const prefixes = prefixesOf(grants.filter(({ permissions }) => permissions.includes(permission)));
    if (prefixes.length === 0) return [];
    return [
      {
        Sid: `${uniqueId}${OBJECT_SIDS[permission]}`,
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: ACCESS_POINT_OBJECT_ACTIONS[permission],
        Resource: prefixes.map((prefix) => `${arn}/object/${literal(prefix)}*`),
        Condition: { StringLike: caller },
      },
    ];
  });
  return { Version: '2012-10-17', Statement: [list, ...objects] };
};

/**
 * The policy for these grants; of suspended ones only what `observed` gives already. A statement that somebody changed in anything
 * but prefixes is not kept: it may give more than anybody consented to.
 */
const withRemains = (
  key: AccessPointKey,
  grants: readonly Grant[],
  observed: PolicyDocument | undefined,
): PolicyDocument => {
  const active = grants.filter(({ suspended }) => !suspended);
  const own = desiredPolicy(key, active);
  if (active.length === grants.length || observed === undefined) return own;
  const whole = desiredPolicy(key, grants);
  const statements = whole.Statement.flatMap((statement): Statement[] => {
    const given = [...own.Statement, ...observed.Statement].filter((candidate) => isAlike(candidate, statement));
    const among = (values: (statement: Statement) => readonly string[]): readonly string[] =>
      values(statement).filter((value) => given.flatMap(values).includes(value));
    const Resource = among((one) => toList(one.Resource));
    const prefixes = among(listedPrefixes);
    const isList = listedPrefixes(statement).length > 0;
    if (Resource.length === 0 || (isList && prefixes.length === 0)) return [];
    if (!isList) return [{ ...statement, Resource }];
    return [
      { ...statement, Condition: { StringLike: { ...statement.Condition?.['StringLike'], 's3:prefix': prefixes } } },
    ];
  });
  return { ...whole, Statement: statements };
};

const prefixesOf = (grants: readonly Grant[]): readonly string[] =>
  [...new Set(grants.flatMap(({ item }) => (item.kind === 'Folder' ? [item.prefix] : [])))].toSorted();

/** Folders are taken in order while the policy fits. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations.html */
const fit = (
  key: AccessPointKey,
  wanted: readonly Grant[],
): { grants: readonly Grant[]; refused: ReturnType<typeof refuseAll> } => {
  if (policyBytes(desiredPolicy(key, wanted)) <= LIMITS['access-point'].limit)
    return { grants: wanted, refused: new Map() };
  const grants: Grant[] = [];
  const left: Grant[] = [];
  for (const grant of wanted)
    if (policyBytes(desiredPolicy(key, [...grants, grant])) <= LIMITS['access-point'].limit) grants.push(grant);
    else left.push(grant);
  const message = `the policy of access point ${key.name} may hold ${LIMITS['access-point'].limit} bytes and is full with ${grants.length} folders: share a folder above them`;
  return { grants, refused: refuseAll(left, quotaExceeded(message)) };
};

/** Whether `have` allows all that `want` allows: same caller and actions, at least its prefixes. */
const includes = (have: Statement, want: Statement): boolean => {
  const within = (some: readonly string[], all: readonly string[]): boolean =>
    some.every((value) => all.includes(value));
  return (
    isAlike(have, want) &&
    within(toList(want.Resource), toList(have.Resource)) &&
    within(listedPrefixes(want), listedPrefixes(have))
  );
};

/** Equal but for prefixes. */
const isAlike = (a: Statement, b: Statement): boolean => {
  const shape = ({ Resource: _resource, Condition: condition, ...rest }: Statement): unknown => ({
    ...rest,
    Condition: { ...condition, StringLike: { ...condition?.['StringLike'], 's3:prefix': '' } },
  });
  return equivalent(alone(shape(a)), alone(shape(b)));
};

const listedPrefixes = ({ Condition: condition }: Statement): readonly string[] =>
  toList(condition?.['StringLike']?.['s3:prefix'] as OneOrMany | undefined);

const alone = (statement: unknown): PolicyDocument => ({ Version: '2012-10-17', Statement: [statement as Statement] });
