import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  datasetProps,
  environmentProps,
  startDeployScene,
  tagsOf,
  type DeployScene,
} from './testing/stack-test-env.ts';
import type { DesiredStack } from './stack-deployer.ts';

let scene: DeployScene;
beforeAll(async () => {
  scene = await startDeployScene();
});
afterAll(() => scene.stop());

const environment = (attempt?: string): Promise<DesiredStack> =>
  scene.desired('environment', environmentProps, tagsOf('Environment', 'env00001'), attempt);

/** A small stack with one parameter: fails while another has taken its name. */
const handmade = (name: string, value: string, attempt = ''): DesiredStack => {
  const template = JSON.stringify({
    Resources: {
      Taken: { Type: 'AWS::SSM::Parameter', Properties: { Name: `/${name}`, Type: 'String', Value: value } },
    },
    Outputs: { TemplateHash: { Value: `hash of ${value}` } },
  });
  const roleArn = scene.accounts.executionRoleArn({ accountId: '222222222222', region: 'eu-west-1' });
  return {
    name,
    template: { template, hash: `hash of ${value}` },
    tags: tagsOf('Environment', name),
    roleArn,
    attempt,
  };
};

describe('a stack', () => {
  it('is deployed through a change set, and then left alone', async () => {
    const desired = await environment();
    const deployed = await scene.untilSettled(desired);
    expect(deployed.message).toBe('');
    expect(deployed).toMatchObject({
      state: 'Deployed',
      status: { name: 'dataall-sales-env00001', status: 'CREATE_COMPLETE', templateHash: desired.template.hash },
      outputs: {
        PivotRoleArn: 'arn:aws:iam::222222222222:role/dataallPivotRole-cdk',
        EnvironmentBucketName: 'dataall-sales-env00001',
        WorkgroupName: 'dataall-sales-env00001',
      },
    });
    expect(deployed.news.map(({ note }) => note)).toContain(
      'dataall-sales-env00001 (AWS::CloudFormation::Stack) CREATE_COMPLETE',
    );
    const before = (await scene.deploy.cloudFormation.events(desired.name)).length;
    expect((await scene.untilSettled(desired, deployed.status)).state).toBe('Deployed');
    // A lost status does not redeploy either: what is deployed stands in the stack itself.
    expect((await scene.untilSettled(desired, undefined)).state).toBe('Deployed');
    expect((await scene.deploy.cloudFormation.events(desired.name)).length).toBe(before);
    expect((await scene.deployer.locate(scene.deploy.cloudFormation, desired.tags))?.name).toBe(desired.name);
  });

  it('is updated when its template or its tags change', async () => {
    const first = handmade('update', 'one');
    await scene.untilSettled(first);
    const second = { ...handmade('update', 'two'), tags: { ...first.tags, Team: 'Other' } };
    const updated = await scene.untilSettled(second);
    expect(updated.status).toMatchObject({ status: 'UPDATE_COMPLETE', templateHash: 'hash of two' });
    expect((await scene.deploy.cloudFormation.stack('update'))?.tags['Team']).toBe('Other');
  });

  it('says why its first creation failed, and is made anew when somebody asks', async () => {
    await scene.administer('producer', 'ssm', 'PutParameter', { Name: '/first', Value: 'x', Type: 'String' });
    const failed = await scene.untilSettled(handmade('first', 'one'));
    expect(failed).toMatchObject({ state: 'Failed', status: { status: 'ROLLBACK_COMPLETE' } });
    expect(failed.message).toMatch(/^Taken \(AWS::SSM::Parameter\): .*exists/i);
    expect(failed.news.some(({ type, reason }) => type === 'Warning' && reason === 'StackFailed')).toBe(true);
    // Not again by itself: the same would fail the same way.
    expect((await scene.untilSettled(handmade('first', 'one'), failed.status)).state).toBe('Failed');
    await scene.administer('producer', 'ssm', 'DeleteParameter', { Name: '/first' });
    const again = await scene.untilSettled(handmade('first', 'one', 'asked again'), failed.status);
    expect(again).toMatchObject({ state: 'Deployed', status: { status: 'CREATE_COMPLETE' } });
  });

  it('keeps what it has when an update fails', async () => {
    await scene.untilSettled(handmade('second', 'one'));
    const failing = handmade('second', 'two');
    const clash = JSON.parse(failing.template.template) as { Resources: Record<string, unknown> };
    clash.Resources['Clash'] = {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/update', Type: 'String', Value: 'x' },
    };
    const failed = await scene.untilSettled({
      ...failing,
      template: { template: JSON.stringify(clash), hash: failing.template.hash },
    });
    expect(failed).toMatchObject({ state: 'Failed', status: { status: 'UPDATE_ROLLBACK_COMPLETE' } });
    expect(failed.message).toContain('Clash');
    expect(failed.status.templateHash).toBe('hash of one');
  });

  it('is never touched when it belongs to somebody else', async () => {
    await scene.untilSettled(handmade('theirs', 'one'));
    const mine = { ...handmade('theirs', 'two'), tags: tagsOf('Environment', 'another1') };
    expect(await scene.untilSettled(mine)).toMatchObject({ state: 'Failed' });
    expect(await scene.untilRemoved(mine)).toMatchObject({ state: 'Deleted' });
    expect((await scene.deploy.cloudFormation.stack('theirs'))?.status).toBe('CREATE_COMPLETE');
  });

  it('has nothing to take away while there is only its first change set, nor where it belongs to somebody else', async () => {
    const { cloudFormation } = scene.deploy;
    const desired = handmade('reviewed', 'first');
    await scene.deployer.reconcile(cloudFormation, desired, undefined);
    expect((await cloudFormation.stack('reviewed'))?.status).toBe('REVIEW_IN_PROGRESS');
    expect(await scene.deployer.isDeleting(cloudFormation, 'reviewed')).toBe(true);
    expect(await scene.deployer.stands(cloudFormation, desired)).toBe(false);
    await scene.untilSettled(desired);
    expect(await scene.deployer.isDeleting(cloudFormation, 'reviewed')).toBe(false);
    expect(await scene.deployer.stands(cloudFormation, desired)).toBe(true);
    const others = { ...desired, tags: tagsOf('Environment', 'others') };
    expect(await scene.deployer.stands(cloudFormation, others)).toBe(false);
  });

  it('is removed, and its buckets stay', async () => {
    const desired = await scene.desired('dataset', datasetProps, tagsOf('Dataset', 'data0001'));
    expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Deployed' });
    expect(await scene.untilRemoved(desired)).toMatchObject({ state: 'Deleted' });
    expect(await scene.producer.s3.bucketRegion('dataall-orders-data0001')).toBe('eu-west-1');
    expect(await scene.producer.iam.role('dataall-orders-data0001')).toBeUndefined();
  });

  it('is refused to us as not to be done where somebody has protected it from deletion', async () => {
    const guarded = handmade('guarded', 'one');
    await scene.untilSettled(guarded);
    await scene.administer('producer', 'cloudformation', 'UpdateTerminationProtection', {
      StackName: guarded.name,
      EnableTerminationProtection: true,
    });
    await expect(scene.untilRemoved(guarded)).rejects.toMatchObject({
      kind: 'Invalid',
      message: expect.stringContaining('TerminationProtection'),
    });
  });

  it('is removed without what CloudFormation cannot delete for a minute, and says what stays and why', async () => {
    const desired = handmade('stuck', 'one');
    const holding = JSON.parse(desired.template.template) as { Resources: Record<string, unknown> };
    const Resources = { ...holding.Resources, Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'stuck' } } };
    const template = JSON.stringify({ ...holding, Resources });
    const stuck = { ...desired, template: { template, hash: desired.template.hash } };
    expect(await scene.untilSettled(stuck)).toMatchObject({ state: 'Deployed' });
    await scene.administer('producer', 's3', 'PutObject', { Bucket: 'stuck', Key: 'kept', Body: '1' });
    const news: string[] = [];
    let progress = await scene.untilRemoved(stuck);
    const started = scene.aws.world.clock.now();
    while (progress.state === 'Failed') {
      expect(progress.message).toMatch(/^Data \(AWS::S3::Bucket\): .*not empty/);
      expect(news).toEqual([]);
      scene.aws.world.clock.advance(progress.requeueMs ?? 0);
      progress = await scene.untilRemoved(stuck, progress.status);
      news.push(...progress.news.flatMap(({ reason, note }) => (reason === 'NotRestored' ? [note] : [])));
    }
    expect(progress.state).toBe('Deleted');
    expect(scene.aws.world.clock.now() - started).toBeGreaterThan(60_000);
    expect(news).toEqual([
      expect.stringMatching(/^stuck stays when stack stuck goes: Data \(AWS::S3::Bucket\): .*not empty/),
    ]);
    expect(await scene.deploy.cloudFormation.stack('stuck')).toBeUndefined();
    expect(await scene.producer.s3.bucketRegion('stuck')).toBe('eu-west-1');
    await expect(scene.administer('producer', 'ssm', 'GetParameter', { Name: '/stuck' })).rejects.toMatchObject({
      code: 'ParameterNotFound',
    });
  });
});
