// The work that a document takes grows with its grants and with what AWS shows, not with the product of the two; and it is done in pieces.
import { expect, it } from 'vitest';
import { countingReads } from '../testing/counted-reads.ts';
import { fullDocuments, largeDocuments, type Measure } from '../testing/large-documents.ts';

/** Between two turns of the event loop, as in a run of a document. */
const GRANTS_A_TURN = 500;

/** How often one look at a document reads anything of what is claimed and observed, turn by turn. */
const effortsOf =
  (told: (efforts: readonly number[]) => number): Measure =>
  (type, key, claims, observed) => {
    let reads = 0;
    const efforts: number[] = [];
    const [wanted, found] = countingReads([claims, observed] as const, () => {
      reads += 1;
    });
    const close = (): void => {
      efforts.push(reads);
      reads = 0;
    };
    let size = 0;
    for (const piece of type.prepare?.(key, wanted, found) ?? []) {
      size += piece;
      if (size < GRANTS_A_TURN) continue;
      size = 0;
      close();
    }
    close();
    for (const step of [
      () => type.plan(key, wanted, found),
      () => type.judge(key, wanted, found),
      () => type.isClean(key, wanted, found),
      () => type.outputs?.(key, wanted, found),
      () => type.ownReading?.(key, wanted, found),
      () => type.discover?.(key, wanted, found),
    ]) {
      step();
      close();
    }
    return told(efforts);
  };

const whole = effortsOf((efforts) => efforts.reduce((sum, effort) => sum + effort, 0));
const longest = effortsOf((efforts) => Math.max(...efforts));

it.each(Object.entries({ ...largeDocuments, ...fullDocuments }))(
  'the plan and the verdicts of %s take twice the work for twice the grants',
  (_what, document) => {
    expect(document(whole, 400)).toBeLessThan(2.5 * document(whole, 200));
  },
);

it.each(Object.entries(largeDocuments))(
  'the longest piece of work for %s is no longer where there are twice the grants',
  (_what, document) => {
    expect(document(longest, 2_000)).toBeLessThan(1.1 * document(longest, 1_000));
  },
);
