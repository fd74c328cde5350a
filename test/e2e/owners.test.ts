// Whose data it is: what the role of the owning team reads in AWS, and the role of the one before no longer.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isTrue } from '../../operator/kernel/conditions.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { REGION } from '../support/operator-in-process.ts';
import { eventually, openImportScene, PRODUCER, readyOf, type ImportScene } from '../support/import-scene.ts';

const BEFORE = 'sellers';
const AFTER = 'traders';
const DATASET = { namespace: PRODUCER, name: 'ledger' };
const BUCKET = 'acme-ledger';
let scene: ImportScene;

beforeAll(async () => {
  scene = await openImportScene([BEFORE, AFTER]);
  for (const group of [BEFORE, AFTER]) {
    const name = { namespace: PRODUCER, name: group };
    await scene.apply(teamKind, name, { group, permissions: ['CREATE_DATASET', 'RUN_ATHENA_QUERY'] });
    await scene.until(teamKind, name, ({ status }) => isTrue(status.conditions, 'Ready'));
  }
  // Engines of others may have credentials for whole tables, as Athena has.
  const { DataLakeSettings } = await scene.produce<{ DataLakeSettings: object }>(
    'lakeformation',
    'GetDataLakeSettings',
    {},
  );
  await scene.produce('lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: { ...DataLakeSettings, AllowFullTableExternalDataAccess: true },
  });
  await scene.makeBucket(BUCKET, { 'own/own.csv': '1,ours\n' });
  await scene.makeDatabase('ledger', { own: `s3://${BUCKET}/own/` });
}, 240_000);
afterAll(() => scene[Symbol.asyncDispose]());

const own = async (owner: string, s3: object = {}): Promise<void> =>
  await scene.apply(datasetKind, DATASET, {
    label: 'Ledger',
    owner,
    confidentiality: 'Official',
    s3: {
      origin: 'Import',
      lakeFormation: 'Enforced',
      bucket: { name: BUCKET },
      glueDatabase: { name: 'ledger' },
      ...s3,
    },
  });

/** What the role of a team gets of bucket and table: `read`, or the error. */
const readsOf = async (team: string): Promise<Readonly<Record<'object' | 'table', string>>> => {
  const { status } = await scene.api.get(teamKind, { namespace: PRODUCER, name: team });
  const session = await scene.session('producer', status.roleArn?.split('/').at(-1) ?? '');
  const attempt = async (service: string, operation: string, input: object): Promise<string> =>
    await scene.aws.invoke(service, operation, input, session, REGION).then(
      () => 'read',
      ({ code = '' }: { readonly code?: string }) => code,
    );
  return {
    object: await attempt('s3', 'GetObject', { Bucket: BUCKET, Key: 'own/own.csv' }),
    table: await attempt('lakeformation', 'GetTemporaryGlueTableCredentials', {
      TableArn: `arn:aws:glue:${REGION}:${scene.accountId('producer')}:table/ledger/own`,
      Permissions: ['SELECT'],
      SupportedPermissionTypes: ['COLUMN_PERMISSION'],
    }),
  };
};

const all = { object: 'read', table: 'read' };
const nothing = { object: 'AccessDenied', table: 'AccessDeniedException' };

describe('the data of a dataset', () => {
  it('is read by the role of the team that owns it, and by no other team of the environment', async () => {
    await own(BEFORE);
    await scene.until(datasetKind, DATASET, ({ status }) => isTrue(status.conditions, 'Ready'));
    await eventually(async () => await readsOf(BEFORE), all);
    expect(await readsOf(AFTER)).toEqual(nothing);
  });

  it('is read by the role of its new owner, and by that of the former one no longer', async () => {
    await own(AFTER);
    await eventually(async () => await readsOf(AFTER), all);
    await eventually(async () => await readsOf(BEFORE), nothing);
    await eventually(async () => {
      const { status } = await scene.api.get(teamKind, { namespace: PRODUCER, name: BEFORE });
      return status.datasets ?? [];
    }, []);
  });
});

describe("the environment's own buckets", () => {
  it('are nobody’s data: a dataset that imports one is refused, and says what to do', async () => {
    const { status } = await scene.api.get(environmentKind, { name: PRODUCER });
    const buckets = Object.values(status.buckets ?? {}).filter((name) => name !== undefined);
    expect(buckets).toHaveLength(2);
    for (const [index, name] of buckets.entries()) {
      const refused = { namespace: PRODUCER, name: `own-${index}` };
      await scene.apply(datasetKind, refused, {
        label: 'Not data',
        owner: BEFORE,
        confidentiality: 'Official',
        s3: { origin: 'Import', lakeFormation: 'Enforced', bucket: { name } },
      });
      const told = await scene.until(datasetKind, refused, (dataset) => readyOf(dataset).includes(name));
      expect(readyOf(told)).toMatch(/environment/);
      expect(isTrue(told.status.conditions, 'Ready')).toBe(false);
      await scene.end(datasetKind, refused);
    }
  });
});
