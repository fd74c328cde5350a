// How the gateway listens, and how much it takes.

import { z } from 'zod';
import { subscriptionSettings } from '../live/settings.ts';

const cidr = z.union([z.cidrv4(), z.cidrv6()]);

export const serverSettings = z.strictObject({
  /** Address and port; 0 is any free port. */
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(8443),
  /** PEM files; without them plain HTTP, for behind an ingress that ends TLS. */
  tls: z.strictObject({ certFile: z.string(), keyFile: z.string() }).optional(),
  /** Proxies whose X-Forwarded-For is believed. */
  trustedProxies: z.array(cidr).default([]),
  /** From where the gateway may be reached; none: from anywhere. */
  allowedCidrs: z.array(cidr).default([]),
  limits: z
    .strictObject({
      bodyBytes: z.int().min(1_024).default(1_048_576),
      depth: z.int().min(1).default(10),
      aliases: z.int().min(0).default(15),
      tokens: z.int().min(1).default(1_000),
      complexity: z.int().min(1).default(20_000),
      /** Requests in a minute, of all gateways together, by one person and from one address. */
      rate: z
        .strictObject({ user: z.int().min(1).default(1_200), address: z.int().min(1).default(6_000) })
        .prefault({}),
      /** Requests of one person under way at once, in one gateway, until they have read the answer; further ones wait for those. */
      atOnce: z.int().min(1).default(8),
      /** How long one request may take, in milliseconds. */
      requestMs: z.int().min(100).default(30_000),
      /** An answer of which nothing is read for so long is cut off, in milliseconds: until then it is kept. */
      unreadMs: z.int().min(100).default(30_000),
    })
    .prefault({}),
  subscriptions: subscriptionSettings.prefault({}),
  /** Whether clients may ask for the schema; off in production. */
  introspection: z.boolean().default(false),
});

export type ServerSettings = z.output<typeof serverSettings>;
