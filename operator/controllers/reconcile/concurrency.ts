// How controllers that ask AWS share their workers among accounts: each run waits for its account, and accounts can be slow.
import { parseDocumentKey } from '../../access/document-key.ts';
import type { ControllerDefinition } from '../../kernel/runtime/reconciler.ts';

type Concurrency = Pick<ControllerDefinition, 'maxConcurrentReconciles' | 'concurrencyGroups'>;

/** Milliseconds that a run takes of the process at most, wherever it waits: a flood delays its own team. */
const SPACING_MS = 50;

/**
 * For keys `namespace/name` of work that asks AWS nothing: every team has its turn. A run waits for the API server, and for as long as it
 * takes there for what is large: three times `maxConcurrent`, which access that ends may take, is less than all.
 */
export const perTeam: Concurrency = {
  maxConcurrentReconciles: 16,
  concurrencyGroups: { groupOf: (key) => key.split('/', 1)[0] ?? '', maxConcurrent: 2, spacing: SPACING_MS },
};

/** For keys `namespace/name`: an environment whose account is throttled or does not answer leaves enough workers to the others. */
export const perEnvironment: Concurrency = {
  maxConcurrentReconciles: 16,
  concurrencyGroups: { groupOf: (key) => key.split('/', 1)[0] ?? '', maxConcurrent: 2, spacing: SPACING_MS },
};

/** For keys of documents: an account that AWS throttles leaves enough workers to the others. */
export const perAccount: Concurrency = {
  maxConcurrentReconciles: 64,
  concurrencyGroups: { groupOf: (text) => parseDocumentKey(text).account, maxConcurrent: 4, spacing: SPACING_MS },
};

/** For keys that are environments: each has one run at most, so that only many slow accounts at once keep the others waiting. */
export const onePerKey: Concurrency = { maxConcurrentReconciles: 64 };
