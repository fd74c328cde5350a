import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewChangeSet } from './cloudformation.ts';
import { isFault } from '../fault.ts';
import { startAccounts } from '../testing/simulated-accounts.ts';
import type { SimulatedAccounts } from '../testing/simulated-accounts.ts';

let world: SimulatedAccounts;
beforeAll(async () => {
  world = await startAccounts();
});
afterAll(async () => await world.stop());

const template = (value: string, type = 'AWS::SSM::Parameter') => ({
  body: JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { Told: { Type: type, Properties: { Type: 'String', Name: { Ref: 'Name' }, Value: value } } },
    Outputs: { Told: { Value: { Ref: 'Told' } } },
  }),
});

const change = (more: Partial<NewChangeSet> = {}): NewChangeSet => ({
  stack: 'dataall-env',
  name: 'one',
  type: 'CREATE',
  template: template('a'),
  parameters: { Name: '/dataall/told' },
  tags: { dataall: 'True' },
  ...more,
});

/** Asks until the answer is one of those wanted. The simulator takes a step for each turn of the event loop. */
async function until<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

const settled = (stack: string) =>
  until(
    () => world.producer.cloudFormation.stack(stack),
    (found) => !found?.status.endsWith('_IN_PROGRESS'),
  );
const ready = (stack: string, name: string) =>
  until(
    () => world.producer.cloudFormation.changeSet(stack, name),
    (found) => found?.status === 'CREATE_COMPLETE' || found?.status === 'FAILED',
  );

describe('a stack', () => {
  it('is made, changed and deleted through change sets', async () => {
    const { cloudFormation, ssm } = world.producer;
    expect(await cloudFormation.stack('dataall-env')).toBeUndefined();
    expect(await cloudFormation.events('dataall-env')).toEqual([]);
    expect(await cloudFormation.changeSet('dataall-env', 'one')).toBeUndefined();

    await cloudFormation.createChangeSet(change());
    expect(await ready('dataall-env', 'one')).toMatchObject({
      status: 'CREATE_COMPLETE',
      executionStatus: 'AVAILABLE',
      empty: false,
      changes: [{ action: 'Add', logicalId: 'Told', type: 'AWS::SSM::Parameter' }],
    });
    expect((await cloudFormation.stack('dataall-env'))?.status).toBe('REVIEW_IN_PROGRESS');
    await cloudFormation.executeChangeSet('dataall-env', 'one', 'token-1');
    const made = await settled('dataall-env');
    expect(made).toMatchObject({
      name: 'dataall-env',
      status: 'CREATE_COMPLETE',
      outputs: { Told: '/dataall/told' },
      parameters: { Name: '/dataall/told' },
      tags: { dataall: 'True' },
    });
    expect((await ssm.parameter('/dataall/told'))?.value).toBe('a');
    expect((await cloudFormation.stacks()).map(({ name }) => name)).toEqual(['dataall-env']);

    const events = await cloudFormation.events('dataall-env');
    expect(events.at(-1)).toMatchObject({
      type: 'AWS::CloudFormation::Stack',
      status: 'CREATE_COMPLETE',
      token: 'token-1',
    });
    const seen = events[2]?.id;
    expect(await cloudFormation.events('dataall-env', seen)).toEqual(events.slice(3));

    await cloudFormation.createChangeSet(change({ name: 'two', type: 'UPDATE', template: template('b') }));
    expect((await ready('dataall-env', 'two'))?.changes).toMatchObject([{ action: 'Modify', logicalId: 'Told' }]);
    await cloudFormation.executeChangeSet('dataall-env', 'two');
    expect((await settled('dataall-env'))?.status).toBe('UPDATE_COMPLETE');
    expect((await ssm.parameter('/dataall/told'))?.value).toBe('b');

    await cloudFormation.deleteStack('dataall-env');
    await until(
      () => cloudFormation.stack('dataall-env'),
      (found) => found === undefined,
    );
    expect((await cloudFormation.stack(made?.id ?? ''))?.status).toBe('DELETE_COMPLETE');
    expect(await ssm.parameter('/dataall/told')).toBeUndefined();
    await cloudFormation.deleteStack('dataall-env');
  });

  it('that would not change says so, which is no failure', async () => {
    const { cloudFormation } = world.producer;
    const stack = 'dataall-same';
    await cloudFormation.createChangeSet(change({ stack, parameters: { Name: '/dataall/same' } }));
    await ready(stack, 'one');
    await cloudFormation.executeChangeSet(stack, 'one');
    await settled(stack);
    await cloudFormation.createChangeSet(
      change({ stack, name: 'two', type: 'UPDATE', parameters: { Name: '/dataall/same' } }),
    );
    expect(await ready(stack, 'two')).toMatchObject({ status: 'FAILED', empty: true });
    expect(await cloudFormation.deleteChangeSet(stack, 'two')).toBe(true);
    expect(await cloudFormation.continueRollback(stack)).toBe(false);
  });

  it('that cannot be made is a fault or a failure, never silence', async () => {
    const { cloudFormation } = world.producer;
    const invalid = await cloudFormation
      .createChangeSet(change({ stack: 'dataall-bad', template: { body: '{"Resources": 7}' } }))
      .then(async () => (await ready('dataall-bad', 'one'))?.status)
      .catch((error: unknown) => (isFault(error, 'Invalid') ? 'Invalid' : error));
    expect(['Invalid', 'FAILED']).toContain(invalid);
    await expect(cloudFormation.createChangeSet(change({ stack: 'dataall-none', type: 'UPDATE' }))).rejects.toSatisfy(
      (error) => isFault(error, 'NotFound'),
    );
    await expect(cloudFormation.executeChangeSet('dataall-none', 'one')).rejects.toSatisfy((error) =>
      isFault(error, 'NotFound'),
    );
  });
});
