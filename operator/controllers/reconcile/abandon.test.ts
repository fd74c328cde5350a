// What is given up leaves an Event of what may stay in AWS; an annotation that names another object gives up nothing, and is told of.
import { describe, expect, it } from 'vitest';
import { consumptionRole, dataset, environment } from '../../access/testing/fixtures.ts';
import type { Condition } from '../../kernel/conditions.ts';
import { eventKind } from '../../kernel/runtime/event-recorder.ts';
import type { Kind, KubeObject } from '../../kernel/kind.ts';
import { annotations } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { teamKind } from '../../resources/team.ts';
import { recordOrphansEvent, whatItAwaits } from './abandon.ts';
import { defineConsumptionRoleController } from '../consumption-role/consumption-role.ts';
import { defineDatasetController } from '../dataset/dataset.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';
import { defineTeamController } from '../team/team.ts';

const ENVIRONMENT = environment('sales-prod');
const NAME = { namespace: 'sales-prod', name: 'one' };
const roleArn = `arn:aws:iam::${ENVIRONMENT.spec.account.id}:role/analysts`;

const bucketArn = 'arn:aws:s3:::orders-data';

interface Made {
  readonly kind: Kind<KubeObject & { status?: { conditions?: readonly Condition[] } }>;
  readonly spec: object;
  readonly status: object;
  readonly stays: string;
}
const made = [
  { kind: consumptionRoleKind, spec: { owner: 'sales', principalArn: roleArn }, status: {}, stays: 'share-policies' },
  { kind: teamKind, spec: { group: 'sales', permissions: [] }, status: { roleArn }, stays: 'share-policies' },
  { kind: datasetKind, spec: dataset().spec, status: { ...dataset().status, bucketArn }, stays: 'bucket-policy' },
] as unknown as readonly Made[];

/** Deleted with this annotation. */
const deleted = async ({ kind, spec, status }: Made, abandon?: string): Promise<ControllerTestEnv> => {
  const stage = new ControllerTestEnv(defineConsumptionRoleController, defineTeamController, defineDatasetController);
  await stage.make(environmentKind, { name: NAME.namespace }, ENVIRONMENT.spec, {
    ...ENVIRONMENT.status,
    observedGeneration: 1,
  });
  await stage.make(kind, NAME, spec, { ...status, observedGeneration: 1 });
  const { uid } = (await stage.api.get(kind, NAME)).metadata;
  const body = { metadata: { annotations: { [annotations.abandon]: abandon ?? uid } } };
  await stage.api.patch(kind, NAME, { type: 'merge', body });
  await stage.api.delete(kind, NAME);
  return stage;
};

describe.each(made)('$kind.kind', (one) => {
  it('goes, and an Event names what may stay', async () => {
    await using stage = await deleted(one);
    await stage.until(one.kind, NAME, (object) => object === undefined);
    await stage.clock.advance(1_000);
    const events = (await stage.api.list(eventKind)).items;
    expect(events.filter(({ reason }) => reason === 'Abandoned')).toMatchObject([
      { type: 'Warning', note: expect.stringContaining(one.stays) },
    ]);
  });
});

it('gives up nothing where the annotation names another object, and says so', async () => {
  const [role] = made;
  if (role === undefined) throw new Error('no role');
  await using stage = await deleted(role, 'another');
  await stage.until(role.kind, NAME, (object) => object === undefined);
  await stage.clock.advance(1_000);
  expect((await stage.api.list(eventKind)).items.filter(({ reason }) => reason === 'Abandoned')).toEqual([]);
  const named = (uid: string) => consumptionRole({ metadata: { annotations: { [annotations.abandon]: uid } } });
  expect(whatItAwaits(named('another'), 'its policies go')).toBe(
    'its policies go; annotation dataall.io/abandon is not the uid of this object, uid-analysts',
  );
  expect(whatItAwaits(named('uid-analysts'), 'its policies go')).toBe('its policies go');
});

it('names some of many, and tells nothing where nothing may stay', () => {
  const notes: string[] = [];
  const context = { event: (_object: unknown, { note }: { note: string }) => notes.push(note) } as never;
  recordOrphansEvent({} as never, ['a', 'b', 'c', 'd', 'e', 'f', 'g'], context);
  recordOrphansEvent({} as never, [], context);
  expect(notes).toEqual(['may be left behind: a, b, c, d, e and 2 more']);
});
