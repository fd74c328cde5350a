// What the operations of the simulator ask IAM for, held against AWS's own reference: every action exists, is asked of a resource of its
// types, and carries condition keys that it can carry.
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import { AwsError } from '../core/aws-error.ts';
import type { Call, Need, ServiceModule } from '../core/operation.ts';
import { serviceModules } from '../services.ts';
import { addPrincipal, createShare } from '../services/ram/shares.ts';
import { ramState } from '../services/ram/ram-state.ts';
import { readServiceSchema } from '../wire/service-schema.ts';
import { sample } from '../wire/shape-sample.ts';
import { ServiceAuthorization } from './service-authorization.ts';

const REGION = 'eu-west-1';
const PRODUCER = '222222222222';
const CONSUMER = '333333333333';
/** Of the signature, where it is not the name of the service: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const PREFIXES = [
  'athena',
  'cloudformation',
  'events',
  'glue',
  'iam',
  'kms',
  'lakeformation',
  'ram',
  's3',
  'secretsmanager',
  'servicequotas',
  'sqs',
  'ssm',
  'sts',
];

/** Where AWS does otherwise than its reference says, with the page that shows it. */
const EXCEPTIONS: Readonly<Record<string, RegExp>> = {
  // Denials name the catalog: https://docs.aws.amazon.com/healthlake/latest/devguide/integrating-troubleshooting.html
  'lakeformation resource':
    /^lakeformation:\w+ is asked of arn:aws:lakeformation:[^:]+:\d{12}:catalog:\d{12}, though it has no resource types$/,
};

/** Actions that AWS's documentation has and its reference has not. */
const UNLISTED = [
  // https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
  'glue:ShareResource',
];

let aws: SimulatedAws;
let reference: ServiceAuthorization;
let existing: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const invoke = async <T>(service: string, operation: string, input: object): Promise<T> =>
  (await aws.invoke(service, operation, input, aws.administrator('producer'), REGION)) as T;

/** One of each thing that an operation must find before it can say what it needs. */
beforeAll(async () => {
  reference = await ServiceAuthorization.of(PREFIXES);
  aws = await startAws({ inProcess: true });
  const { KeyMetadata } = await invoke<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {});
  const key = { KeyId: KeyMetadata.Arn, TargetKeyId: KeyMetadata.Arn, AliasName: 'alias/ours' };
  await invoke('kms', 'CreateAlias', key);
  const { CiphertextBlob } = await invoke<{ CiphertextBlob: Uint8Array }>('kms', 'Encrypt', {
    ...key,
    Plaintext: new Uint8Array(8),
  });
  await invoke('s3', 'CreateBucket', { Bucket: 'orders', CreateBucketConfiguration: { LocationConstraint: REGION } });
  await invoke('s3', 'PutObject', { Bucket: 'orders', Key: 'a', Body: 'a' });
  const { ARN } = await invoke<{ ARN: string }>('secretsmanager', 'CreateSecret', { Name: 'ours', SecretString: 'a' });
  const { QueueUrl } = await invoke<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: 'ours' });
  const share = createShare(aws.world, PRODUCER, REGION, 'LakeFormation-ours');
  const offered = createShare(aws.world, CONSUMER, REGION, 'LakeFormation-theirs');
  addPrincipal(aws.world, offered, PRODUCER);
  const [invitation] = ramState(aws.world, CONSUMER, REGION).invitations.keys();
  await invoke('athena', 'CreateWorkGroup', {
    Name: 'ours',
    Configuration: { ResultConfiguration: { OutputLocation: 's3://orders/results/' } },
  });
  const { NamedQueryId } = await invoke<{ NamedQueryId: string }>('athena', 'CreateNamedQuery', {
    Name: 'one',
    Database: 'd',
    QueryString: 'SELECT 1',
    WorkGroup: 'ours',
  });
  const { QueryExecutionId } = await invoke<{ QueryExecutionId: string }>('athena', 'StartQueryExecution', {
    QueryString: 'SELECT 1',
    WorkGroup: 'ours',
  });
  const role = `arn:aws:iam::${PRODUCER}:role/ours`;
  const inBucket = { Bucket: 'orders', Key: 'a', CopySource: 'orders/a', ExpectedBucketOwner: undefined };
  existing = {
    sts: [{ RoleArn: role }],
    kms: [{ ...key, CiphertextBlob }],
    s3: [
      { ...inBucket, VersionId: undefined },
      { ...inBucket, VersionId: 'null' },
    ],
    s3control: [{ AccountId: PRODUCER }],
    secretsmanager: [{ SecretId: ARN }],
    sqs: [{ QueueUrl, QueueName: 'ours', QueueOwnerAWSAccountId: PRODUCER }],
    glue: [{ CatalogId: PRODUCER, ResourceArn: `arn:aws:glue:${REGION}:${PRODUCER}:database/ours` }],
    iam: [{ Path: '/', PathPrefix: '/', PolicyArn: `arn:aws:iam::${PRODUCER}:policy/ours` }],
    lakeformation: [{ RoleArn: role }],
    cloudformation: [{ RoleARN: role }],
    events: [{ RoleArn: role }],
    ram: [{ resourceShareArn: share.arn, resourceShareInvitationArn: invitation }],
    athena: [
      {
        ResourceARN: `arn:aws:athena:${REGION}:${PRODUCER}:workgroup/ours`,
        NamedQueryId,
        QueryExecutionId,
        WorkGroup: 'ours',
      },
    ],
  };
  return async () => aws.stop();
});

