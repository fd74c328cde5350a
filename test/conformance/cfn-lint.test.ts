// Every template that is deployed or published, before cfn-lint: other people's knowledge of what CloudFormation takes, in each region.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanEnvironment, lockedPython } from '../../hack/aws/conformance/python.ts';
import { Synthesizer } from '../../operator/stacks/synthesizer.ts';
import { SAMPLES } from '../support/template-samples.ts';

/** Its program knows the folder that it was installed in, which has moved since: see `lockedPython`. */
const RUN_CFN_LINT = 'import sys; from cfnlint.runner import main; sys.exit(main())';
/** Where IAM's events are, where most are, and one that lacks much. */
const REGIONS = ['us-east-1', 'eu-west-1', 'eu-south-2'];

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
