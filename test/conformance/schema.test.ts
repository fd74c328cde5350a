// What people write, against the real API server: good samples are accepted and stay as they are, bad ones are refused with the mend.

import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kinds } from '../../operator/resources/kinds.ts';
import { CRDS, clusterWithKinds, type ClusterWithKinds } from '../support/cluster-with-kinds.ts';
import type { Kubectl } from '../support/kubectl.ts';
import {
  datasetManifest,
  datasetTableManifest,
  shareRequestManifest,
  shareRequestStatus,
} from '../support/large-objects.ts';

const manifests = new URL('../manifests/', import.meta.url).pathname;

let cluster: ClusterWithKinds;
let kubectl: Kubectl;

function samples(folder: string): { name: string; path: string; expected: string }[] {
  return readdirSync(manifests + folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => {
      const path = `${manifests}${folder}/${file}`;
      const expected = /^# expect: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
      return { name: file.replace('.yaml', ''), path, expected };
    });
}

/** One line an object: `sharerequest.dataall.io/orders unchanged`. */
const lines = (output: string): string[] => output.trim().split('\n');

beforeAll(async () => {
  cluster = await clusterWithKinds();
  kubectl = cluster.kubectl;
  await kubectl.succeed(['create', 'namespace', 'sales-prod']);
  await kubectl.succeed(['create', 'namespace', 'marketing-prod']);
  await kubectl.succeed(['apply', '-f', `${manifests}good`]);
});

afterAll(async () => {
  await cluster?.stop();
});

describe('CRDs', () => {
  it('are structural, and applying them again changes nothing', async () => {
    for (const line of lines(await kubectl.succeed(['apply', '-f', CRDS]))) expect(line).toMatch(/ unchanged$/);
    const conditions = await kubectl.succeed([
      'get',
      'crd',
      '-o',
      'jsonpath={range .items[*]}{.status.conditions[?(@.type=="NonStructuralSchema")].message}{end}',
    ]);
    expect(conditions).toBe('');
  });
});

describe('good samples', () => {
  it('cover every kind', async () => {
    const stored = await kubectl.succeed(['get', 'dataall', '-A', '-o', 'jsonpath={.items[*].kind}']);
    expect(new Set(stored.split(' '))).toEqual(new Set(kinds.map(({ kind }) => kind)));
  });

  it('count as not looked at yet, so nothing waits for them in vain', async () => {
    const generations = await kubectl.succeed([
      'get',
      'dataall',
      '-A',
      '-o',
      'jsonpath={.items[*].status.observedGeneration}',
    ]);
    expect(new Set(generations.split(' '))).toEqual(new Set(['-1']));
  });

  it('change nothing when applied again, client-side', async () => {
    for (const line of lines(await kubectl.succeed(['apply', '-f', `${manifests}good`])))
      expect(line).toMatch(/ unchanged$/);
    await kubectl.succeed(['diff', '-f', `${manifests}good`]);
  });

  it('change nothing when applied again, server-side', async () => {
    const apply = ['apply', '--server-side', '--field-manager=flux', '-f', `${manifests}good`];
    const versions = ['get', 'dataall', '-A', '-o', 'jsonpath={.items[*].metadata.resourceVersion}'];
    await kubectl.succeed(apply);
    const before = await kubectl.succeed(versions);
    await kubectl.succeed(apply);
    expect(await kubectl.succeed(versions)).toBe(before);
    await kubectl.succeed(['diff', '--server-side', '--field-manager=flux', '-f', `${manifests}good`]);
  });

  it.concurrent.each(samples('good-updates'))('may be updated: $name', async ({ path }) => {
    await kubectl.succeed(['apply', '--dry-run=server', '-f', path]);
  });
});

