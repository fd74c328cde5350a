// Who waits for which change, in this process: what PostgreSQL tells goes to those who follow it, by kind and id.

import { changeOf, type ToldBeside } from '../read-model/changes-channel.ts';

/** Of whose objects rows are made. */
const objectKinds = [
  'Organization',
  'Environment',
  'Team',
  'Dataset',
  'DatasetTable',
  'ConsumptionRole',
  'ShareRequest',
  'ShareApproval',
] as const;

export type ObjectKind = (typeof objectKinds)[number];

/** What can be followed. */
export type ChangingKind = ObjectKind | ToldBeside | 'Any';

/** An object that is not as it was, or what waits for somebody. */
export interface Change {
  readonly kind: ObjectKind | 'Inbox';
  /** Empty for an inbox: everybody has one. */
  readonly uri: string;
}

/** @param change undefined: it is not known what */
type Listener = (change: Change | undefined) => void;

/** Everybody's rights follow from it. */
const DECIDES_ABOUT_ALL = 'Tenant ';
/** Of every object, for who may see all. */
const ANY = changeOf('Any', '');
const SEEN = /^Seen (?<kind>\S+) (?<uri>\S+) (?<group>.+)$/s;

export class Changes {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Calls the listener after each change of it, and whenever it may have changed. @returns ends that */
  on(kind: ChangingKind, id: string, listener: Listener): () => void {
    const change = changeOf(kind, id);
    const listeners = this.#listeners.get(change) ?? new Set();
    this.#listeners.set(change, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(change) === listeners) this.#listeners.delete(change);
    };
  }

  /** @param told as PostgreSQL tells it */
  heard(told: string): void {
    if (told.startsWith(DECIDES_ABOUT_ALL)) return this.everything();
    const { kind: seen, uri = '', group = '' } = SEEN.exec(told)?.groups ?? {};
    if (seen !== undefined) return this.#tell(changeOf('Seen', group), changed(seen, uri));
    const [kind = '', ...id] = told.split(' ');
    const change = changed(kind, id.join(' '));
    this.#tell(told, change);
    if (change !== undefined && change.kind !== 'Inbox') this.#tell(ANY, change);
  }

  /** What has changed is not known: it was not heard for a while. */
  everything(): void {
    for (const listener of new Set([...this.#listeners.values()].flatMap((listeners) => [...listeners])))
      listener(undefined);
  }

  #tell(whom: string, change: Change | undefined): void {
    for (const listener of this.#listeners.get(whom) ?? []) listener(change);
  }
}

function changed(kind: string, uri: string): Change | undefined {
  if (kind === 'Group' || kind === 'User') return { kind: 'Inbox', uri: '' };
  const known = objectKinds.find((one) => one === kind);
  return known && { kind: known, uri };
}
