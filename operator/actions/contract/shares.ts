// Having what is shared looked at in AWS at once, or put right: one request, by who asked for it; or those of a dataset, by who decides about it.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

/** Requests of one answer; `next` goes on. */
export const MAX_SHARES = 200;

const name = z.string().min(1).max(63);
const on = ['sharerequests', 'datasets'] as const;

const input = z.strictObject({
  /** Of a dataset: these requests, instead of all that are decided. */
  requests: z
    .array(z.strictObject({ namespace: name, name }))
    .min(1)
    .max(MAX_SHARES)
    .optional(),
  /** `next` of the answer before. */
  after: z.string().max(128).optional(),
});

const answer = z.object({
  /** What was asked for is done later; the statuses of the requests tell. RFC 3339 */
  requestedAt: z.string(),
  /** How many requests it was asked of. */
  asked: z.int(),
  /** The last of them, as `namespace/name`, where there are more. */
  next: z.string().optional(),
});

/** Reads every document of the share. Differences are treated as always: mended, or reported where its environment says so. */
export const verifyRoute = defineRoute({ name: 'verify', method: 'POST', on, verb: verbs.verify, input, answer });

/** Like annotation dataall.io/requested-at: what is on the asking side's account is put right even where it would only be reported. */
export const reapplyRoute = defineRoute({ name: 'reapply', method: 'POST', on, verb: verbs.reapply, input, answer });
