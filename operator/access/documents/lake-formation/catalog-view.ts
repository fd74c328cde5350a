// A producer database as its claims want it beside what is there. Who has what on which table is compared by itself, piece by piece: there
// may be a hundred thousand grants, and between the pieces others have their turn. Made once for each look and shared by plan and verdicts.
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { CatalogGrantsClaims } from '../../desired.ts';
import type { Drift, Verdict } from '../../document.ts';
import type { CatalogGrantsKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { baselineRights, belongsToOthers, rightsOfGrant, strayGrantsIn } from './catalog-rights.ts';
import { refusalsIn } from './catalog-refusals.ts';
import { filterUsesIn, type FilterUses } from './filter-uses.ts';
import { compareOptIns, type OptInsDifference } from './opt-ins.ts';
import {
  compareRights,
  grantEntriesOf,
  rightKey,
  rightsOf,
  wantRights,
  type GatheredRight,
  type GrantEntry,
  type LakeRight,
  type WantedRight,
} from './lake-rights.ts';
import type { ObservedCatalog } from './observe-catalog.ts';
import type { Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';

export interface CatalogView {
  readonly refused: ReadonlyMap<string, Refusal>;
  /** Of the grants that are not refused, and of what is granted. */
  readonly filterUses: FilterUses;
  /** `<principal> <table>` of grants on tables whose data is another's. */
  readonly strays: ReadonlySet<string>;
  /** Rights that are missing, or that nobody wants. */
  readonly drift: readonly Drift[];
  readonly extra: readonly LakeRight[];
  readonly revoke: readonly LakeGrant[];
  /** What gives all that is missing. */
  readonly entries: readonly GrantEntry[];
  readonly optIns: OptInsDifference;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

type Key = CatalogGrantsKey;
type Claims = CatalogGrantsClaims;

export const { prepare, viewOf } = remembered(makeView);

/** One principal on one table, or on the database. */
interface Place {
  readonly wanted: Map<string, GatheredRight>;
  readonly grants: Grant[];
  readonly rows: LakeGrant[];
}

/** Yields how many grants and rights each piece of work was about. */
function* makeView(key: Key, claims: Claims, observed: ObservedCatalog): Generator<number, CatalogView> {
  const refusalOf = yield* refusalsIn(claims, observed);
  const refused = new Map<string, Refusal>();
  const served: Grant[] = [];
  const strays = new Set<string>();
  const strayOf = strayGrantsIn(observed);
  const verdicts = new Map<string, Verdict>();
  const places = new Map<string, Place>();
  const placeOf = (principal: string, table: string): Place => {
    const name = `${principal} ${table}`;
    const known = places.get(name);
    if (known !== undefined) return known;
    const place = { wanted: new Map<string, GatheredRight>(), grants: [], rows: [] };
    places.set(name, place);
    return place;
  };
  for (const right of baselineRights(key, claims.datasets, observed)) {
    const { wanted } = placeOf(right.principal, tableOf(right.resource));
    wanted.set(rightKey(right), { right, grants: [], suspended: false });
    yield 1;
  }
  for (const grant of claims.grants) {
    const refusal = refusalOf(grant);
    if (refusal === undefined) {
      served.push(grant);
      placeOf(grant.principal.arn, grant.item.name).grants.push(grant);
    } else {
      refused.set(grantId(grant), refusal);
      verdicts.set(grantId(grant), refusal);
      const stray = strayOf(grant);
      if (stray !== undefined) strays.add(stray);
    }
    yield 1;
  }
  for (const row of observed.permissions) {
    placeOf(row.principal, tableOf(row.resource)).rows.push(row);
    yield 1;
  }
  const filterUses = yield* filterUsesIn(served, observed.permissions);
  const optIns = yield* compareOptIns(key, claims, observed.optIns, served);
  yield observed.optIns.length;
  const view = { drift: [], extra: [], revoke: [], entries: [] } as {
    readonly [Part in 'drift' | 'extra' | 'revoke' | 'entries']: CatalogView[Part][number][];
  };
  const isOthers = belongsToOthers(claims, observed);
  const readsBelow = prefixes(observed);
  for (const { wanted, grants, rows } of places.values()) {
    for (const grant of grants) wantRights(wanted, grant, rightsOfGrant(key, grant));
    const present = rightsOf(rows);
    const { missing, extra, revoke } = compareRights(wanted, present, (right) => isOthers(right, present));
    view.drift.push(...missing.map(missingRight), ...extra.map(unwantedRight));
    view.extra.push(...extra);
    view.revoke.push(...revoke);
    view.entries.push(...grantEntriesOf(missing, wanted));
    for (const grant of grants) verdicts.set(grantId(grant), verdictOf(key, grant, present, readsBelow, optIns));
    yield 1 + grants.length + rows.length;
  }
  return { refused, filterUses, strays, verdicts, optIns, ...view };
}

const verdictOf = (
  key: Key,
  grant: Grant,
  present: ReadonlyMap<string, LakeRight>,
  readsBelow: ReadonlyMap<string, string>,
  optIns: OptInsDifference,
): Verdict => {
  const lacking = rightsOfGrant(key, grant).find((right) => !present.has(rightKey(right)));
  if (lacking === undefined && !optIns.covers(grant))
    return {
      state: 'Waiting',
      reason: 'GrantPending',
      message: 'Lake Formation does not decide for the principal yet (hybrid access mode)',
    };
  if (lacking === undefined) return { state: 'Satisfied', readsBelow: readsBelow.get(grant.item.name) ?? '' };
  const message = `Lake Formation has not granted ${lacking.permission} yet`;
  return { state: 'Waiting', reason: 'GrantPending', message };
};

const missingRight = ({ right, grants }: WantedRight): Drift => ({
  kind: 'missing',
  message: `grant ${rightKey(right)} is missing`,
  grants,
});

const unwantedRight = (right: LakeRight): Drift => ({
  kind: 'extra',
  message: `grant ${rightKey(right)} is not wanted`,
  grants: [],
});

const tableOf = (resource: LakeRight['resource']): string => ('table' in resource ? resource.table : '');

/** Of tables whose place nobody told, that is anywhere in the bucket. */
const prefixes = ({ tables = [] }: ObservedCatalog): ReadonlyMap<string, string> =>
  new Map(tables.map(({ name, location = '' }) => [name, location.split('/').slice(3).join('/')]));
