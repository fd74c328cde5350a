// What the policy of an access point says for its grants, and what one that is there gives of it.
import { accessPointArn } from '../../../policy/arn.ts';
import { LIMITS } from '../../../policy/size.ts';
import type { OneOrMany, PolicyDocument, Statement } from '../../../policy/document.ts';
import { Fingerprints } from '../../../policy/fingerprints.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { literal } from '../../../policy/variables.ts';
import type { AccessPointClaims } from '../../desired.ts';
import type { Verdict } from '../../document.ts';
import type { AccessPointKey } from '../../document-key.ts';
import type { Grant, SharePermission } from '../../grant.ts';
import { quotaExceeded, type Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';
import type { ObservedAccessPoint } from './access-point.ts';
import { examplesOf, grantsIn, groupAlike, idsIn, refuseAlike, type AlikeGrants } from './alike-grants.ts';
import { policyBytes } from './owned-statements.ts';
import { ACCESS_POINT_OBJECT_ACTIONS } from './statements.ts';

interface AccessPointView {
  /** Of the grants those for which there is room, with their ids. */
  readonly grants: readonly Grant[];
  readonly ids: readonly string[];
  readonly refused: ReadonlyMap<string, Refusal>;
  /** What is to be there. */
  readonly policy: PolicyDocument;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The policy gives nothing that no grant asks for. */
  readonly isClean: boolean;
}

export const { prepare, viewOf } = remembered(makeView);

/** What is chosen for good when it is made: its bucket, and that it is reached from anywhere. */
export const isAsMade = (claims: AccessPointClaims, observed: ObservedAccessPoint): boolean =>
  observed.bucket === claims.bucket && !observed.isOfVpc;

/** Yields the size of each piece of work, in grants. */
function* makeView(
  key: AccessPointKey,
  claims: AccessPointClaims,
  observed: ObservedAccessPoint,
): Generator<number, AccessPointView> {
  const present = observed.policy?.Statement ?? [];
  const given = new FolderStatements(present);
  const isInPlace = isAsMade(claims, observed);
  const all = yield* groupAlike(claims.grants, asked);
  const { fitting, refused } = yield* fit(key, all);
  const policy = withRetained(key, examplesOf(fitting), isInPlace ? observed.policy : undefined);
  const pending: Verdict = {
    state: 'Waiting',
    reason: 'AccessPointPending',
    message: `access point ${key.name} does not open the folder yet`,
  };
  const verdicts = new Map<string, Verdict>();
  for (const { example, ids } of all) {
    const isServed = isInPlace && desiredPolicy(key, [example]).Statement.every((needed) => given.cover(needed));
    for (const id of ids) verdicts.set(id, isServed ? { state: 'Satisfied' } : pending);
    yield ids.length;
  }
  const wanted = new FolderStatements(desiredPolicy(key, examplesOf(all)).Statement);
  const isClean =
    claims.grants.length === 0 ? observed.bucket === undefined : present.every((statement) => wanted.cover(statement));
  return { grants: grantsIn(fitting), ids: idsIn(fitting), refused, policy, verdicts, isClean };
}

/** What of a grant counts for the policy: there is one principal. */
const asked = ({ item, permissions, suspended }: Grant): string =>
  [item.kind === 'Folder' ? item.prefix : '', suspended, ...permissions].join(' ');

/** Statements by what they say but for prefixes: caller and actions. */
class FolderStatements {
  readonly #prefixes = new Map<string, PrefixSets[]>();
  readonly #fingerprints = new Fingerprints();

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) {
      const shape = this.#shapeOf(statement);
      const sets = { objects: new Set(toList(statement.Resource)), listed: new Set(listedPrefixes(statement)) };
      this.#prefixes.set(shape, [...(this.#prefixes.get(shape) ?? []), sets]);
    }
  }

  /** Whether one allows all that `needed` allows: same caller and actions, at least its prefixes. */
  cover(needed: Statement): boolean {
    const [resources, prefixes] = [toList(needed.Resource), listedPrefixes(needed)];
    return this.#alike(needed).some(
      ({ objects, listed }) =>
        resources.every((resource) => objects.has(resource)) && prefixes.every((prefix) => listed.has(prefix)),
    );
  }

  /** What of a statement those that are alike have: resources and listed prefixes. */
  partOf(statement: Statement): { readonly resources: readonly string[]; readonly prefixes: readonly string[] } {
    const alike = this.#alike(statement);
    return {
      resources: toList(statement.Resource).filter((resource) => alike.some(({ objects }) => objects.has(resource))),
      prefixes: listedPrefixes(statement).filter((prefix) => alike.some(({ listed }) => listed.has(prefix))),
    };
  }

  #alike(statement: Statement): readonly PrefixSets[] {
    return this.#prefixes.get(this.#shapeOf(statement)) ?? [];
  }

  #shapeOf({ Resource: _resource, Condition: condition, ...rest }: Statement): string {
    const StringLike = { ...condition?.['StringLike'], 's3:prefix': '' };
    return this.#fingerprints.of({ ...rest, Condition: { ...condition, StringLike } });
  }
}

interface PrefixSets {
  readonly objects: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
}

const listedPrefixes = ({ Condition: condition }: Statement): readonly string[] =>
  toList(condition?.['StringLike']?.['s3:prefix'] as OneOrMany | undefined);

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
const withRetained = (
  key: AccessPointKey,
  grants: readonly Grant[],
  observed: PolicyDocument | undefined,
): PolicyDocument => {
  const active = grants.filter(({ suspended }) => !suspended);
  const own = desiredPolicy(key, active);
  if (active.length === grants.length || observed === undefined) return own;
  const whole = desiredPolicy(key, grants);
  const given = new FolderStatements([...own.Statement, ...observed.Statement]);
  const statements = whole.Statement.flatMap((statement): Statement[] => {
    const { resources: Resource, prefixes } = given.partOf(statement);
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
function* fit(
  key: AccessPointKey,
  wanted: readonly AlikeGrants[],
): Generator<number, { readonly fitting: readonly AlikeGrants[]; readonly refused: ReadonlyMap<string, Refusal> }> {
  const bytes = (groups: readonly AlikeGrants[]): number => policyBytes(desiredPolicy(key, examplesOf(groups)));
  const { limit } = LIMITS['access-point'];
  if (bytes(wanted) <= limit) return { fitting: wanted, refused: new Map() };
  const fitting: AlikeGrants[] = [];
  const left: AlikeGrants[] = [];
  for (const group of wanted) {
    (bytes([...fitting, group]) <= limit ? fitting : left).push(group);
    yield 1 + fitting.length;
  }
  const message = `the policy of access point ${key.name} may hold ${limit} bytes and is full with ${fitting.length} folders: share a folder above them`;
  return { fitting, refused: refuseAlike(left, quotaExceeded(message)) };
}
