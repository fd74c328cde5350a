import { expect, it } from 'vitest';
import type { AccountAws } from '../../../aws/account.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';
import type { LakeResource } from '../../../aws/services/lakeformation-resource.ts';
import { grantId, type Grant } from '../../grant.ts';
import { reconcileDocument } from '../../reconcile-document.ts';
import { grant, grantPrincipal, table } from '../../testing/fixtures.ts';
import { claims, glueTable, key } from '../../testing/catalog-fixtures.ts';
import { catalogGrants } from './catalog-grants.ts';
import { resourceKey } from './lake-rights.ts';

const TABLES = Array.from({ length: 50 }, (_, index) => `table_${index}`);

/** How often it is looked at which share a grant is of, in all and between two pauses of 500 grants. */
class Looks {
  total = 0;
  most = 0;
  #here = 0;
  #size = 0;

  count(): void {
    this.total += 1;
    this.#here += 1;
    this.most = Math.max(this.most, this.#here);
  }

  readonly pause = async (size: number): Promise<void> => {
    this.#size += size;
    if (this.#size >= 500) this.#here = this.#size = 0;
    return Promise.resolve();
  };
}

/** Grants of each table to each of these principals, by one share each. */
const grantsTo = (principals: readonly string[], looks: Looks): readonly Grant[] =>
  principals.flatMap((name, index) =>
    TABLES.map((one): Grant => {
      const made = grant(table(one), { principal: grantPrincipal(name) });
      const share = { ...made.share, name: `share-${index}` };
      return {
        ...made,
        get share() {
          looks.count();
          return share;
        },
      };
    }),
  );

/** A catalog that takes every grant. */
const catalog = () => {
  const rows = new Map<string, LakeGrant[]>();
  const writes: number[] = [];
  const lakeFormation = {
    permissions: async ({ resource }: { resource: LakeResource }) =>
      Promise.resolve(rows.get(resourceKey(resource)) ?? []),
    filters: async () => Promise.resolve([]),
    grant: async (entries: readonly LakeGrant[]) => {
      writes.push(entries.length);
      for (const entry of entries)
        rows.set(resourceKey(entry.resource), [...(rows.get(resourceKey(entry.resource)) ?? []), entry]);
      return Promise.resolve(entries.map((entry) => ({ grant: entry })));
    },
  };
  const glue = {
    tables: async () => Promise.resolve(TABLES.map(glueTable)),
    partitionRoots: async () => Promise.resolve([]),
  };
  return { aws: { lakeFormation, glue } as unknown as AccountAws, writes };
};

const run = async (aws: AccountAws, grants: readonly Grant[], { pause }: Looks) => {
  const context = { aws, pause, now: () => 0, signal: new AbortController().signal };
  const options = { mode: 'repair', audit: () => undefined } as const;
  const outcome = await reconcileDocument(catalogGrants, context, key, claims(grants, { filters: [] }), options);
  if (outcome === 'requiresRevocation') throw new Error('a repair takes');
  return outcome;
};

it.each([
  ['many principals', Array.from({ length: 100 }, (_, index) => `role-${index}`)],
  ['many requests of one principal', Array.from({ length: 100 }, () => 'role')],
])(
  'thousands of grants for %s are compared in turns, each a few times, and all of them given',
  async (_, principals) => {
    const looks = new Looks();
    const grants = grantsTo(principals, looks);
    const { aws, writes } = catalog();
    const outcome = await run(aws, grants, looks);
    // Before writing and after it, what a grant wants and how it stands; its id is made of two parts of the share.
    expect(looks.total).toBeLessThanOrEqual(2 * 2 * 2 * grants.length);
    expect(looks.most).toBeLessThanOrEqual(2 * 2 * (500 + 100));
    expect([...outcome.verdicts.values()].every(({ state }) => state === 'Satisfied')).toBe(true);
    expect(outcome.verdicts.size).toBe(new Set(grants.map(grantId)).size);
    // And the dataset and its owner, each on the database and all its tables.
    expect(writes.reduce((sum, entries) => sum + entries, 0)).toBe(new Set(principals).size * TABLES.length + 4);
    expect(Math.max(...writes)).toBeLessThanOrEqual(500);
    expect(outcome.clean).toBe(true);
  },
);
