import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { afterAll, describe, expect, it } from 'vitest';
import { nonWhiteLength } from '../policy/size.ts';
import { datasetProps, environmentProps } from './testing/stack-test-env.ts';
import type { StackKind, StackPropsByKind, TeamStackProps } from './stack-props.ts';
import { Synthesizer } from './synthesizer.ts';

const synthesizer = new Synthesizer();
const extended = new Synthesizer({ extensions: [new URL('./testing/contact-extension.ts', import.meta.url).href] });
afterAll(() => {
  synthesizer.close();
  extended.close();
});

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

const resourcesOf = async <Kind extends StackKind>(
  kind: Kind,
  props: StackPropsByKind[Kind],
  from = synthesizer,
): Promise<Readonly<Record<string, Resource>>> => {
  const { template } = await from.synthesize(kind, props);
  return (JSON.parse(template) as { Resources: Record<string, Resource> }).Resources;
};

const typesOf = (resources: Readonly<Record<string, Resource>>): readonly string[] =>
  Object.values(resources).map(({ Type }) => Type);

const imported = {
  ...datasetProps,
  storage: { origin: 'Import', bucket: 'brought-along', keyArn: 'arn:aws:kms:eu-west-1:222222222222:key/k' },
  newDatabase: undefined,
  database: 'theirs',
} as const;

const teamProps: TeamStackProps = {
  ...datasetProps,
  team: {
    ...environmentProps.owner,
    roleName: undefined,
    importedRoleArn: 'arn:aws:iam::222222222222:role/path/theirs',
  },
};

describe('templates', () => {
  it('hold no document that the engine owns, and no code', async () => {
    for (const resources of [
      await resourcesOf('dataset', datasetProps),
      await resourcesOf('dataset', imported),
      await resourcesOf('environment', environmentProps),
      await resourcesOf('team', teamProps),
    ]) {
      const types = typesOf(resources);
      expect(
        types.filter((type) => /^(Custom::|AWS::Lambda::|AWS::LakeFormation::|AWS::CloudFormation::Custom)/.test(type)),
      ).toEqual([]);
    }
    expect(typesOf(await resourcesOf('dataset', datasetProps))).not.toContain('AWS::S3::BucketPolicy');
  });

  it('make of an import nothing but the role', async () => {
    expect(typesOf(await resourcesOf('dataset', imported))).toEqual(['AWS::IAM::Role']);
  });

  it('give a role that a team brings policies only', async () => {
    const resources = await resourcesOf('team', teamProps);
    expect(typesOf(resources).toSorted()).toEqual(['AWS::Athena::WorkGroup', 'AWS::IAM::ManagedPolicy']);
    expect(
      Object.values(resources).find(({ Type }) => Type === 'AWS::IAM::ManagedPolicy')?.Properties['Roles'],
    ).toEqual(['theirs']);
  });

  it('retain what holds data', async () => {
    for (const resources of [
      await resourcesOf('dataset', datasetProps),
      await resourcesOf('environment', environmentProps),
    ])
      for (const { Type, DeletionPolicy } of Object.values(resources))
        expect(DeletionPolicy).toBe(
          Type === 'AWS::S3::Bucket' || Type === 'AWS::KMS::Key' ? 'RetainExceptOnCreate' : undefined,
        );
  });

  it('keep the key policy as it was made, whatever else changes', async () => {
    const keyPolicy = async (props: StackPropsByKind['dataset']): Promise<unknown> =>
      (await resourcesOf('dataset', props))['Key']?.Properties['KeyPolicy'];
    const changed = {
      ...datasetProps,
      permissionsBoundaryArn: 'arn:aws:iam::aws:policy/X',
      prefix: 'other',
      roleName: 'other',
      pivotRoleArn: 'arn:aws:iam::222222222222:role/another',
    };
    expect(await keyPolicy(changed)).toEqual(await keyPolicy(datasetProps));
  });

  it('spread rights over policies that AWS takes', async () => {
    const { pivotRole } = environmentProps;
    if (pivotRole.mode !== 'Managed') throw new Error('the scene has a managed pivot role');
    const buckets = Array.from({ length: 150 }, (_, index) => `${'b'.repeat(55)}-${index}`);
    const many = {
      ...environmentProps,
      pivotRole: { ...pivotRole, imported: { buckets, namedBuckets: [], keyArns: [], roleArns: [] } },
    };
    const policies = Object.values(await resourcesOf('environment', many)).filter(
      ({ Type }) => Type === 'AWS::IAM::ManagedPolicy',
    );
    expect(policies.length).toBeLessThanOrEqual(10);
    for (const { Properties } of policies)
      expect(nonWhiteLength(JSON.stringify(Properties['PolicyDocument']))).toBeLessThanOrEqual(6144);
    expect(JSON.stringify(await resourcesOf('environment', many))).toContain(buckets.at(-1));
  });

  it('bound every role where a boundary is named, those of extensions too', async () => {
    const permissionsBoundaryArn = 'arn:aws:iam::222222222222:policy/boundary';
    const resources = await resourcesOf('dataset', { ...datasetProps, permissionsBoundaryArn }, extended);
    expect(resources['Contact']?.Properties).toMatchObject({ Name: '/dataall/data0001/contact' });
    const roles = Object.values(resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles.map(({ Properties }) => Properties['PermissionsBoundary'])).toEqual([
      permissionsBoundaryArn,
      permissionsBoundaryArn,
    ]);
  });
});

