// How many subscriptions a gateway takes, and how long it keeps them.

import { z } from 'zod';

const milliseconds = (most: number) => z.int().min(10).max(most);

export const subscriptionSettings = z.strictObject({
  /** Streams on this gateway, of everybody and of one person. */
  streams: z.int().min(1).default(2_000),
  streamsPerPerson: z.int().min(1).default(20),
  subscriptionsPerStream: z.int().min(1).default(50),
  /** Subscriptions that are looked at at the same time, of all streams, and of one person half as many: each takes a connection of the database. */
  atOnce: z.int().min(1).default(4),
  /** What changes again within this time is sent once. */
  coalesceMs: milliseconds(60_000).default(200),
  /** A stream without subscriptions ends after this. */
  idleMs: milliseconds(3_600_000).default(300_000),
  /** Every stream ends after this, and its client opens another. */
  maxAgeMs: milliseconds(86_400_000).default(3_600_000),
  /** A client that has not read what it was sent for so long is cut off. */
  stallMs: milliseconds(600_000).default(30_000),
  /** How often it is asked whether whoever opened the stream is still signed in, where nothing changes. */
  recheckMs: milliseconds(3_600_000).default(60_000),
});

export type SubscriptionSettings = z.output<typeof subscriptionSettings>;
