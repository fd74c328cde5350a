// An operator that begins anew with everything in place: it looks at all of it, and nothing that is in order says anything else meanwhile.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findCondition, type Condition } from '../../operator/kernel/conditions.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { annotations } from '../../operator/resources/annotations.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { openImportScene, PRODUCER, type ImportScene } from '../support/import-scene.ts';

let scene: ImportScene;
beforeAll(async () => {
  scene = await openImportScene();
}, 120_000);
afterAll(() => scene[Symbol.asyncDispose]());

const kinds: readonly Kind[] = [
  organizationKind,
  environmentKind,
  consumptionRoleKind,
  datasetKind,
  shareRequestKind,
  shareApprovalKind,
];

type Seen = KubeObject & {
  readonly status?: { readonly conditions?: readonly Condition[]; readonly lastHandledAt?: string };
};

/** Of each object its Ready condition, with the time since which it is what it is: one that was another meanwhile has another. */
const readiness = async (): Promise<Readonly<Record<string, string>>> => {
  const lists = await Promise.all(kinds.map(async (kind) => await scene.api.list(kind)));
  const objects = lists.flatMap(({ items }) => items as readonly Seen[]);
  return Object.fromEntries(
    objects.map(({ kind, metadata, status }) => {
      const ready = findCondition(status?.conditions, 'Ready');
      return [`${kind} ${metadata.name}`, [ready?.status, ready?.reason, ready?.lastTransitionTime].join(' ')];
    }),
  );
};

const warnings = async (): Promise<readonly string[]> =>
  (await scene.api.list(eventKind)).items.filter(({ type }) => type === 'Warning').map(({ metadata }) => metadata.name);

it('a restart of the operator changes no Ready condition of what is in order, and warns of nothing', async () => {
  await scene.makeBucket('acme-restart', { 'a.csv': '1' });
  await scene.apply(
    datasetKind,
    { namespace: PRODUCER, name: 'made' },
    { label: 'Made', owner: 'sales', s3: { origin: 'Create' }, confidentiality: 'Official' },
  );
  await scene.import('imported', { bucket: { name: 'acme-restart' } });
  await scene.share('imported', [{ kind: 'Bucket', name: 'acme-restart' }]);
  await vi.waitFor(
    async () => {
      for (const [name, ready] of Object.entries(await readiness())) expect(`${name} ${ready}`).toContain(' True ');
    },
    { timeout: 60_000, interval: 100 },
  );
  const before = await readiness();
  const warned = await warnings();
  const asked = scene.aws.world.log.length;
  await scene.restart();
  await vi.waitFor(
    () => {
      const reads = scene.aws.world.log.slice(asked).map(({ operation }) => operation);
      expect(reads).toEqual(expect.arrayContaining(['GetDataLakeSettings', 'GetBucketPolicy', 'GetKeyPolicy']));
    },
    { timeout: 60_000, interval: 100 },
  );
  // Behind the first look at each of them.
  for (const kind of kinds)
    for (const { metadata } of (await scene.api.list(kind)).items) {
      await scene.requestReconcile(kind, metadata);
      const { annotations: asked = {} } = (await scene.api.get(kind, metadata)).metadata;
      await scene.until(
        kind,
        metadata,
        (found) => (found as Seen).status?.lastHandledAt === asked[annotations.requestedAt],
      );
    }
  expect(await readiness()).toEqual(before);
  expect(await warnings()).toEqual(warned);
}, 180_000);
