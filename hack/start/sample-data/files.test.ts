import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { CUSTOMERS, sampleFiles, type SampleFile } from './files.ts';

const text = (files: readonly SampleFile[], key: string): string[] => {
  const file = files.find((candidate) => candidate.key === key);
  return Buffer.from(file?.body ?? [])
    .toString()
    .trimEnd()
    .split('\n');
};

const digests = (files: readonly SampleFile[]): string[] =>
  files.map(({ key, body }) => `${key} ${createHash('sha256').update(body).digest('hex')}`);

describe('sample files', () => {
  let files: readonly SampleFile[];
  beforeAll(async () => {
    files = await sampleFiles();
  });

  it('are the same bytes in every run', async () => {
    expect(digests(await sampleFiles())).toEqual(digests(files));
  });

  it('are CSV with a header and Parquet', () => {
    expect(text(files, 'customers/customers.csv')).toHaveLength(CUSTOMERS + 1);
    expect(text(files, 'customers/customers.csv')[0]).toBe('id,name,email,region,since');
    const parquet = files.filter(({ key }) => key.endsWith('.parquet'));
    expect(parquet.map(({ body }) => Buffer.from(body.subarray(0, 4)).toString())).toEqual(['PAR1', 'PAR1']);
  });

  it('have what can be told apart when shared: regions, and a neighbour of raw/', () => {
    const [header = '', ...rows] = text(files, 'raw/shipments-2026-01.csv');
    const region = header.split(',').indexOf('region');
    expect(new Set(rows.map((row) => row.split(',')[region]))).toEqual(new Set(['ap', 'eu', 'us']));
    expect(files.map(({ key }) => key)).toContain('raw2/payroll.csv');
  });
});
