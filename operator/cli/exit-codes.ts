// With what the command line ends, so that scripts can tell one end from another. Documented in docs/cli.md, and kept stable.

/** Codes and what each means, in the order in which docs/cli.md lists them. */
export const EXIT_CODES = {
  good: { code: 0, meaning: 'All is as it should be, or what was asked is done.' },
  failed: { code: 1, meaning: 'Something went wrong that no other code names; the message says what.' },
  usage: { code: 2, meaning: 'The command line is wrong; nothing was done.' },
  waits: {
    code: 3,
    meaning: 'Not yet: work goes on, or a decision is waited for, and there is nothing to do but wait.',
  },
  stuck: { code: 4, meaning: 'Nothing more happens until somebody does something; the output names it.' },
  notFound: { code: 5, meaning: 'What the command names does not exist.' },
  forbidden: { code: 6, meaning: 'You may not see or do that.' },
  unreachable: { code: 7, meaning: 'The cluster or the gateway does not answer, or the kubeconfig names none.' },
  timeout: { code: 8, meaning: 'What was waited for did not come in time.' },
} as const;

export type ExitName = keyof typeof EXIT_CODES;

/** For people: `message` is all there is to say, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: ExitName;

  constructor(exit: ExitName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}
