// What the simulated AWS remembers, and its clock. State is plain data, so that snapshot, restore and diff are structural.

/** Time of the simulated world. Real time by default; a test may advance it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the world's time forward (never back). */
  advance(milliseconds: number): void;
}

/** One difference between two snapshots: the path of the datum and its two values (undefined = absent). */
export interface Difference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** An opaque deep copy of all state. */
export interface Snapshot {
  readonly state: ReadonlyMap<string, unknown>;
}

/** A management event as CloudTrail records it; EventBridge delivers it to rules of the same account and region. */
export interface TrailEvent {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly recipientAccountId: string;
  readonly userIdentity: Readonly<Record<string, unknown>>;
  readonly userAgent: string;
  readonly requestID: string;
  readonly requestParameters: Readonly<Record<string, unknown>>;
  readonly errorCode?: string;
  readonly readOnly: boolean;
}

/** One line of the request log: which principal called what, allowed or why not. */
export interface RequestRecord {
  readonly at: number;
  readonly requestId: string;
  readonly principal: string;
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly operation: string;
  readonly access: 'read' | 'write';
  readonly userAgent: string;
  readonly outcome: 'ok' | 'denied' | 'error' | 'throttled';
  readonly errorCode?: string;
  /** Which statement decided, in words (policy's `explain`). */
  readonly reason?: string;
  /** Bytes-free input, for assertions. */
  readonly input: unknown;
  /** True when another operation made this call (`Call.invoke`). */
  readonly nested: boolean;
}

/** Everything the simulator remembers. Implemented in core/memory-world.ts. */
export interface World {
  readonly clock: Clock;
  /** Seeded; every id and every injected fault comes from here, so a run can be replayed. */
  random(): number;
  /** A fresh id of `length` characters out of A-Z and 2-7, as IAM unique ids use. */
  id(length: number): string;
  /** Account ids known to this world. */
  readonly accounts: ReadonlySet<string>;
  /**
   * State of one service in one account and region (`global` for IAM, S3 bucket names...). Made by `initial` at first use.
   * Must be plain data: objects, arrays, Map, Set, string, number, boolean, Date, Uint8Array.
   */
  state<T extends object>(service: string, account: string, region: string, initial: () => T): T;
  /** Every state of a service that exists: for lookups over accounts (bucket names are global). */
  states<T extends object>(service: string): Iterable<{ account: string; region: string; state: T }>;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  /** Differences between two snapshots, sorted by path. */
  diff(before: Snapshot, after: Snapshot): readonly Difference[];
  readonly log: readonly RequestRecord[];
  clearLog(): void;
  /** Called for every management event, after the operation is done: EventBridge subscribes. */
  onTrail(listener: (event: TrailEvent) => void): void;
}
