// What a share costs at AWS, counted: reads against the floor of one look at each document and one back at what was written, how often
// a document runs for one event, and how many calls one after the other pass between an event and the write that ends access.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFloor, type TouchedDocument } from '../../hack/bench/read-floor.ts';
import { DOCUMENT_CALLS } from '../../operator/access/document-calls.ts';
import { FakeClock } from '../../operator/kernel/testing/fake-clock.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { NO_ACCESS, probeAccess } from '../support/access-probe.ts';
import { AwsLedger, type LedgerEntry } from '../support/aws-ledger.ts';
import { BUCKET, roleNames, TABLES, type RoleName } from '../support/sharing-data.ts';
import { ITEMS, SharingWorld, type Item } from '../support/sharing-world.ts';

/** Reads may be this many times the floor, which they meet. */
const MOST_TIMES_FLOOR = 1.1;
/** Calls one after the other, the last of which ends access. */
const LONGEST_CHAIN = 4;
/** Writes that tidy up what opens nothing to anybody any more. */
const TIDYING: readonly string[] = [
  'glue:DeleteDatabase',
  'glue:DeleteTable',
  'iam:DeletePolicy',
  'lakeformation:DeleteDataCellsFilter',
];

interface Case {
  readonly role: RoleName;
  readonly items: readonly Item[];
  readonly granting: readonly TouchedDocument[];
  /** The access point, the shared database and the policies of the role, while it is shared. */
  readonly given: { readonly accessPoint: boolean; readonly links: number | undefined };
  readonly revoking: readonly TouchedDocument[];
}

const tables = TABLES.length;
const lake = (resources: number, filtered: number): TouchedDocument => ({
  kind: 'catalog-grants',
  tables,
  withFilters: 1,
  resources,
  filtered,
});
const policies = (kept: number, written: number, changed = true): TouchedDocument => ({
  kind: 'share-policies',
  kept,
  written,
  changed,
});
const links = (before: number | undefined, after: number | undefined): TouchedDocument => ({
  kind: 'shared-database',
  linksBefore: before,
  linksAfter: after,
  linksWritten: Math.abs((after ?? 0) - (before ?? 0)),
});
const invitation: TouchedDocument = { kind: 'invitations', pending: 1 };
const bucket: TouchedDocument = { kind: 'bucket-policy', written: true };
const key: TouchedDocument = { kind: 'key-policy', written: true };
const point = (before: boolean): TouchedDocument => ({ kind: 'access-point', before, after: !before });

const CASES: Readonly<Record<string, Case>> = {
  'a table': {
    role: 'analysts',
    items: [{ kind: 'Table', name: 'orders' }],
    granting: [lake(1, 0), links(undefined, 1), invitation, policies(0, 1)],
    given: { accessPoint: false, links: 1 },
    revoking: [lake(1, 0), links(1, undefined), policies(0, 0)],
  },
  'a filtered table': {
    role: 'analysts',
    items: [{ kind: 'Table', name: 'orders', filters: ['eu'] }],
    granting: [lake(1, 1), links(undefined, 1), invitation, policies(0, 1)],
    given: { accessPoint: false, links: 1 },
    revoking: [lake(1, 1), links(1, undefined), policies(0, 0)],
  },
  'a folder': {
    role: 'analysts',
    items: [{ kind: 'Folder', name: 'raw' }],
    granting: [bucket, key, point(false), policies(0, 1)],
    given: { accessPoint: true, links: undefined },
    revoking: [bucket, key, point(true), policies(0, 0)],
  },
  'a bucket': {
    role: 'analysts',
    items: [{ kind: 'Bucket', name: BUCKET }],
    granting: [bucket, key, policies(0, 1)],
    given: { accessPoint: false, links: undefined },
    revoking: [bucket, key, policies(0, 0)],
  },
  'all of these': {
    role: 'analysts',
    items: ITEMS,
    granting: [lake(2, 0), links(undefined, 2), invitation, bucket, key, point(false), policies(0, 1)],
    given: { accessPoint: true, links: 2 },
    revoking: [lake(2, 0), links(2, undefined), bucket, key, point(true), policies(0, 0)],
  },
  'all of these within one account': {
    role: 'inhouse',
    items: ITEMS,
    granting: [lake(2, 0), links(undefined, 2), bucket, key, point(false), policies(0, 1)],
    given: { accessPoint: true, links: 2 },
    revoking: [lake(2, 0), links(2, undefined), bucket, key, point(true), policies(0, 0)],
  },
};

