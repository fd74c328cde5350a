// Carries connections between ports of this network namespace and sockets in the file system, which all namespaces share: a pod's only
// ways in and out. usage: forward.ts RULES, in JSON as below. Prints "ready"; ends with its standard input.
import { createServer } from 'node:net';
import { carryTo, listening } from './carry.ts';

export interface ForwardRules {
  /** `<address>:<port>` here -> socket of somebody else. */
  readonly out: Readonly<Record<string, string>>;
  /** Socket for others -> port on 127.0.0.1 here. */
  readonly in: Readonly<Record<string, number>>;
}

const rules = JSON.parse(process.argv[2] ?? '{}') as ForwardRules;
for (const [address, path] of Object.entries(rules.out)) {
  const [host = '', port = ''] = address.split(':');
  await listening(createServer(carryTo({ path })), { port: Number(port), host });
}
for (const [path, port] of Object.entries(rules.in))
  await listening(createServer(carryTo({ port, host: '127.0.0.1' })), { path });
process.stdin.resume().once('close', () => process.exit());
process.stdout.write('ready\n');
