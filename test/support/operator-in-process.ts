// The operator in this process, as its ServiceAccount in a real API server, and with the simulated AWS.
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import type { AwsOptions } from '../../operator/aws/account.ts';
import { readConfig, type InstallationConfigInput } from '../../operator/config.ts';
import type { Credentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { createOperator, type Operator } from '../../operator/operator.ts';

export const REGION = 'eu-west-1';

interface RunningOperator extends AsyncDisposable {
  readonly operator: Operator;
}

export const startOperator = (
  aws: SimulatedAws,
  credentials: Credentials,
  config: Partial<InstallationConfigInput> = {},
  rateLimits?: AwsOptions['rateLimits'],
): RunningOperator => {
  const { hub } = aws.accounts;
  if (hub === undefined) throw new Error('the simulator has no account named hub');
  const api = new HttpKubeApi({ credentials });
  const quiet = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const operator = createOperator({
    config: readConfig({ aws: { hub: { accountId: hub.id, region: REGION } }, ...config }),
    api,
    log: quiet,
    audit: quiet,
    registry: new Registry(),
    identity: 'test',
    aws: {
      requestHandler: aws.requestHandler,
      credentials: { accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey },
      ...(rateLimits !== undefined && { rateLimits }),
    },
  });
  const end = new AbortController();
  const running = operator.run(end.signal);
  return {
    operator,
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await running;
      await api.close();
    },
  };
};
