import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../aws/account.ts';
import type { GrantClaims } from './claims.ts';
import type { DocumentType } from './document.ts';
import type { LakeSettingsKey } from './document-key.ts';
import type { Grant } from './grant.ts';
import { reconcileDocument, type Mode } from './reconcile-document.ts';
import { bucket, grant, suspended } from './sharing-cast.ts';

const KEY: LakeSettingsKey = { kind: 'lake-settings', account: '111111111111', region: 'eu-west-1' };

interface Wanted extends GrantClaims {
  readonly value: number;
}

/** A document that is one number, in a world where others write too. */
const numberDocument = (world: {
  value: number;
  disturb: () => void;
}): DocumentType<LakeSettingsKey, Wanted, number, number> => ({
  kind: 'lake-settings',
  observe: async () => await Promise.resolve(world.value),
  plan: (_key, { value, grants }, observed) => ({
    actions: observed === value || grants.some(({ suspended }) => suspended) ? [] : [value],
    drift:
      observed === value
        ? []
        : [{ kind: observed === 0 ? 'missing' : 'changed', message: `is ${observed}`, grants: [] }],
    refused: new Map(),
  }),
  async execute(_context, _key, _claims, value) {
    world.value = value;
    world.disturb();
    return await Promise.resolve({ done: true });
  },
  judge: () => new Map(),
  isClean: (_key, { value }, observed) => observed === value,
});

const context = { aws: {} as AccountAws, now: () => 0, signal: new AbortController().signal };

const run = async (
  world: { value: number; disturb: () => void },
  mode: Mode = 'repair',
  grants: readonly Grant[] = [],
) =>
  await reconcileDocument(
    numberDocument(world),
    context,
    KEY,
    { grants, value: 7 },
    {
      mode,
      audit: () => {},
    },
  );

describe('reconcileDocument', () => {
  it('writes what is wanted and reads it back', async () => {
    const world = { value: 1, disturb: () => {} };
    expect(await run(world)).toMatchObject({ writes: 1, clean: true, reported: false });
    expect(world.value).toBe(7);
    expect(await run(world)).toMatchObject({ writes: 0, clean: true, drift: [] });
  });

  it('writes again when somebody undoes it between write and read', async () => {
    let undone = false;
    const world = {
      value: 1,
      disturb() {
        if (!undone) world.value = 1;
        undone = true;
      },
    };
    expect(await run(world)).toMatchObject({ writes: 2, clean: true });
    expect(world.value).toBe(7);
  });

  it('gives up after a few rounds against a writer that never stops, and says that it is not clean', async () => {
    const world = { value: 1, disturb: () => (world.value = 1) } as { value: number; disturb: () => void };
    expect(await run(world)).toMatchObject({ writes: 3, clean: false });
  });

  it('reports and leaves what is to be reported', async () => {
    const world = { value: 1, disturb: () => {} };
    expect(await run(world, 'report')).toMatchObject({ writes: 0, reported: true, drift: [{ message: 'is 1' }] });
    expect(world.value).toBe(1);
  });

  it('adds what is missing and changes nothing while only that is allowed', async () => {
    const world = { value: 1, disturb: () => {} };
    expect(await run(world, 'add')).toBe('must take');
    expect(world.value).toBe(1);
    world.value = 0;
    expect(await run(world, 'add')).toMatchObject({ writes: 1, clean: true });
    expect(world.value).toBe(7);
  });

  it('tells what differs though suspended grants are not served, and still only reports what is to be reported', async () => {
    const world = { value: 1, disturb: () => {} };
    const paused = suspended([grant(bucket)]);
    expect(await run(world, 'repair', paused)).toMatchObject({
      writes: 0,
      reported: false,
      drift: [{ message: 'is 1' }],
    });
    expect(await run(world, 'report', paused)).toMatchObject({
      writes: 0,
      reported: true,
      drift: [{ message: 'is 1' }],
    });
  });
});
