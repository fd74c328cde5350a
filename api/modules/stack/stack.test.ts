// Stacks and tags through GraphQL, as far as objects tell them; what is looked up in AWS is tried in test/integration/operator-actions.

import { describe, expect, it } from 'vitest';
import { featuresWith } from '../../../operator/features/testing/features-with.ts';
import { annotations } from '../../../operator/resources/annotations.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { environmentKind } from '../../../operator/resources/environment.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { SALES_PROD, SALES_SPEC, salesScene, type SalesScene } from '../../../test/support/environment-people.ts';
import { dataset } from '../../../test/support/index-scene.ts';

const postgres = databaseServer();
const target = { uri: 'salesprd', type: 'environment' };
const orders = { uri: 'ordersor', type: 'dataset' };

const get = `query ($uri: String!, $type: String!) {
  getStack(stackUri: $uri, targetUri: $uri, targetType: $type) {
    stackUri targetUri stack environmentUri name accountid region status stackid updated link error canViewLogs EcsTaskArn
  }
}`;
const logs = `query ($uri: String!, $type: String!) { getStackLogs(targetUri: $uri, targetType: $type) { logStream logGroup timestamp message } }`;
const tags = `query ($uri: String!, $type: String!) { listKeyValueTags(targetUri: $uri, targetType: $type) { targetType targetUri key value cascade } }`;
const update = `mutation ($uri: String!, $type: String!) { updateStack(targetUri: $uri, targetType: $type) { status } }`;
const retag = `mutation ($input: UpdateKeyValueTagsInput!) { updateKeyValueTags(input: $input) { tagUri key value cascade } }`;

/** With the dataset orders of marketing in it. */
async function scene(): Promise<SalesScene> {
  const made = await salesScene(postgres);
  const status = {
    id: orders.uri,
    stack: { name: 'dataall-orders-ordersor', status: 'UPDATE_ROLLBACK_COMPLETE', reason: 'No' },
  };
  await made.put(datasetKind, { namespace: 'sales-prod', name: 'orders' }, dataset('marketing'), status);
  return made;
}

