// What every command has: the cluster it works in, how it writes, with which code it ends.

import { Command, Option } from '@commander-js/extra-typings';
import type { KubeApi } from '../kernel/client/kube-api.ts';
import type { AskGateway } from './gateway.ts';
import { kindNames, kindNamed } from './object-reference.ts';
import type { ExitName } from './exit-codes.ts';

/** The cluster that a command works in, as the person at the shell. */
export interface Cluster {
  readonly api: KubeApi;
  /** For names without one. */
  readonly namespace: string;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

export interface ClusterOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
}

/** What a command has of the world. */
export interface Surroundings {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** @throws CommandError `unreachable` */
  readonly connect: (options: ClusterOptions) => Promise<Cluster>;
  /** Asks the gateway. */
  readonly ask: AskGateway;
  /** Variables of the process. */
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
  /** Ends a command that watches. */
  readonly interrupted: AbortSignal;
}

/** With which code the process will end; a command that says nothing ends well. */
export type End = (exit: ExitName) => void;

/** Options of the whole program are taken before and after the name of a command. */
export const createRoot = () =>
  new Command('dataall')
    .description(
      'Data sharing between AWS accounts, from the shell: why something is as it is, who can read what, and what to do.',
    )
    .option('--kubeconfig <file>', 'the cluster; else $KUBECONFIG, else ~/.kube/config')
    .option('--context <name>', 'a context of it; else its current one')
    .option('-n, --namespace <name>', 'for names without one; else the namespace of the context')
    .addOption(
      new Option('-o, --output <format>', 'how the answer is written').choices(['text', 'json']).default('text'),
    );

export type Root = ReturnType<typeof createRoot>;

export const REFERENCE = `<kind>/<name> or <kind>/<namespace>/<name>; kinds: ${kindNames
  .map((name) => kindNamed[name].singular)
  .join(', ')}, their plurals and short names`;

/** One line of JSON, so that what is watched is one object a line. */
export const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
