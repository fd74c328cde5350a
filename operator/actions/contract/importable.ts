// What an account has that could be imported as a dataset, and what stands against an import before anybody asks for it.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

/** Names of one answer. */
export const MAX_NAMES = 50;

export const importableKinds = ['Bucket', 'Key', 'Database'] as const;

export type ImportableKind = (typeof importableKinds)[number];

/** Names in the account and region of an environment, for who may import whatever is there. */
export const importableRoute = defineRoute({
  name: 'importable',
  method: 'GET',
  on: ['environments'],
  verb: verbs.import,
  input: z.strictObject({
    kind: z.enum(importableKinds),
    /** Part of the name, in any case. */
    term: z.string().max(128).default(''),
  }),
  answer: z.object({
    /** Of buckets, of databases, or aliases of keys without `alias/`; by name, {@link MAX_NAMES} at most. */
    names: z.array(z.string()),
    /** False where there are more. */
    complete: z.boolean(),
  }),
});

/** Of the Dataset that would be made, for who may make it. */
export const importCheckRoute = defineRoute({
  name: 'import-check',
  method: 'GET',
  on: ['datasets'],
  verb: 'create',
  input: z.strictObject({
    /** Group, without the installation's prefix. */
    owner: z.string().min(1).max(128),
    bucket: z.string().min(1).max(63),
    /** Without `alias/`. */
    kmsAlias: z.string().min(1).max(256).optional(),
    database: z.string().min(1).max(255).optional(),
  }),
  answer: z.object({
    /** What the Dataset would say instead of becoming ready: of its storage, and of its catalog; empty where nothing is in the way. */
    problems: z.array(
      z.object({
        part: z.enum(['Storage', 'Catalog']),
        /** As the condition Ready would have it. */
        reason: z.string(),
        message: z.string(),
      }),
    ),
  }),
});
