// An account that takes back its consent to be linked: what docs/security.md and docs/sharing.md say goes on, stops, and can be ended.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCondition } from '../../operator/kernel/conditions.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { REGION } from '../support/operator-in-process.ts';
import { CONSUMER, eventually, openImportScene, PRODUCER, shareOf, type ImportScene } from '../support/import-scene.ts';

let scene: ImportScene;

beforeAll(async () => {
  scene = await openImportScene();
}, 240_000);
afterAll(() => scene[Symbol.asyncDispose]());

/** As the analysts. */
const read = async (bucket: string): Promise<string> => {
  const analyst = await scene.session('consumer', 'analysts');
  try {
    await scene.aws.invoke('s3', 'GetObject', { Bucket: bucket, Key: 'a.csv' }, analyst, REGION);
    return 'read';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

const reasonOf = (object: { status: { conditions?: Parameters<typeof findCondition>[0] } }): string | undefined =>
  findCondition(object.status.conditions, 'Ready')?.reason;

it('an account that takes its consent back stops what is made there, and no share, each of which its own decision ends', async () => {
  const share = async (name: string) => await scene.share(name, [{ kind: 'Bucket', name: `acme-${name}` }]);
  for (const name of ['given', 'later']) {
    await scene.makeBucket(`acme-${name}`, { 'a.csv': '1\n' });
    await scene.import(name, { bucket: { name: `acme-${name}` } });
  }
  await share('given');
  expect(await read('acme-given')).toBe('read');

  const consent = { Name: '/dataall/dataall/consent' };
  await scene.produce('ssm', 'DeleteParameter', consent);
  await scene.requestReconcile(environmentKind, { name: PRODUCER });
  await scene.until(environmentKind, { name: PRODUCER }, (found) => reasonOf(found) === 'ConsentMissing');
  await scene.until(
    datasetKind,
    { namespace: PRODUCER, name: 'given' },
    (found) => reasonOf(found) === 'EnvironmentNotReady',
  );
  expect(reasonOf(await scene.api.get(environmentKind, { name: CONSUMER }))).toBe('Succeeded');

  // The consent of the data's owner stands, and what they consent to now is given, too.
  expect(await read('acme-given')).toBe('read');
  await share('later');
  expect(await read('acme-later')).toBe('read');

  // What is withdrawn is taken back all the same.
  for (const name of ['given', 'later']) {
    const request = shareOf(name);
    await scene.end(shareApprovalKind, { namespace: PRODUCER, name: `${request.namespace}.${request.name}` });
    await eventually(async () => read(`acme-${name}`), 'AccessDenied');
  }
}, 240_000);
