/** Stage: what the steps of the story have at hand. */
import { join } from 'node:path';
import type { Snapshot } from '../../aws/core/world.ts';
import type { SimulatedAws } from '../../aws/aws.ts';
import { AccountShell } from '../account-shell.ts';
import { REGION, type AccountName } from '../cast.ts';
import type { Endpoints } from '../endpoints.ts';
import { GraphqlUsers } from './graphql.ts';
import { Kubectl } from './kubectl.ts';
import { Reader } from './reader.ts';

/** What is told, wherever it runs. */
export interface Installed {
  readonly aws: SimulatedAws;
  readonly endpoints: Pick<Endpoints, 'kubectl' | 'kubeconfig' | 'aws' | 'graphql' | 'oidc' | 'web'>;
}

export class Stage {
  readonly aws: SimulatedAws;
  readonly kubectl: Kubectl;
  readonly graphql: GraphqlUsers;
  readonly accounts: AccountShell;
  readonly signal: AbortSignal;
  /** Address of the web UI. */
  readonly web: string;
  /** The accounts before anything was linked. */
  readonly before: Snapshot;
  readonly #readers = new Map<string, Promise<Reader>>();

  constructor({ aws, endpoints }: Installed, folder: string, signal: AbortSignal) {
    this.aws = aws;
    this.signal = signal;
    this.web = endpoints.web;
    this.before = aws.world.snapshot();
    this.accounts = new AccountShell(endpoints, folder, signal);
    this.graphql = new GraphqlUsers(endpoints, signal);
    const { kubectl: program, kubeconfig } = endpoints;
    this.kubectl = new Kubectl({ program, kubeconfig, cache: join(folder, 'kubectl-cache'), signal });
  }

  /** One session per role for the whole story: what a grant or its end changes, it changes for sessions that are open. */
  reader(account: AccountName, role: string): Promise<Reader> {
    const key = `${account}/${role}`;
    let reader = this.#readers.get(key);
    if (reader === undefined) this.#readers.set(key, (reader = Reader.assume(this.aws, account, role, this.signal)));
    return reader;
  }

  administratorAsReader(account: AccountName): Reader {
    return new Reader(this.administrator(account), this.signal);
  }

  /** For SDK clients of an account's administrator. */
  administrator(account: AccountName) {
    return this.aws.clientConfig(account, REGION);
  }
}
