// What AWS refuses of an end holds nothing up for good, but what consent gave does: a share's end is proved, or it is no end.
import { describe, expect, it } from 'vitest';
import { dataset, environment, shareRequest } from '../../access/testing/fixtures.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import { AwsFault, type FaultKind } from '../../aws/fault.ts';
import { eventKind } from '../../kernel/runtime/event-recorder.ts';
import type { Kind, ObjectName, Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { ObservedDocuments } from './observed-documents.ts';
import { defineEnvironmentController } from '../environment/environment.ts';
import { isRefused, unlessRefused } from './refusals.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';
import { Removals } from './removals.ts';

const SALES = environment('sales-prod');
const account = SALES.spec.account.id;
const roleArn = `arn:aws:iam::${account}:role/analysts`;
const POLICIES = formatDocumentKey(sharePoliciesKeyOf(roleArn));
const inside: ObjectName = { namespace: SALES.metadata.name, name: 'one' };

interface Ending {
  readonly kind: Kind;
  readonly name: ObjectName;
  readonly spec: object;
  readonly status: object;
  readonly refused: string;
  readonly told: RegExp;
}

const pivotStays = /^.*role\/pivot stays a data lake administrator of account \d{12} in eu-west-1: .*: no$/;
const ENDINGS: readonly Ending[] = [
  {
    kind: environmentKind,
    name: { name: SALES.metadata.name },
    spec: SALES.spec,
    status: { ...SALES.status, pivotRole: { arn: `arn:aws:iam::${account}:role/pivot` } },
    refused: `lake-settings:${account}:eu-west-1`,
    told: pivotStays,
  },
  {
    kind: teamKind,
    name: inside,
    spec: { group: 'sales', permissions: [] },
    status: { roleArn },
    refused: POLICIES,
    told: /^share-policies:.*analysts stay as they are: .*: no$/,
  },
  {
    kind: consumptionRoleKind,
    name: inside,
    spec: { owner: 'sales', principalArn: roleArn },
    status: {},
    refused: POLICIES,
    told: /^share-policies:.*analysts stay as they are: .*: no$/,
  },
  {
    kind: datasetKind,
    name: inside,
    spec: dataset().spec,
    status: { ...dataset().status, bucketArn: 'arn:aws:s3:::orders-data' },
    refused: `bucket-policy:${account}:eu-west-1:orders-data`,
    told: /^bucket-policy:.*orders-data stays as it is: no$/,
  },
];

/** With an environment that is linked, and the object in it, or the environment alone. */
const staged = async ({ kind, name, spec, status }: Ending): Promise<ControllerTestEnv> => {
  const controllers = [defineConsumptionRoleController, defineTeamController, defineDatasetController];
  const stage = new ControllerTestEnv(...(kind === environmentKind ? [defineEnvironmentController] : controllers));
  if (kind !== environmentKind)
    await stage.make(environmentKind, { name: SALES.metadata.name }, SALES.spec, {
      ...SALES.status,
      observedGeneration: 1,
    });
  await stage.make(kind, name, spec, { ...status, observedGeneration: 1 });
  return stage;
};

const notes = async (stage: ControllerTestEnv): Promise<readonly string[]> =>
  (await stage.api.list(eventKind)).items
    .filter(({ reason }) => reason === 'NotRestored')
    .map(({ note }) => String(note));

describe.each(ENDINGS)('$kind.kind', (ending) => {
  const { kind, name, refused, told } = ending;

  it('of which AWS goes on refusing a document goes after a minute, and one Event says what stays', async () => {
    await using stage = await staged(ending);
    stage.refused.add(refused);
    await stage.api.delete(kind, name);
    await stage.clock.advance(50_000);
    expect((await stage.api.get(kind, name)).metadata.finalizers).toHaveLength(1);
    expect(await notes(stage)).toEqual([]);
    await stage.until(kind, name, (object) => object === undefined);
    await stage.clock.advance(1_000);
    expect(await notes(stage)).toEqual([expect.stringMatching(told)]);
  });

  it('of which AWS refuses a document for a while goes when it does no more, and nothing is said to stay', async () => {
    await using stage = await staged(ending);
    stage.refused.add(refused);
    await stage.api.delete(kind, name);
    await stage.clock.advance(30_000);
    stage.refused.clear();
    await stage.until(kind, name, (object) => object === undefined);
    await stage.clock.advance(1_000);
    expect(await notes(stage)).toEqual([]);
  });
});

const withStack = ENDINGS.filter(({ kind }) => kind !== consumptionRoleKind).map((ending) => ({
  ...ending,
  status: { ...ending.status, stack: { name: 'stack' } },
}));

describe.each(withStack)('$kind.kind with a stack', (ending) => {
  const { kind, name } = ending;

  it('that AWS goes on not letting us delete goes after a minute without it, and one Event says so', async () => {
    await using stage = await staged(ending);
    stage.denied.add(`${account} remove`);
    await stage.api.delete(kind, name);
    await stage.clock.advance(50_000);
    expect((await stage.api.get(kind, name)).metadata.finalizers).toHaveLength(1);
    await stage.until(kind, name, (object) => object === undefined);
    await stage.clock.advance(1_000);
    expect(await notes(stage)).toEqual([
      expect.stringMatching(new RegExp(`^stack .* stays in account ${account}: .*no$`)),
    ]);
  });
});

describe.each(ENDINGS.filter(({ kind }) => kind !== environmentKind))('$kind.kind with a share', (ending) => {
  const { kind, name, refused } = ending;

  it('is held, whatever AWS refuses, until the access of the share is gone', async () => {
    await using stage = await staged(ending);
    stage.refused.add(refused);
    const principal = { kind: kind === teamKind ? 'Team' : 'ConsumptionRole', name: inside.name };
    const { spec } = shareRequest({
      spec: { principal, datasetRef: { namespace: inside.namespace ?? '', name: inside.name } },
    } as Parameters<typeof shareRequest>[0]);
    const share = { namespace: inside.namespace, name: 'held' };
    await stage.make(shareRequestKind, share, spec, {
      observedGeneration: 1,
      items: [{ kind: 'Bucket', name: 'orders', state: 'Granted' }],
    });
    await stage.api.delete(kind, name);
    await stage.clock.advance(10 * 60_000);
    expect((await stage.api.get(kind, name)).metadata.finalizers).toHaveLength(1);
    expect(await notes(stage)).toEqual([]);
    const body = { status: { items: [] } };
    await stage.api.patch(shareRequestKind, share, { type: 'merge', body }, { subresource: 'status' });
    await stage.until(kind, name, (object) => object === undefined);
  });
});

const fault = (kind: FaultKind): AwsFault =>
  new AwsFault(
    { service: 'cloudformation', operation: 'DeleteStack', account, region: 'eu-west-1', write: true },
    { kind, code: kind, reason: 'no', retryable: false, outcomeUnknown: false },
  );

describe('a step of an end', () => {
  const object = { metadata: { uid: 'one' } } as Stored;
  const begun = () => {
    const observed = new ObservedDocuments();
    const platform = { observed, removals: new Removals(observed) };
    const world = { now: 0, told: [] as string[] };
    const context = {
      now: () => world.now,
      event: (_object: Stored, { note }: { note: string }) => world.told.push(note),
    } as unknown as ReconcileContext;
    const step = { object, step: 'stack', without: 'stack one stays' };
    const attempt = async (answer: FaultKind | 'done'): Promise<unknown> =>
      await unlessRefused(platform, step, context, async () =>
        answer === 'done' ? Promise.resolve(answer) : Promise.reject(fault(answer)),
      );
    return { ...platform, world, attempt };
  };

  it.each(['AccessDenied', 'Invalid', 'UnknownPrincipal'] as const)(
    'is left once AWS has answered %s for a minute',
    async (kind) => {
      const { world, attempt } = begun();
      await expect(attempt(kind)).rejects.toThrow('no');
      world.now = 60_000;
      await expect(attempt(kind)).rejects.toThrow('no');
      world.now = 60_001;
      expect(await attempt(kind)).toBeUndefined();
      expect(await attempt(kind)).toBeUndefined();
      expect(world.told).toEqual([expect.stringMatching(/^stack one stays: .*no/)]);
    },
  );

  it('is tried for another minute where AWS did it in between', async () => {
    const { world, attempt } = begun();
    await expect(attempt('AccessDenied')).rejects.toThrow('no');
    world.now = 50_000;
    expect(await attempt('done')).toBe('done');
    world.now = 70_000;
    await expect(attempt('AccessDenied')).rejects.toThrow('no');
  });

  it.each(['NoTrust', 'Throttled', 'Unavailable', 'Timeout', 'NotLeader'] as const)(
    'is never left for %s: that is no refusal of just this',
    async (kind) => {
      const { world, attempt } = begun();
      await expect(attempt(kind)).rejects.toThrow('no');
      world.now = 3_600_000;
      await expect(attempt(kind)).rejects.toThrow('no');
      expect(world.told).toEqual([]);
    },
  );

  it('is never left where the account lets nobody in to read a document', () => {
    const { observed, removals } = begun();
    const key: DocumentKey = { kind: 'lake-settings', account, region: 'eu-west-1' };
    observed.recordFailure({ key, failure: { reason: 'PivotRoleUnreachable', message: 'closed' } });
    for (const now of [0, 3_600_000])
      expect(
        isRefused({ observed, removals }, { metadata: { name: 'one', uid: 'one', resourceVersion: '1' } }, key, now),
      ).toBe(false);
  });
});