/** Everything that is looked at when a share is verified, and the settings and roles of the cast. */
const verifying = ({ role, given }: Case): readonly TouchedDocument[] => [
  { kind: 'lake-settings' },
  { kind: 'lake-settings' },
  { kind: 'registration' },
  ...roleNames.map((): TouchedDocument => ({ kind: 'principal' })),
  lake(0, 0),
  { kind: 'shared-database', linksBefore: given.links, linksAfter: given.links, linksWritten: 0 },
  ...(role === 'inhouse' ? [] : [{ kind: 'invitations', pending: 0 } as const]),
  { kind: 'bucket-policy', written: false },
  { kind: 'key-policy', written: false },
  { kind: 'access-point', before: given.accessPoint, after: given.accessPoint },
  policies(1, 0, false),
];

let world: SharingWorld;
beforeAll(async () => {
  // What is put off waits for what runs, however long that takes on a busy machine: no document is looked at again meanwhile.
  world = await SharingWorld.open({}, 0, () => new FakeClock());
});
afterAll(async () => await world.close());

const byName = (entries: readonly LedgerEntry[]): string =>
  [...Map.groupBy(entries, ({ item, name }) => `${item} ${name}`)]
    .map(([what, { length }]) => `${length} ${what}`)
    .join('\n');

const expectFew = (reads: readonly LedgerEntry[], floor: number, timesFloor: number): void =>
  expect(reads.length, `the floor is ${floor}; read were:\n${byName(reads)}`).toBeLessThanOrEqual(floor * timesFloor);

/** What a document has found out it need not find out again for the same event. */
const expectOneRunEach = (entries: readonly LedgerEntry[]): void => {
  const runs = Map.groupBy(entries, ({ item }) => item);
  for (const [item, ofItem] of runs) expect(new Set(ofItem.map(({ run }) => run)).size, `runs of ${item}`).toBe(1);
};

/** As `dataall plan` tells it. */
const expectForeseen = (writes: readonly LedgerEntry[], does: 'gives' | 'takes'): void => {
  const foreseen: Readonly<Partial<Record<string, Readonly<Record<typeof does, readonly string[]>>>>> = DOCUMENT_CALLS;
  for (const { item, name } of writes)
    expect(foreseen[item.slice(0, item.indexOf(':'))]?.[does] ?? [], `calls that are foreseen of ${item}`).toContain(name); // prettier-ignore
};

describe.each(Object.entries(CASES))('a share of %s', (_name, one) => {
  const ledger = new AwsLedger();
  const expectAccess = async (isOpen: boolean): Promise<void> => {
    const access = (await probeAccess(world.aws, world.admin))[one.role];
    if (isOpen) expect(access).not.toEqual(NO_ACCESS);
    else expect(access).toEqual(NO_ACCESS);
  };
  const settle = async (isOpen: boolean): Promise<void> => await world.until(async () => await expectAccess(isOpen));

  it('is granted, verified and revoked with few reads, by one run of each document, and ends after few calls', async () => {
    await world.reset();
    world.start({ onCall: ledger.onCall });
    await settle(false);

    ledger.reset();
    await world.request('one', one.role, { items: [...one.items] });
    await world.approve('one', one.role, { items: [...one.items] });
    await settle(true);
    expectFew(ledger.reads, readFloor(one.granting), MOST_TIMES_FLOOR);
    expectForeseen(ledger.writes, 'gives');
    expectOneRunEach(ledger.entries);

    ledger.reset();
    world.verifyAll();
    await settle(true);
    expect(ledger.writes).toEqual([]);
    expectFew(ledger.reads, readFloor(verifying(one)), 1);

    ledger.reset();
    await world.api.delete(shareApprovalKind, world.approvalName('one', one.role));
    await settle(false);
    expectFew(ledger.reads, readFloor(one.revoking), MOST_TIMES_FLOOR);
    expectForeseen(ledger.writes, 'takes');
    expectOneRunEach(ledger.entries);
    const ending = ledger.writes.filter(({ name }) => !TIDYING.includes(name));
    expect(ending.length).toBeGreaterThan(0);
    for (const { round, item, name } of ending)
      expect(round, `calls until ${name} of ${item}`).toBeLessThanOrEqual(LONGEST_CHAIN);
    expect(await world.exists(shareApprovalKind, world.approvalName('one', one.role))).toBe(false);
  });
});