describe('manifests in the docs', () => {
  const docs = new URL('../../docs/', import.meta.url).pathname;
  const blocks = ['sharing.md', 'operations.md'].flatMap((page) =>
    [...readFileSync(docs + page, 'utf8').matchAll(/^```yaml\n(apiVersion: dataall\.io.*?)^```$/gms)].map(
      ([, manifest = '']) => ({ page, kind: /^kind: (\w+)/m.exec(manifest)?.[1], manifest }),
    ),
  );

  it('show what no example has: a Team, stewards, standing decisions, ends of shares, maintenance', () => {
    expect(blocks.map(({ kind }) => kind)).toEqual(['Team', 'Dataset', 'Tenant']);
    for (const field of ['group:', 'stewards:', 'autoApproval:', 'expiration:', 'maintenance:'])
      expect(blocks.some(({ manifest }) => manifest.includes(field))).toBe(true);
  });

  it.each(blocks)('$page: $kind is accepted', async ({ manifest }) => {
    await kubectl.succeed(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], parse(manifest));
  });
});

describe('bad samples', () => {
  const creations = samples('bad');
  const updates = samples('bad-updates');

  it('are at least 60, and each says what is expected', () => {
    expect(creations.length).toBeGreaterThanOrEqual(60);
    expect([...creations, ...updates].filter(({ expected }) => expected === '')).toEqual([]);
  });

  it.concurrent.each(creations)('$name is refused: $expected', async ({ path, expected }) => {
    expect(await kubectl.refusal(['create', '--dry-run=server', '-f', path])).toContain(expected);
  });

  it.concurrent.each(updates)('an update is refused: $name: $expected', async ({ path, expected }) => {
    expect(await kubectl.refusal(['replace', '--dry-run=server', '-f', path])).toContain(expected);
  });
});

describe('large objects', () => {
  const apply = ['apply', '--server-side', '--dry-run=server', '-f', '-'];

  it('a request of 500 items with filters is accepted, one of 501 is refused', async () => {
    await kubectl.succeed(apply, shareRequestManifest(500));
    expect(await kubectl.refusal(apply, shareRequestManifest(501))).toContain('must have at most 500 items');
  });

  it('a dataset of 256 folders is accepted, one of 257 is refused', async () => {
    await kubectl.succeed(apply, datasetManifest(256));
    expect(await kubectl.refusal(apply, datasetManifest(257))).toContain('must have at most 256 items');
  });

  it('a dataset of 256 folders may be changed, apart from their prefixes', async () => {
    const dataset = datasetManifest(256);
    await kubectl.succeed(['apply', '--server-side', '-f', '-'], dataset);
    const folders = dataset.spec.folders ?? [];
    const edited = (edit: object) => ({
      ...dataset,
      spec: { ...dataset.spec, folders: folders.map((folder) => ({ ...folder, ...edit })).toReversed() },
    });
    await kubectl.succeed(apply, edited({ description: 'Looked at' }));
    expect(await kubectl.refusal(apply, edited({ prefix: 'secret/' }))).toContain(
      'the prefix of a folder cannot change',
    );
  });

  it('a table of 50 filters with 200 columns each is accepted', async () => {
    await kubectl.succeed(apply, datasetTableManifest(50, 200));
  });

  it('a status of 500 items fits, and is shown in columns people can read', async () => {
    await kubectl.succeed(['apply', '--server-side', '-f', '-'], shareRequestManifest(500));
    await kubectl.succeed(['apply', '--server-side', '--subresource=status', '--field-manager=operator', '-f', '-'], {
      ...shareRequestManifest(0),
      spec: undefined,
      status: shareRequestStatus(500),
    });
    const table = await kubectl.succeed(['get', 'sharerequests', '-n', 'marketing-prod', 'everything']);
    const [header = '', row = ''] = lines(table);
    expect(header.split(/ {2,}/)).toEqual([
      'NAME',
      'FROM',
      'DATASET',
      'PRINCIPAL',
      'PHASE',
      'ITEMS',
      'GRANTED',
      'READY',
      'STATUS',
      'AGE',
    ]);
    expect(row).toMatch(
      /^everything +sales-prod +orders +analysts +PartlyGranted +500 +499 +False +PartlyGranted +\S+$/,
    );
  });
});
