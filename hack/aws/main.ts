// The simulator alone: `node hack/aws/main.ts [--port 4566] [--host 127.0.0.1] [--seed 1] [--account name=123456789012]...`
// Prints its endpoint and the administrators' credentials as one line of JSON, and runs until it is told to stop.
import { parseArgs } from 'node:util';
import { startAws, type StartOptions } from './aws.ts';

const USAGE = `usage: node hack/aws/main.ts [--port 4566] [--host 127.0.0.1] [--seed 1] [--account name=123456789012]...`;

/** The port that users of other simulators expect. */
const DEFAULT_PORT = '4566';

class UsageError extends Error {}

const accountsOf = (given: readonly string[]): Record<string, { id: string }> =>
  Object.fromEntries(
    given.map((one) => {
      const match = /^([\w-]+)=(\d{12})$/.exec(one);
      if (match === null) throw new UsageError(`--account wants name=<12 digits>, not ${one}`);
      return [match[1] ?? '', { id: match[2] ?? '' }];
    }),
  );

const wholeNumber = (name: string, text: string): number => {
  if (!/^\d+$/.test(text)) throw new UsageError(`--${name} wants a whole number, not ${text}`);
  return Number(text);
};

const readOptions = (): StartOptions => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      account: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    port: wholeNumber('port', values.port),
    host: values.host,
    seed: wholeNumber('seed', values.seed),
    ...(values.account.length === 0 ? {} : { accounts: accountsOf(values.account) }),
  };
};

const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `${error.message}: choose another --port, or 0 for any that is free`;
  return error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') === true
    ? `${error.message}\n${USAGE}`
    : (error.stack ?? error.message);
};

try {
  const aws = await startAws(readOptions());
  console.log(JSON.stringify({ endpoint: aws.endpoint, accounts: aws.accounts }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void aws.stop());
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
