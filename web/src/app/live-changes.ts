// What the gateway tells this tab of changes, for whatever is shown in it: one stream, while somebody looks.

import type { ChangesSubscription } from './operations.ts';
import { interruptions } from './session.ts';

export type Change = ChangesSubscription['changes']['objects'][number];

/** Undefined: everything may have changed. */
export type News = readonly Change[] | undefined;

/** `Waiting` for the first answer; `TooMany`: the person has as many streams as the gateway gives one. */
export type LiveState = 'Waiting' | 'Live' | 'Reconnecting' | 'TooMany';

/** What keeps a stream, made anew where it breaks, until the signal aborts. */
export type KeepStream = (told: Told, signal: AbortSignal) => void;

export interface Told {
  readonly news: (news: News) => void;
  readonly state: (state: LiveState) => void;
  /** Nobody is signed in any more. */
  readonly ended: () => void;
}

/** While nobody tells of changes, everything is asked for again after so long. */
const LOOK_MS = 10_000;

export class LiveChanges {
  readonly #keepStream: KeepStream;
  readonly #listeners = new Set<(news: News) => void>();
  readonly #stateListeners = new Set<() => void>();
  #state: LiveState = 'Waiting';
  #stream: AbortController | undefined;
  #stopLooking: (() => void) | undefined;

  constructor(keepStream: KeepStream) {
    this.#keepStream = keepStream;
  }

  readonly state = (): LiveState => this.#state;

  /** @returns ends that */
  readonly onState = (listener: () => void): (() => void) => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  /** Calls the listener with what has changed. @returns ends that */
  readonly on = (listener: (news: News) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens the stream, or another in place of the one that is there: its first answer is that everything may have changed. */
  readonly open = (): void => {
    this.close();
    const stream = new AbortController();
    this.#stream = stream;
    this.#lookMeanwhile();
    this.#keepStream(
      {
        news: (news) => {
          if (stream.signal.aborted) return;
          this.#become('Live');
          this.#tell(news);
        },
        state: (state) => {
          if (!stream.signal.aborted) this.#become(state);
        },
        ended: () => {
          this.close();
          interruptions.begin({ kind: 'Ended' });
        },
      },
      stream.signal,
    );
  };

  readonly close = (): void => {
    this.#stream?.abort();
    this.#stream = undefined;
    this.#stopLooking?.();
  };

  #become(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }

  #lookMeanwhile(): void {
    this.#stopLooking?.();
    const timer = globalThis.setInterval(() => {
      if (this.#state !== 'Live') this.#tell(undefined);
    }, LOOK_MS);
    this.#stopLooking = () => globalThis.clearInterval(timer);
  }
}

/** Of this tab. The client of streams comes after the first page. */
export const liveChanges = new LiveChanges((told, signal) => {
  void import('./change-stream.ts').then(
    ({ keepStream }) => keepStream(told, signal),
    () => told.state('Reconnecting'),
  );
});

/** Keeps the stream open while the tab is looked at, until the session ends. @returns ends that */
export function watchWhileVisible(changes: LiveChanges): () => void {
  const follow = (): void => {
    if (document.visibilityState === 'visible' && interruptions.current()?.kind !== 'Ended') changes.open();
    else changes.close();
  };
  const closeAtEnd = (): void => {
    if (interruptions.current()?.kind === 'Ended') changes.close();
  };
  follow();
  document.addEventListener('visibilitychange', follow);
  // After a sleep or a change of networks, a connection may be dead without a word.
  globalThis.addEventListener('online', follow);
  const unsubscribe = interruptions.subscribe(closeAtEnd);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    globalThis.removeEventListener('online', follow);
    unsubscribe();
    changes.close();
  };
}