describe('A stack', () => {
  it('is told to who owns the environment, and to administrators', async () => {
    // What happened to the stack is as old as this test.
    const features = featuresWith({ core: { log_query_period_days: 3650 } });
    const { sally, admin } = await salesScene(postgres, { features });
    const stack = {
      stackUri: target.uri,
      targetUri: target.uri,
      stack: 'environment',
      environmentUri: target.uri,
      name: SALES_PROD.stack.name,
      accountid: '111111111111',
      region: 'eu-west-1',
      status: 'CREATE_COMPLETE',
      stackid: SALES_PROD.stack.arn,
      updated: '2026-11-30T12:00:00Z',
      link: `https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=${encodeURIComponent(SALES_PROD.stack.arn)}`,
      error: null,
      canViewLogs: true,
      EcsTaskArn: null,
    };
    for (const person of [sally, admin]) expect(await person.ask(get, target)).toEqual({ getStack: stack });
    const events = [
      {
        logStream: SALES_PROD.stack.name,
        logGroup: 'CloudFormation',
        timestamp: '2026-11-30T12:00:00Z',
        message: 'CREATE_COMPLETE AWS::IAM::Role OwnerRole',
      },
    ];
    expect(await sally.ask(logs, target)).toEqual({ getStackLogs: events });
  });

  it('shows what happened to it as far back as config.json says, to whom it lets see that', async () => {
    const canView = `query ($uri: String!, $type: String!) { getStack(stackUri: $uri, targetUri: $uri, targetType: $type) { canViewLogs } }`;
    const fiveDaysAgo = new Date(Date.now() - 5 * 86_400_000).toISOString();
    const [event] = SALES_PROD.stack.events;
    const stack = { ...SALES_PROD.stack, events: [{ ...event, time: fiveDaysAgo }] };
    const seen = async (core: object) => {
      const { sally, admin, put } = await salesScene(postgres, { features: featuresWith({ core }) });
      await put(environmentKind, { name: 'sales-prod' }, SALES_SPEC, { ...SALES_PROD, stack });
      const answers = [];
      for (const person of [sally, admin]) {
        const { getStack } = await person.ask<{ getStack: { canViewLogs: boolean } }>(canView, target);
        if (getStack.canViewLogs)
          answers.push((await person.ask<{ getStackLogs: unknown[] }>(logs, target)).getStackLogs.length);
        else answers.push((await person.refused(logs, target)).code);
      }
      return answers;
    };
    const week = { log_query_period_days: 7 };
    expect(await seen({})).toEqual([0, 0]);
    expect(await seen(week)).toEqual([1, 1]);
    expect(await seen({ ...week, features: { show_stack_logs: 'admin-only' } })).toEqual(['UnauthorizedOperation', 1]);
    const nobody = ['DisabledByConfig', 'DisabledByConfig'];
    expect(await seen({ ...week, features: { show_stack_logs: 'disabled' } })).toEqual(nobody);
  });

  it('is not shown to groups that were only invited, with tags and logs, but for its status', async () => {
    const { mary, pete, finn } = await salesScene(postgres);
    for (const query of [get, logs, tags, update]) {
      for (const person of [mary, pete])
        expect(await person.refused(query, target)).toMatchObject({ code: 'UnauthorizedOperation' });
      expect(await finn.refused(query, target)).toMatchObject({ code: 'ResourceNotFound' });
    }
    const within = `{ listEnvironments { nodes { stack { status stackid link events resources outputs canViewLogs } } } }`;
    const nothing = { stackid: null, link: null, events: null, resources: null, outputs: null, canViewLogs: false };
    expect(await mary.ask(within)).toEqual({
      listEnvironments: { nodes: [{ stack: { status: 'CREATE_COMPLETE', ...nothing } }] },
    });
  });

  it('of a dataset says why it failed, to who sees the dataset', async () => {
    const { mary, pete } = await scene();
    expect(await mary.ask(get, orders)).toMatchObject({
      getStack: {
        stack: 'dataset',
        environmentUri: target.uri,
        status: 'UPDATE_ROLLBACK_COMPLETE',
        error: '{"error":"No"}',
      },
    });
    expect(await pete.refused(get, orders)).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('of what has none in this version is refused by name', async () => {
    const { sally } = await salesScene(postgres);
    expect(await sally.refused(get, { ...target, type: 'notebook' })).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('notebook'),
    });
  });

  it('is not looked for in AWS by a gateway that knows no operator, which says so', async () => {
    const { sally } = await salesScene(postgres);
    const resources = get.replace('stackUri targetUri', 'resources');
    expect(await sally.refused(resources, target)).toMatchObject({ code: 'ServiceUnavailable' });
  });

  it('is brought up to date by who may change what it belongs to', async () => {
    const { sally, mary, finn, stored } = await scene();
    const before = Date.now();
    expect(await sally.ask(update, target)).toEqual({ updateStack: { status: 'CREATE_COMPLETE' } });
    const environment = await stored(environmentKind, { name: 'sales-prod' });
    const asked = environment?.metadata.annotations?.[annotations.requestedAt] ?? '';
    expect(Date.parse(asked)).toBeGreaterThanOrEqual(before);
    expect(await finn.refused(update, orders)).toMatchObject({ code: 'ResourceNotFound' });
    await mary.ask(update, orders);
    const ours = await stored(datasetKind, { namespace: 'sales-prod', name: 'orders' });
    expect(ours?.metadata.annotations?.[annotations.requestedAt]).toBeDefined();
  });
});

describe('Tags', () => {
  it('are written as AWS tags of the object, all at once, and listed', async () => {
    const { sally, mary, finn, stored } = await scene();
    const input = {
      targetUri: target.uri,
      targetType: target.type,
      tags: [
        { key: 'CostCentre', value: '42', cascade: true },
        { key: 'Stage', value: '', cascade: false },
      ],
    };
    const { updateKeyValueTags: written } = await sally.ask<{ updateKeyValueTags: object[] }>(retag, { input });
    expect(written).toMatchObject(input.tags);
    expect((await stored(environmentKind, { name: 'sales-prod' }))?.spec.tags).toEqual([
      { key: 'CostCentre', value: '42', cascade: true },
      { key: 'Stage', value: '' },
    ]);
    expect(await sally.ask(tags, target)).toEqual({
      listKeyValueTags: input.tags.map((tag) => ({ targetUri: target.uri, targetType: target.type, ...tag })),
    });
    expect(await mary.refused(retag, { input })).toMatchObject({ code: 'UnauthorizedOperation' });
    const ours = { targetUri: orders.uri, targetType: orders.type, tags: [{ key: 'a', value: 'b', cascade: false }] };
    await mary.ask(retag, { input: ours });
    expect((await stored(datasetKind, { namespace: 'sales-prod', name: 'orders' }))?.spec.tags).toEqual([
      { key: 'a', value: 'b' },
    ]);
    expect(await finn.refused(retag, { input: ours })).toMatchObject({ code: 'ResourceNotFound' });
  });

  it('that AWS does not take are refused', async () => {
    const { sally } = await salesScene(postgres);
    const input = { targetUri: target.uri, targetType: target.type, tags: [{ key: '<b>', value: '', cascade: false }] };
    expect(await sally.refused(retag, { input })).toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('a tag key is'),
    });
  });
});