describe('templates that administrators deploy by hand', () => {
  it.each(['pivot-role', 'execution-policy'] as const)(
    '%s is published as it is made (vitest -u writes it)',
    async (kind) => {
      const file = join(import.meta.dirname, 'published', `${kind}.json`);
      const template = JSON.parse((await synthesizer.synthesize(kind, null)).template) as {
        Outputs: Record<string, unknown>;
      };
      delete template.Outputs['TemplateHash'];
      const style = { ...(await resolveConfig(file)), parser: 'json' };
      await expect(await format(JSON.stringify(template), style)).toMatchFileSnapshot(file);
    },
  );
});

describe('the synthesizer', () => {
  it('answers the same props with the same template, and other props with another', async () => {
    const first = await synthesizer.synthesize('dataset', datasetProps);
    const again = await new Synthesizer({ idleMs: 0 }).synthesize('dataset', { ...datasetProps });
    expect(again).toEqual(first);
    expect((await synthesizer.synthesize('dataset', { ...datasetProps, roleName: 'other' })).hash).not.toBe(first.hash);
    expect(JSON.parse(first.template)).toMatchObject({ Outputs: { TemplateHash: { Value: first.hash } } });
  });

  it('says which extension is none, and goes on after a failure', async () => {
    const broken = new Synthesizer({ extensions: [join(import.meta.dirname, 'stack-props.ts')], idleMs: 0 });
    await expect(broken.synthesize('dataset', datasetProps)).rejects.toThrow(/stack-props\.ts does not export/);
    await expect(broken.synthesize('dataset', datasetProps)).rejects.toThrow(/stack-props\.ts does not export/);
  });

  it('does not wait for an extension that never comes back, and goes on', async () => {
    const endless = 'data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 1e9))';
    const hung = new Synthesizer({ extensions: [endless], idleMs: 0, longestMs: 200 });
    await expect(hung.synthesize('dataset', datasetProps)).rejects.toThrow(/ended \(SIGKILL\)/);
    await expect(hung.synthesize('dataset', datasetProps)).rejects.toThrow(/ended \(SIGKILL\)/);
  });

  it('survives that no process can be started', async () => {
    const { execPath } = process;
    const unlucky = new Synthesizer({ idleMs: 0 });
    try {
      process.execPath = '/no/such/program';
      await expect(unlucky.synthesize('dataset', datasetProps)).rejects.toThrow(/ENOENT/);
    } finally {
      process.execPath = execPath;
    }
    expect((await unlucky.synthesize('dataset', datasetProps)).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('keeps the CDK out of the operator', async () => {
    const script = `await import(${JSON.stringify(join(import.meta.dirname, '..', 'operator.ts'))});
      const { default: { _cache } } = await import('node:module');
      console.log(Object.keys(_cache).filter((file) => file.includes('aws-cdk-lib')).length);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout.trim()).toBe('0');
  });
});
