// moto, a simulator that others wrote, is asked the same: outcomes and members of answers must agree, or the difference be explained.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import { cleanEnvironment, lockedPython, runScript } from './python.ts';

type Shape = string | Shape[] | { readonly [name: string]: Shape };
type Answer = readonly [call: string, outcome: string, shape: Shape];

let aws: SimulatedAws;
let moto: ChildProcess;
let motoEndpoint = '';

const freePort = async (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Resolves when the server says that it runs, which moto does on standard error. */
const running = async (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Running on')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`moto ended with ${code}`)));
  });

beforeAll(async () => {
  const [started, python, port] = await Promise.all([startAws(), lockedPython(), freePort()]);
  aws = started;
  motoEndpoint = `http://127.0.0.1:${port}`;
  moto = spawn(python, ['-m', 'moto.server', '-p', String(port)], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await running(moto);
});
afterAll(async () => {
  moto.kill();
  await aws.stop();
});

/** Paths of a shape's leaves: `.Role.Tags[].Key`. */
const leaves = (shape: Shape, path = ''): string[] => {
  if (typeof shape === 'string') return [path];
  if (Array.isArray(shape)) return shape.flatMap((item) => leaves(item, `${path}[]`));
  return Object.entries(shape).flatMap(([name, member]) => leaves(member, `${path}.${name}`));
};

/** Where moto answers otherwise, and why we do not follow. */
const outcomes: Readonly<Record<string, string>> = {
  'iam delete_policy: DeleteConflict, moto ok':
    'a policy with other versions than the default one cannot be deleted: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html',
  'iam detach_role_policy: ok, moto NoSuchEntity': 'follows from the difference above: moto has deleted the policy',
  'iam delete_user: DeleteConflict, moto ok':
    'access keys must be deleted first: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html',
  'iam delete_role: ok, moto DeleteConflict': 'follows from the detached policy above',
  'iam delete_role: NoSuchEntity, moto DeleteConflict': 'follows from the detached policy above',
  'kms encrypt: DisabledException, moto ok':
    'https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html#API_Encrypt_Errors',
  's3 get_bucket_encryption: ok, moto ServerSideEncryptionConfigurationNotFoundError':
    'every bucket has SSE-S3 since January 2023: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html',
  's3 put_bucket_policy: MalformedPolicy, moto ok':
    'https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MalformedPolicy)',
};

/** Members that moto gives and we do not. */
const members: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^iam \w+ .*\.Document\./,
    'documents come with GetPolicyVersion and GetAccountAuthorizationDetails only (API_PolicyVersion)',
  ],
  [/^kms \w+ \.KeyMetadata\.SigningAlgorithms/, 'symmetric keys do not sign'],
  [/\.(Owner|Initiator)\.DisplayName$/, 'no longer returned since November 2025 (API_Owner)'],
  [/^s3 list_parts /, 'echoes of defaults'],
  [/^s3 list_objects_v2 \.Contents\[\]\.ChecksumAlgorithm/, 'checksums are shown by HeadObject and GetObject only'],
  [/^s3 copy_object \.CopyObjectResult\.Checksum/, 'checksums are shown by HeadObject and GetObject only'],
  [/^s3 list_object_versions \.VersionIdMarker$/, 'was not sent'],
  [/^s3control get_access_point \.Endpoints\.fips/, 'there are no FIPS endpoints outside North America'],
];

it('agrees with moto, or says why not', { timeout: 120_000 }, async () => {
  const ask = async (endpoint: string, account: object): Promise<Answer[]> =>
    (await runScript('second_opinion.py', { endpoint, account })) as Answer[];
  const ours = await ask(aws.endpoint, aws.accounts['producer'] ?? {});
  // The account that moto gives to unknown keys.
  const theirs = await ask(motoEndpoint, { id: '123456789012', accessKeyId: 'test', secretAccessKey: 'test' });
  expect(ours.map(([call]) => call)).toEqual(theirs.map(([call]) => call));
  const differences: string[] = [];
  for (const [index, [call, outcome, shape]] of ours.entries()) {
    const [, otherOutcome = '', otherShape = {}] = theirs[index] ?? [];
    if (outcome !== otherOutcome) differences.push(`${call}: ${outcome}, moto ${otherOutcome}`);
    else {
      const own = new Set(leaves(shape));
      differences.push(
        ...leaves(otherShape)
          .filter((leaf) => !own.has(leaf))
          .map((leaf) => `${call} ${leaf}`),
      );
    }
  }
  const unexplained = differences.filter(
    (one) => !(one in outcomes) && !members.some(([pattern]) => pattern.test(one)),
  );
  expect(unexplained).toEqual([]);
});
