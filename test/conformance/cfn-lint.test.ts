// Every template that is deployed or published, before cfn-lint: other people's knowledge of what CloudFormation takes, in each region.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanEnvironment, lockedPython } from '../../hack/aws/conformance/python.ts';
import { datasetProps, environmentProps, producerId } from '../../operator/stacks/deploy-loop.ts';
import type { StackKind, StackPropsByKind } from '../../operator/stacks/stack-props.ts';
import { Synthesizer } from '../../operator/stacks/synthesizer.ts';

/** Its program knows the folder that it was installed in, which has moved since: see `lockedPython`. */
const RUN_CFN_LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())';
/** Where IAM's events are, where most are, and one that lacks much. */
const REGIONS = ['us-east-1', 'eu-west-1', 'eu-south-2'];

type Sample = {
  [Kind in StackKind]: readonly [kind: Kind, props: StackPropsByKind[Kind]];
}[StackKind];

const { owner } = environmentProps;
const keyArn = `arn:aws:kms:eu-west-1:${producerId}:key/11111111-2222-3333-4444-555555555555`;
const roleArn = `arn:aws:iam::${producerId}:role/path/theirs`;
const boundary = { permissionsBoundaryArn: `arn:aws:iam::${producerId}:policy/boundary` };
const importing = (buckets: number): StackPropsByKind['environment'] => ({
  ...environmentProps,
  pivotRole: {
    ...environmentProps.pivotRole,
    mode: 'Managed',
    trust: { hubAccount: '111111111111', principalPatterns: [`arn:aws:iam::111111111111:role/*`], externalId: 'e' },
    imported: {
      buckets: Array.from({ length: buckets }, (_, index) => `brought-along-${index}`),
      namedBuckets: ['made-by-its-own-name'],
      keyArns: [keyArn],
      roleArns: [roleArn],
    },
  },
});
const imported = { ...datasetProps, storage: { origin: 'Import' as const, bucket: 'brought-along' } };
const team = { ...datasetProps, stackName: 'dataall-analysts-env00001', team: owner };

const SAMPLES: Readonly<Record<string, Sample>> = {
  environment: ['environment', environmentProps],
  'environment-without-datasets': [
    'environment',
    { ...importing(0), owner: { ...owner, owned: { buckets: [], keyArns: [], databases: [] } } },
  ],
  'environment-with-many-imports': ['environment', importing(150)],
  'environment-with-keys': [
    'environment',
    { ...environmentProps, owner: { ...owner, owned: { ...owner.owned, keyArns: [keyArn] } } },
  ],
  'environment-bounded': ['environment', { ...environmentProps, ...boundary }],
  'environment-of-us-east-1': ['environment', { ...environmentProps, region: 'us-east-1' }],
  'environment-with-its-own-pivot-role': [
    'environment',
    { ...environmentProps, pivotRole: { mode: 'Existing', name: 'dataallPivotRole' } },
  ],
  team: ['team', team],
  'team-with-its-own-role': ['team', { ...team, team: { ...owner, roleName: undefined, importedRoleArn: roleArn } }],
  'team-that-queries-nothing': ['team', { ...team, team: { ...owner, mayQuery: false } }],
  dataset: ['dataset', datasetProps],
  'dataset-bounded': ['dataset', { ...datasetProps, ...boundary }],
  'dataset-imported': ['dataset', imported],
  'dataset-imported-with-key': ['dataset', { ...imported, storage: { ...imported.storage, keyArn } }],
  'dataset-imported-with-database': ['dataset', { ...imported, newDatabase: undefined, database: 'theirs' }],
  'dataset-imported-as-a-whole': [
    'dataset',
    { ...imported, roleName: undefined, newDatabase: undefined, database: 'theirs' },
  ],
  'published-pivot-role': ['pivot-role', null],
  'published-execution-policy': ['execution-policy', null],
};

const BAD = {
  Parameters: { Unused: { Type: 'String' } },
  Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Nane: 'x' } } },
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dataall-cfn-lint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What cfn-lint finds, warnings too, one line each; one process for all files, since most of its time is its own start. */
const findings = async (files: readonly string[]): Promise<readonly string[]> => {
  const python = await lockedPython();
  const options = ['--non-zero-exit-code', 'none', '--format', 'parseable', '--regions', ...REGIONS, '--template'];
  return await new Promise((resolve, reject) => {
    execFile(
      python,
      ['-c', RUN_CFN_LINT, ...options, ...files],
      { env: cleanEnvironment(), maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) =>
        error === null
          ? resolve(stdout.split('\n').filter((line) => line !== ''))
          : reject(new Error(`cfn-lint: ${stderr || stdout}`, { cause: error })),
    );
  });
};

it('cfn-lint finds nothing in any template, and something where there is something', async () => {
  const synthesizer = new Synthesizer();
  const write = async (name: string, template: string): Promise<string> => {
    const file = join(folder, `${name}.json`);
    await writeFile(file, template);
    return file;
  };
  try {
    const files = [
      // Proves that errors and warnings are looked for: a property that there is not, and a parameter that nobody uses.
      await write('bad', JSON.stringify(BAD)),
    ];
    for (const [name, [kind, props]] of Object.entries(SAMPLES))
      files.push(await write(name, (await synthesizer.synthesize(kind, props)).template));
    const found = await findings(files);
    expect(found.filter((line) => line.includes('bad.json'))).toEqual([
      expect.stringContaining(':E3002:'),
      expect.stringContaining(':W2001:'),
    ]);
    expect(found.filter((line) => !line.includes('bad.json'))).toEqual([]);
  } finally {
    synthesizer.close();
  }
});
