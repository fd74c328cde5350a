// What is asked of the gateway: what happened is in its database, and in no object.

import { readFileSync } from 'node:fs';
import { CommandError, type ExitName } from './exit-codes.ts';

export interface Gateway {
  /** Of the gateway, e.g. `https://data.example.com`. */
  readonly url: string;
  /** Of the identity provider; never shown. */
  readonly token: string;
}

/** As GraphQL over HTTP answers; each error with its class of docs/graphql.md. */
export interface GatewayAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly code?: string | undefined }[] | undefined;
}

export type AskGateway = (gateway: Gateway, query: string, variables: object) => Promise<GatewayAnswer>;

export interface GatewayOptions {
  readonly gateway?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/**
 * Of the options, else of DATAALL_GATEWAY and DATAALL_TOKEN. A token is taken from no argument, which others could read in a list of processes.
 *
 * @throws CommandError `usage`
 */
export function gatewayOf({ gateway, tokenFile }: GatewayOptions, environment: NodeJS.ProcessEnv): Gateway {
  const url = gateway ?? environment['DATAALL_GATEWAY'];
  if (url === undefined) throw new CommandError('usage', 'name the gateway with --gateway, or in DATAALL_GATEWAY');
  if (!URL.canParse(url))
    throw new CommandError('usage', `${url} is no address: write it like https://data.example.com`);
  const token = tokenFile === undefined ? environment['DATAALL_TOKEN'] : readToken(tokenFile);
  if (token === undefined || token === '')
    throw new CommandError(
      'usage',
      'a token of the identity provider is needed: in a file named with --token-file, or in DATAALL_TOKEN',
    );
  return { url, token };
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CommandError('usage', `cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

const PATH = '/graphql/api';
const MOST_MS = 60_000;

/** Over HTTP. @throws CommandError `unreachable`, or `forbidden` where the token is not taken */
export const askOverHttp: AskGateway = async ({ url, token }, query, variables) => {
  // Where it is behind something with a path of its own, the whole address is given: data.all's own API has a stage in it.
  const target = url.endsWith(PATH) ? new URL(url) : new URL(PATH, url);
  let response: Response;
  try {
    response = await fetch(target, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(MOST_MS),
      redirect: 'error',
    });
  } catch (error) {
    throw new CommandError('unreachable', `${target.origin} does not answer`, { cause: error });
  }
  if (response.status === 401 || response.status === 403)
    throw new CommandError('forbidden', `${target.origin} does not take the token (${response.status})`);
  try {
    const { data, errors } = (await response.json()) as {
      readonly data?: unknown;
      readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
    };
    return { data, errors: errors?.map(({ message, extensions }) => ({ message, code: extensions?.code })) };
  } catch (error) {
    throw new CommandError('unreachable', `${target.origin} answers no JSON (${response.status})`, { cause: error });
  }
};

/** @throws CommandError for what the gateway refuses, with its words */
export function dataOf<Data>({ data, errors }: GatewayAnswer): Data {
  const [first] = errors ?? [];
  if (first === undefined) return data as Data;
  const exit: ExitName =
    first.code === 'UnauthorizedOperation' ? 'forbidden' : first.code === 'ResourceNotFound' ? 'notFound' : 'failed';
  throw new CommandError(exit, first.message);
}
