// Spreads rights over managed policies of limited size so that a change of one right moves no other: each policy that
// moves is a write, and for a moment either a gap or a doubled right.
import type { PolicyDocument, Statement } from './document.ts';
import { Fingerprints } from './fingerprints.ts';
import { toList } from './one-or-many.ts';
import { LIMITS, nonWhiteLength } from './size.ts';

/** A right that stays together in one policy, e.g. reading one bucket: an S3 statement and a KMS statement. */
export interface PackItem {
  /** Stable name of the right; it decides nothing but order among new ones. */
  readonly id: string;
  /** Statements alike in all but Resource share one statement in the policy. Each needs Resource (not NotResource). */
  readonly statements: readonly Statement[];
}

export interface PackOptions {
  /** Where items are now: id -> index of the policy. Taken from what was observed; empty at first. */
  readonly previous: ReadonlyMap<string, number>;
  /** How many policies there may be (the role's attachment quota, less what others attached). Indexes go below it. */
  readonly maxPolicies: number;
  /** Non-white characters a policy may have; default: the limit of managed policies, 6,144. */
  readonly limit?: number;
  /** Makes the Sid of a statement in policy `index`, for names such as `BucketStatementS3<n>`. Default: as it is. */
  readonly sid?: (sid: string, index: number) => string;
}

export interface Packing {
  /** Index -> document, for indexes in use only, ascending. Sizes hold for its compact JSON (JSON.stringify). */
  readonly policies: ReadonlyMap<number, PolicyDocument>;
  /** Id -> index, for all items that were placed. The next call's `previous`. */
  readonly assignment: ReadonlyMap<string, number>;
  readonly unplaced: readonly Unplaced[];
}

/** An item that found no room. Sizes are non-white characters. */
interface Unplaced {
  readonly id: string;
  /** `too-large`: would not even fit an empty policy. `no-room`: every allowed policy is too full for it. */
  readonly reason: 'too-large' | 'no-room';
  /** Size of a policy that holds only this item. */
  readonly size: number;
  readonly limit: number;
  /** The most room left in any policy: what is missing is about `size - room`. */
  readonly room: number;
  readonly maxPolicies: number;
}

/**
 * Places items: first those that have a place stay there, then new ones (by id) go to the first policy with room. Items
 * never move unless their own policy has become too full, which only happens when items themselves grow.
 */
export function packPolicies(items: readonly PackItem[], options: PackOptions): Packing {
  const { previous, maxPolicies, limit = LIMITS.managed.limit, sid = (text: string) => text } = options;
  const bins = new Map<number, Bin>();
  const fingerprints = new Fingerprints();
  const binAt = (index: number): Bin => {
    const bin = bins.get(index) ?? new Bin(limit, (text) => sid(text, index), fingerprints);
    bins.set(index, bin);
    return bin;
  };
  const assignment = new Map<string, number>();
  const place = (item: PackItem, indexes: Iterable<number>): boolean => {
    for (const index of indexes) {
      if (!binAt(index).add(item)) continue;
      assignment.set(item.id, index);
      return true;
    }
    return false;
  };

  const sorted = items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const homeless = sorted.filter((item) => {
    const home = previous.get(item.id);
    return home === undefined || home < 0 || home >= maxPolicies || !place(item, [home]);
  });
  const everywhere = Array.from({ length: maxPolicies }, (_, index) => index);
  const left = homeless.filter((item) => !place(item, everywhere));

  const room = Math.max(0, ...everywhere.map((index) => binAt(index).room));
  const used = [...bins].filter(([, bin]) => !bin.isEmpty).toSorted(([a], [b]) => a - b);
  return {
    policies: new Map(used.map(([index, bin]) => [index, bin.document()])),
    assignment,
    unplaced: left.map(({ id, statements }) => {
      const size = new Bin(limit, (text) => sid(text, 0), fingerprints).sizeWith(statements);
      return { id, reason: size > limit ? 'too-large' : 'no-room', size, limit, room, maxPolicies };
    }),
  };
}

/** One policy being filled. Sizes are kept up to date, so that trying an item costs only its own length. */
class Bin {
  readonly #limit: number;
  readonly #sid: (sid: string) => string;
  readonly #fingerprints: Fingerprints;
  /** Fingerprint without Resource -> the statement without Resource, and its resources. */
  readonly #statements = new Map<string, { readonly right: Statement; readonly resources: Set<string> }>();
  readonly #sids = new Map<string, string>();
  #size = nonWhiteLength(JSON.stringify(policyOf([])));

  constructor(limit: number, sid: (sid: string) => string, fingerprints: Fingerprints) {
    this.#limit = limit;
    this.#sid = sid;
    this.#fingerprints = fingerprints;
  }

  get isEmpty(): boolean {
    return this.#statements.size === 0;
  }

  get room(): number {
    return this.#limit - this.#size;
  }

  /** Adds the item's statements if they fit; false, and nothing changed, if not. */
  add({ statements }: PackItem): boolean {
    const size = this.sizeWith(statements);
    if (size > this.#limit || this.#clashes(statements)) return false;
    for (const { right, key, resources } of statements.map((statement) => this.#split(statement))) {
      const entry = this.#statements.get(key) ?? { right, resources: new Set() };
      for (const resource of resources) entry.resources.add(resource);
      this.#statements.set(key, entry);
      if (right.Sid !== undefined) this.#sids.set(right.Sid, key);
    }
    this.#size = size;
    return true;
  }

  /** The size of the policy with these statements added. */
  sizeWith(statements: readonly Statement[]): number {
    let size = this.#size;
    const added = new Map<string, Set<string>>();
    for (const { right, key, resources } of statements.map((statement) => this.#split(statement))) {
      const before = this.#statements.get(key)?.resources;
      const now = added.get(key) ?? new Set(before);
      if (before === undefined && !added.has(key)) {
        const isFirst = this.isEmpty && added.size === 0;
        size += nonWhiteLength(JSON.stringify({ ...right, Resource: [] })) + (isFirst ? 0 : COMMA);
      }
      for (const resource of resources) {
        if (now.has(resource)) continue;
        size += nonWhiteLength(JSON.stringify(resource)) + (now.size === 0 ? 0 : COMMA);
        now.add(resource);
      }
      added.set(key, now);
    }
    return size;
  }

  document(): PolicyDocument {
    const entries = [...this.#statements].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
    return policyOf(entries.map(({ right, resources }) => ({ ...right, Resource: [...resources].toSorted() })));
  }

  #split({ Resource, ...statement }: Statement) {
    const { Sid } = statement;
    const right = Sid === undefined ? statement : { ...statement, Sid: this.#sid(Sid) };
    return { right, key: this.#fingerprints.of(right), resources: toList(Resource) };
  }

  /** A Sid stands for one statement of a policy: the same Sid on another right cannot live here. */
  #clashes(statements: readonly Statement[]): boolean {
    const sids = new Map(this.#sids);
    return statements.some((statement) => {
      const { right, key } = this.#split(statement);
      if (right.Sid === undefined) return false;
      const owner = sids.get(right.Sid) ?? key;
      sids.set(right.Sid, owner);
      return owner !== key;
    });
  }
}

const COMMA = 1;

const policyOf = (statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
