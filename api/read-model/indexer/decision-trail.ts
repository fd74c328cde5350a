// Every version of a ShareApproval that the API server tells of, for the history: rows show the last of several edits, an auditor wants each.

import type { Logger } from 'pino';
import type { KubeApi } from '../../../operator/kernel/client/kube-api.ts';
import type { Clock } from '../../../operator/kernel/clock.ts';
import { type ShareApproval, shareApprovalKind } from '../../../operator/resources/share-approval.ts';
import type { Database } from '../database.ts';
import { recordConsent } from '../history/consent-events.ts';
import type { IndexedChange } from './indexed-stores.ts';

/** That wait while the database does not answer. */
const MOST = 10_000;
const BATCH = 500;
/** The API server tells what it remembers at once, once it has answered: when it has been silent for so long, that was it. */
const ANSWER_MS = 2_000;
const SILENT_MS = 500;
const LONGEST_SECONDS = 10;

interface DecisionTrailOptions {
  readonly api: KubeApi;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

export class DecisionTrail {
  readonly #options: DecisionTrailOptions;
  #waiting: ShareApproval[] = [];

  constructor(options: DecisionTrailOptions) {
    this.#options = options;
  }

  /** Of an approval, in the order in which they happened. */
  saw(change: IndexedChange): void {
    if (change.type === 'deleted') return;
    if (change.type === 'updated' && change.old.metadata.generation === change.object.metadata.generation) return;
    this.#add(change.object as unknown as ShareApproval);
  }

  /** What was decided while nobody followed, as far as the API server remembers: some minutes. What it does not is told of in the log. */
  async catchUp(signal: AbortSignal): Promise<void> {
    const { api, database, clock, log } = this.#options;
    const known = await database
      .selectFrom('indexed_kind')
      .select('resource_version')
      .where('table_name', '=', 'share_approval')
      .executeTakeFirst();
    if (known === undefined) return;
    const end = new AbortController();
    const until = AbortSignal.any([signal, end.signal]);
    const from = { resourceVersion: known.resource_version, timeoutSeconds: LONGEST_SECONDS, signal: until };
    const missed: ShareApproval[] = [];
    let cancel = clock.after(ANSWER_MS, () => end.abort());
    try {
      for await (const event of api.watch(shareApprovalKind, from)) {
        cancel();
        cancel = clock.after(SILENT_MS, () => end.abort());
        if (event.type === 'ADDED' || event.type === 'MODIFIED') missed.push(event.object);
      }
    } catch (error) {
      if (!until.aborted)
        log.warn(
          { err: error, since: known.resource_version },
          'decisions between two indexers may be missing in the history',
        );
    } finally {
      cancel();
      // Before what the list has shown since.
      this.#waiting.unshift(...missed);
    }
  }

  /** Before the rows that show the last of them. */
  async write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.slice(0, BATCH);
      await this.#options.database.transaction().execute(async (writing) => recordConsent(writing, some));
      this.#waiting = this.#waiting.slice(some.length);
    }
  }

  #add(approval: ShareApproval): void {
    if (this.#waiting.length < MOST) this.#waiting.push(approval);
    else if (this.#waiting.length === MOST)
      this.#options.log.error('too many decisions wait to be recorded: some are not');
  }
}
