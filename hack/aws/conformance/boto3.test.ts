// boto3, a client that shares no code with the simulator's codec, over real HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import { serviceModules } from '../services.ts';
import { readServiceSchema } from '../wire/service-schema.ts';
import { lockedPython, runScript } from './python.ts';

let aws: SimulatedAws;

beforeAll(async () => {
  [aws] = await Promise.all([startAws(), lockedPython()]);
});
afterAll(async () => aws.stop());

/** Directory buckets are another service (`s3express`) that the simulator does not have, and object lambdas another host. */
const elsewhere: ReadonlySet<string> = new Set([
  'DeleteAccessPointScope',
  'GetAccessPointScope',
  'ListAccessPointsForDirectoryBuckets',
  'ListDirectoryBuckets',
  'PutAccessPointScope',
  'WriteGetObjectResponse',
]);

describe('boto3', () => {
  it('does what people do', { timeout: 120_000 }, async () => {
    const results = (await runScript('boto3_behaviour.py', {
      endpoint: aws.endpoint,
      accounts: aws.accounts,
    })) as Record<string, string>;
    expect(Object.keys(results).length).toBeGreaterThan(5);
    for (const [check, result] of Object.entries(results)) expect.soft(result, check).toBe('ok');
  });

  it(
    'is understood in every operation: the server logs the operation that was called',
    { timeout: 240_000 },
    async () => {
      const services: Record<string, string[]> = {};
      for (const module of serviceModules('')) {
        services[module.name === 'servicequotas' ? 'service-quotas' : module.name] = [
          ...readServiceSchema(await module.sdk()).operations.keys(),
        ];
      }
      aws.world.clearLog();
      const called = (await runScript('boto3_sweep.py', {
        endpoint: aws.endpoint,
        credentials: aws.accounts['producer'],
        services,
      })) as [service: string, operation: string, outcome: string][];
      const logged = new Set(aws.world.log.map(({ operation }) => operation));
      const missed = called.filter(([, operation]) => !logged.has(operation) && !elsewhere.has(operation));
      expect(called.length).toBeGreaterThan(900);
      expect(missed).toEqual([]);
      const unread = called
        .filter(([, operation]) => !elsewhere.has(operation))
        .filter(([, , outcome]) =>
          /Signature|ParamValidation|Parse|^Unknown$|UnknownOperation|UnknownService|InvalidAction|Internal|Error |no code/.test(
            outcome,
          ),
        );
      expect(unread).toEqual([]);
    },
  );
});
