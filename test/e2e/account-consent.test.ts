// Two linked accounts: what `dataall explain` says of all that can be wrong between a request and AWS; and an account that takes back its consent to be
// linked, of which docs/security.md and docs/sharing.md say what goes on, stops, and can be ended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition } from '../../operator/kernel/conditions.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { REGION } from '../support/operator-in-process.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { dataall, explained, makeOpenDataset, passingFaults, plantedFaults } from '../support/explained-faults.ts';
import { CONSUMER, eventually, openImportScene, PRODUCER, shareOf, type ImportScene } from '../support/import-scene.ts';

let scene: ImportScene;

beforeAll(async () => {
  scene = await openImportScene();
}, 240_000);
afterAll(() => scene[Symbol.asyncDispose]());

/** As the analysts. */
const read = async (bucket: string, key = 'a.csv'): Promise<string> => {
  const analyst = await scene.session('consumer', 'analysts');
  try {
    await scene.aws.invoke('s3', 'GetObject', { Bucket: bucket, Key: key }, analyst, REGION);
    return 'read';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

const reasonOf = (object: { status: { conditions?: Parameters<typeof findCondition>[0] } }): string | undefined =>
  findCondition(object.status.conditions, 'Ready')?.reason;

describe('dataall explain', () => {
  beforeAll(async () => {
    await makeOpenDataset(scene);
    await Promise.all(plantedFaults.map(async ({ plant }) => await plant(scene)));
  }, 240_000);

  it.each(plantedFaults)('finds $what, and names what mends it', async ({ object, cause, fix }) => {
    await expect.poll(async () => await explained(scene, object), { timeout: 60_000 }).toMatchObject({ cause });
    const { text, exit } = await dataall(scene, ['explain', object]);
    expect((await explained(scene, object)).fix).toMatch(fix);
    expect(text).toContain(cause.reason);
    expect([3, 4]).toContain(exit);
  });

  it('says of a share that is as it should be that it is', async () => {
    await scene.share('open', [{ kind: 'Bucket', name: 'acme-open' }]);
    const { exit, text } = await dataall(scene, ['explain', 'dsr/open-for-analysts']);
    expect(text).toMatch(/^ShareRequest marketing-prod\/open-for-analysts: Good\n/);
    expect(exit).toBe(0);
  });

  it('names a command that is enough: who decides runs it, and the role has access', async () => {
    const sally = { user: 'sally', groups: ['sales', 'system:authenticated'] };
    const { fix = '' } = await explained(scene, 'sharerequest/marketing-prod/undecided');
    const approved = await dataall(scene, fix.split(' ').slice(1), sally);
    expect(approved).toMatchObject({ exit: 0, errors: '' });
    await scene.until(shareRequestKind, { namespace: CONSUMER, name: 'undecided' }, ({ status }) => status.phase === 'Granted'); // prettier-ignore
    expect(await read('acme-open', 'orders/a.csv')).toBe('read');
  });

  it.each(passingFaults)('finds $what, and is well again when that is mended', async (fault) => {
    const mend = await fault.plant(scene);
    await expect
      .poll(async () => await explained(scene, fault.object), { timeout: 60_000 })
      .toMatchObject({ cause: fault.cause, fix: expect.stringMatching(fault.fix) as unknown });
    await mend();
    await expect.poll(async () => (await explained(scene, fault.object)).standing, { timeout: 60_000 }).toBe('Good');
  });

  it('names what is hidden from who asks, and tells what their own objects say', async () => {
    const mary = { user: 'mary', groups: ['marketing', 'system:authenticated'] };
    const told = await explained(scene, 'sharerequest/marketing-prod/refused', mary);
    expect(told).toMatchObject({ standing: 'Stuck', cause: { reason: 'Rejected' } });
    expect(told.hidden).toContain('ShareApproval sales-prod/marketing-prod.refused');
    const stranger = await dataall(scene, ['explain', 'sharerequest/marketing-prod/refused'], { user: 'zoe' });
    expect(stranger).toMatchObject({ exit: 6, text: '' });
    expect(await dataall(scene, ['explain', 'sharerequest/nothing'])).toMatchObject({ exit: 5 });
  });
});

describe('dataall at the shell of an administrator', () => {
  it('waits for what comes, and no longer where somebody has to act, with the reason', async () => {
    expect(await dataall(scene, ['wait', 'dsr/undecided', '--timeout', '60s'])).toMatchObject({ exit: 0, errors: '' });
    const stuck = await dataall(scene, ['wait', 'dsr/refused', '--timeout', '60s']);
    expect(stuck).toMatchObject({ exit: 4, text: expect.stringContaining('Rejected') as unknown });
    expect(await dataall(scene, ['wait', 'dsr/never', '--timeout', '50ms'])).toMatchObject({ exit: 8 });
  });

  it('traces a share to the documents and names of AWS', async () => {
    const { text } = await dataall(scene, ['trace', 'dsr/open-for-analysts', '-o', 'json']);
    const { nodes } = JSON.parse(text) as { nodes: { id: string; ready?: boolean }[] };
    const ids = nodes.map(({ id }) => id);
    expect(ids).toContain('arn:aws:s3:::acme-open');
    expect(ids.filter((id) => /acme-open|analysts|catalog/.test(id)).length).toBeGreaterThan(4);
    const dot = await dataall(scene, ['trace', 'dsr/open-for-analysts', '--dot']);
    expect(dot.text).toMatch(
      /^digraph dataall \{[^]*"ShareRequest marketing-prod\/open-for-analysts" -> "Dataset sales-prod\/open"/,
    );
  });

  it('checks the installation, and says of which versions it is', async () => {
    const { exit, text } = await dataall(scene, ['check', '-o', 'json']);
    const { findings } = JSON.parse(text) as { findings: { check: string; verdict: string; evidence: string }[] };
    const found = Object.fromEntries(
      findings.map(({ check, verdict, evidence }) => [check, `${verdict}: ${evidence}`]),
    );
    expect(found).toMatchObject({
      'custom resources': 'ok: all 9 are those of this version',
      'policies and settings': 'ok: in force, as the operator found',
      // It runs in this process, and elects nobody.
      operator: 'wrong: nobody leads',
      ShareRequest: expect.stringMatching(/^wrong: \d+ of \d+ stuck/) as unknown,
    });
    expect(exit).toBe(4);
    const version = await dataall(scene, ['version', '-o', 'json']);
    expect(JSON.parse(version.text)).toMatchObject({
      kubernetes: expect.stringMatching(/^v1\./) as unknown,
      disagree: [],
    });
    expect(await dataall(scene, ['check'], { user: 'zoe' })).toMatchObject({ exit: 6 });
  });
});

describe('dataall who-can', () => {
  it('names who reads a table, by which request and with whose consent, and of whom the owner may see nothing', async () => {
    await scene.share('open', [{ kind: 'Table', name: 'orders' }]);
    const answer = await dataall(scene, ['who-can', 'read', 'sales-prod/open/orders.what', '-o', 'json']);
    expect(JSON.parse(answer.text)).toMatchObject({
      dataset: 'sales-prod/open',
      item: 'Table orders',
      readers: expect.arrayContaining([
        expect.objectContaining({
          standing: 'Granted',
          by: 'marketing-prod/open-for-analysts',
          consent: expect.objectContaining({ approver: 'sales' }) as unknown,
        }),
      ]) as unknown,
    });
    const sally = { user: 'sally', groups: ['sales', 'system:authenticated'] };
    const told = await dataall(scene, ['who-can', 'read', 'sales-prod/open'], sally);
    expect(told.exit).toBe(0);
    expect(told.text).toMatch(/Hidden from you.*ShareRequest marketing-prod\/open-for-analysts/);
    expect(told.text).toMatch(/role\/analysts +marketing +Consented/);
    expect((await dataall(scene, ['who-can', 'read', 'sales-prod/open'], { user: 'zoe' })).exit).toBe(6);
  });
});

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

  // What is offered from now on waits for it, and so does who asks for that.
  await scene.makeBucket('acme-after');
  await scene.import('after', { bucket: { name: 'acme-after' } }, (found) => reasonOf(found) === 'EnvironmentNotReady');
  await scene.share(
    'after',
    [{ kind: 'Bucket', name: 'acme-after' }],
    (found) => reasonOf(found) === 'DatasetNotReady',
  );
  expect(await explained(scene, 'sharerequest/marketing-prod/after-for-analysts')).toMatchObject({
    cause: { link: 'AccountConsent', object: `Environment ${PRODUCER}`, reason: 'ConsentMissing' },
    fix: expect.stringContaining('aws ssm put-parameter') as unknown,
  });

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
