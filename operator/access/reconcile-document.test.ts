import { describe, expect, it } from 'vitest';
import type { AccountAws } from '../aws/account.ts';
import { AwsFault } from '../aws/fault.ts';
import type { GrantClaims } from './desired.ts';
import type { DocumentType } from './document.ts';
import type { LakeSettingsKey } from './document-key.ts';
import type { Grant } from './grant.ts';
import { reconcileDocument, type RunMode, type WriteRecord } from './reconcile-document.ts';
import { bucket, grant, suspended } from './testing/fixtures.ts';

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
  collect: () => undefined,
  shares: () => [],
  owners: () => [],
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
  mode: RunMode = 'repair',
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

  it('does what is urgent also where the rest is reported only', async () => {
    const world = { value: 1, disturb: () => undefined };
    const document = numberDocument(world);
    const urgent: typeof document = {
      ...document,
      plan: (key, claims, observed) => ({
        ...document.plan(key, claims, observed),
        urgent: observed === 1 ? [3] : [],
      }),
    };
    const context = { aws: {} as AccountAws, now: () => 0, signal: new AbortController().signal };
    const options = { mode: 'reportOnly', audit: () => undefined } as const;
    const outcome = await reconcileDocument(urgent, context, KEY, { value: 7, grants: [] }, options);
    expect(outcome).toMatchObject({ writes: 1, reported: true, clean: false });
    expect(world.value).toBe(3);
  });

  it('reports and leaves what is to be reported', async () => {
    const world = { value: 1, disturb: () => {} };
    expect(await run(world, 'reportOnly')).toMatchObject({ writes: 0, reported: true, drift: [{ message: 'is 1' }] });
    expect(world.value).toBe(1);
  });

  it('adds what is missing and changes nothing while only that is allowed', async () => {
    const world = { value: 1, disturb: () => {} };
    expect(await run(world, 'additive')).toBe('requiresRevocation');
    expect(world.value).toBe(1);
    world.value = 0;
    expect(await run(world, 'additive')).toMatchObject({ writes: 1, clean: true });
    expect(world.value).toBe(7);
  });

  it('records how each write ended: done, refused for whom and why, or broken off', async () => {
    const results: unknown[] = [];
    const world = { value: 1, disturb: () => {} };
    const type = numberDocument(world);
    const wanted = { grants: [grant(bucket)], value: 7 };
    const options = { mode: 'repair', audit: ({ result }: WriteRecord) => results.push(result) } as const;
    const refusal = { state: 'Failed', reason: 'QuotaExceeded', message: 'no room' } as const;
    await reconcileDocument(
      { ...type, execute: async () => Promise.resolve({ done: false, grants: ['a/b/Bucket/c'], verdict: refusal }) },
      context,
      KEY,
      wanted,
      options,
    );
    const fault = new AwsFault(
      { service: 's3', operation: 'PutBucketPolicy', account: '111111111111', region: 'eu-west-1', write: true },
      { kind: 'Timeout', code: 'Timeout', reason: 'no answer', retryable: true, outcomeUnknown: true },
    );
    const broken = { ...type, execute: async () => Promise.reject(fault) };
    await expect(reconcileDocument(broken, context, KEY, wanted, options)).rejects.toBe(fault);
    await reconcileDocument(type, context, KEY, wanted, options);
    expect(results).toEqual([
      { outcome: 'Refused', reason: 'QuotaExceeded', message: 'no room', grants: ['a/b/Bucket/c'] },
      { outcome: 'Unfinished', reason: 'Timeout', message: fault.message },
      { outcome: 'Succeeded' },
    ]);
  });

  it('tells of a grant what failed first, which is the cause of what fails after it', async () => {
    const verdicts = ['filter cannot be made: no viable alternative', 'the filter does not exist'].map((message) => ({
      state: 'Failed' as const,
      reason: 'FilterInvalid' as const,
      message,
    }));
    const type: DocumentType<LakeSettingsKey, Wanted, number, number> = {
      ...numberDocument({ value: 1, disturb: () => {} }),
      plan: () => ({ actions: [1, 2], drift: [], refused: new Map() }),
      execute: async (_context, _key, _claims, action) =>
        Promise.resolve(
          verdicts
            .slice(action - 1, action)
            .map((verdict) => ({ done: false, grants: ['x'], verdict }) as const)[0] ?? { done: true },
        ),
    };
    const outcome = await reconcileDocument(
      type,
      context,
      KEY,
      { grants: [], value: 7 },
      { mode: 'repair', audit: () => {} },
    );
    expect(outcome).toMatchObject({ verdicts: new Map([['x', verdicts[0]]]) });
  });

  it('tells what differs though suspended grants are not served, and still only reports what is to be reported', async () => {
    const world = { value: 1, disturb: () => {} };
    const paused = suspended([grant(bucket)]);
    expect(await run(world, 'repair', paused)).toMatchObject({
      writes: 0,
      reported: false,
      drift: [{ message: 'is 1' }],
    });
    expect(await run(world, 'reportOnly', paused)).toMatchObject({
      writes: 0,
      reported: true,
      drift: [{ message: 'is 1' }],
    });
  });
});