/** Needs of an operation for an input that has every member, those of things that must exist as they exist. */
const needsOf = (module: ServiceModule, name: string, input: unknown): readonly Need[] => {
  const call: Call = {
    world: aws.world,
    service: module.name,
    operation: name,
    principal: aws.administrator('producer'),
    account: PRODUCER,
    region: REGION,
    requestId: 'request',
    userAgent: 'test',
    accessKeyId: undefined,
    host: 'localhost',
    invoke: () => Promise.reject(new Error('needs call nobody')),
    authorize: () => undefined,
    isAllowed: () => true,
  };
  return module.operations[name]?.needs(input, call) ?? [];
};

const problemsOf = ({ action, resource, context }: Need): readonly string[] => {
  const known = reference.actions(action).find(({ name }) => name === action);
  if (known === undefined) return [`${action} does not exist`];
  const fits =
    known.resourceTypes.length === 0 || resource === '*'
      ? resource === '*' && !known.resourceTypes.some(({ required }) => required)
      : reference.typesOf(known, resource).length > 0;
  const types =
    known.resourceTypes.length === 0
      ? 'no resource types'
      : `the resource types ${known.resourceTypes.map(({ name }) => name).join(', ')}`;
  return [
    ...(fits ? [] : [`${action} is asked of ${resource}, though it has ${types}`]),
    ...Object.keys(context ?? {})
      .filter((key) => !reference.knows(known, key))
      .map((key) => `${action} cannot carry ${key}`),
  ];
};

describe('the needs of operations', () => {
  it('fit the reference, every operation of every service', async () => {
    const problems = new Set<string>();
    let judged = 0;
    for (const module of serviceModules('seal')) {
      const schema = readServiceSchema(await module.sdk());
      for (const name of Object.keys(module.operations)) {
        const shape = schema.operations.get(name)?.input;
        if (shape === undefined) throw new Error(`${module.name} has no ${name}`);
        for (const fixed of existing[module.name] ?? [{}]) {
          let turn = 0;
          const input = sample(shape, { below: (limit) => (turn += 7) % limit }, fixed) ?? {};
          try {
            for (const need of needsOf(module, name, input))
              problemsOf(need).forEach((problem) => problems.add(problem));
            judged += 1;
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            problems.add(`${module.name}:${name} was not judged: ${error.message}`);
          }
        }
      }
    }
    expect(judged).toBeGreaterThan(300);
    expect([...problems].filter((problem) => !Object.values(EXCEPTIONS).some((one) => one.test(problem)))).toEqual([]);
    for (const [name, exception] of Object.entries(EXCEPTIONS))
      expect(
        [...problems].some((problem) => exception.test(problem)),
        name,
      ).toBe(true);
  });

  it('name only actions that exist, wherever the source of the simulator does', async () => {
    const folder = join(import.meta.dirname, '..', 'services');
    const named = new Set<string>();
    for await (const file of glob('**/*.ts', { cwd: folder })) {
      if (file.endsWith('.test.ts')) continue;
      const text = await readFile(join(folder, file), 'utf8');
      for (const [, action] of text.matchAll(/'([a-z0-9]+:[A-Z][A-Za-z]+)'/g)) named.add(action ?? '');
    }
    const actions = [...named].filter((one) => PREFIXES.includes(one.split(':')[0] ?? ''));
    expect(actions.length).toBeGreaterThan(150);
    expect(actions.filter((one) => reference.actions(one)[0]?.name !== one && !reference.isConditionKey(one))).toEqual([
      ...UNLISTED,
    ]);
  });
});
