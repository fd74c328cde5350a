// Partitions of AWS (China, GovCloud): one place writes ARNs, it agrees with the SDK, and no template names another partition than its own.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { accessPointArn, dnsSuffixOf } from '../../operator/policy/arn.ts';
import { makeTemplate } from '../../operator/stacks/templates/templates.ts';
import { SAMPLES } from '../support/template-samples.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CODE = globSync('operator/**/*.ts', { cwd: ROOT, exclude: ['**/*.test.ts', '**/testing/**'] }).toSorted();

/** The one that writes them. */
const WRITER = 'operator/policy/arn.ts';
/** In a pattern or a hint of a field, what people write. Schemas take the ARNs of any partition: `arn:aws(-[a-z]+)*:`. */
const isExplained = (line: string): boolean =>
  /^\s*(?:\/\/|\/?\*)/.test(line) || /\bhint: /.test(line) || /\bpattern: .*\^arn:aws\(-\[a-z\]\+\)\*:/.test(line);

describe('product code', () => {
  it('leaves ARNs to the one place that knows of partitions', () => {
    const written = CODE.filter((file) => file !== WRITER).flatMap((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .map((text, index) => ({ text, at: `${file}:${index + 1}` }))
        .filter(({ text }) => /\barn:(?:aws|\$\{)/.test(text) && !isExplained(text))
        .map(({ at, text }) => `${at} ${text.trim()}`),
    );
    expect(CODE.length).toBeGreaterThan(200);
    expect(written).toEqual([]);
  });
});

describe.each([
  'eu-west-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'us-isof-south-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
])('the SDK, in %s,', (region) => {
  it('asks the hosts that we expect', () => {
    const { url } = new KMSClient({ region }).config.endpointProvider?.({ Region: region }) ?? {};
    expect(url?.hostname).toBe(`kms.${region}.${dnsSuffixOf(region)}`);
  });

  it('takes our ARNs of access points for those of its partition', () => {
    const Bucket = accessPointArn({ account: '111111111111', region, name: 'point' });
    const { url } =
      new S3Client({ region }).config.endpointProvider?.({ Region: region, Bucket, UseArnRegion: true }) ?? {};
    expect(url?.hostname).toBe(`point-111111111111.s3-accesspoint.${region}.${dnsSuffixOf(region)}`);
  });
});

describe.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s', (region, partition) => {
  it.each(Object.entries(SAMPLES))('the template %s names nothing of another partition', (_name, [kind, props]) => {
    const there = JSON.parse(
      JSON.stringify(props)
        .replaceAll('arn:aws:', `arn:${partition}:`)
        .replaceAll('"partition":"aws"', `"partition":"${partition}"`)
        .replaceAll(/eu-west-1|us-east-1/g, region),
    ) as never;
    const template = JSON.stringify(makeTemplate(kind, there, []));
    const named = new Set(template.match(/arn:aws[a-z-]*:/g));
    // What is published is for any partition, and asks CloudFormation which one it is in.
    expect([...named].filter((begin) => props === null || begin !== `arn:${partition}:`)).toEqual([]);
    if (props === null) expect(template).toContain('"AWS::Partition"');
  });
});
