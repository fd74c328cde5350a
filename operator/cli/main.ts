// `dataall`, also `kubectl dataall`: the process of the command line.

import { userCluster } from '../kernel/client/credentials.ts';
import { HttpKubeApi } from '../kernel/client/http-kube-api.ts';
import type { Cluster, ClusterOptions } from './command.ts';
import { CommandError } from './exit-codes.ts';
import { askOverHttp } from './gateway.ts';
import { runCommand } from './program.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

process.exitCode = await runCommand(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  connect,
  ask: askOverHttp,
  environment: process.env,
  now: () => new Date(),
  interrupted: interrupt.signal,
});

async function connect({ kubeconfig, context, namespace }: ClusterOptions): Promise<Cluster> {
  const cluster = await userCluster(kubeconfig, context).catch((error: unknown) => {
    // The first line only: a parser's next ones quote the file, which holds secrets.
    throw new CommandError('unreachable', `the kubeconfig cannot be used: ${String(error).split('\n')[0]}`);
  });
  if (cluster === undefined)
    throw new CommandError('unreachable', 'no cluster: name a kubeconfig with --kubeconfig, or in KUBECONFIG');
  const api = new HttpKubeApi({ credentials: cluster.credentials, userAgent: 'dataall-cli' });
  return {
    api,
    namespace: namespace ?? cluster.namespace ?? 'default',
    [Symbol.asyncDispose]: async () => await api.close(),
  };
}
