// What one event costs at AWS: every call of the operator with the document it is for, counted in rounds. All calls that are open at a
// time are answered together, once the operator has no more to ask: so the number of a round is the length of the longest chain of calls
// of which each had to wait for the one before, whatever the machine takes for them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AwsOptions } from '../../operator/aws/account.ts';
import type { AwsCall } from '../../operator/aws/call.ts';

export interface LedgerEntry {
  /** `service:operation`. */
  readonly name: string;
  readonly write: boolean;
  /** The document it is for, or whatever else asked. */
  readonly item: string;
  /** One run of it. */
  readonly run: string;
  /** From 1. */
  readonly round: number;
}

/** Turns of the event loop, and milliseconds, without another call: longer than the operator gathers what comes together. */
const QUIET = { turns: 30, ms: 3 };

export class AwsLedger {
  #entries: LedgerEntry[] = [];
  #open: (() => void)[] = [];
  #calls = 0;
  #round = 0;
  #isTurning = false;

  /** For the operator: sessions are opened before anything is counted. */
  readonly onCall: NonNullable<AwsOptions['onCall']> = async (call, phase, work) => {
    if (phase === 'after') return;
    this.#calls += 1;
    const round = await new Promise<number>((resolve) => {
      this.#open.push(() => resolve(this.#round));
      if (!this.#isTurning) void this.#turn();
    });
    const name = `${call.service}:${call.operation}`;
    if (call.service !== 'sts')
      this.#entries.push({ name, write: isWrite(call), item: work?.item ?? '', run: work?.reconcileId ?? '', round });
  };

  /** Forgets what was counted so far. */
  reset(): void {
    this.#entries = [];
    this.#round = 0;
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  get reads(): readonly LedgerEntry[] {
    return this.#entries.filter(({ write }) => !write);
  }

  get writes(): readonly LedgerEntry[] {
    return this.#entries.filter(({ write }) => write);
  }

  /** Answers round after round until nothing is open. */
  async #turn(): Promise<void> {
    this.#isTurning = true;
    while (this.#open.length > 0) {
      await this.#untilQuiet();
      this.#round += 1;
      for (const answer of this.#open.splice(0)) answer();
    }
    this.#isTurning = false;
  }

  async #untilQuiet(): Promise<void> {
    let seen = -1;
    let since = 0;
    for (let turns = 0; turns < QUIET.turns || performance.now() - since < QUIET.ms; turns += 1) {
      if (seen !== this.#calls) [seen, since, turns] = [this.#calls, performance.now(), 0];
      await nextTurn();
    }
  }
}

const isWrite = ({ write }: AwsCall): boolean => write;
