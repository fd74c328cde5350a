// Where the catalogue is searched.

import { z } from 'zod';

const auth = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  /** The password is read from the environment variable OPENSEARCH_PASSWORD. */
  z.strictObject({ type: z.literal('basic'), user: z.string().min(1) }),
  /** As the gateway's own role; `aoss` for OpenSearch Serverless. */
  z.strictObject({ type: z.literal('aws'), service: z.enum(['es', 'aoss']), region: z.string().min(1) }),
]);

const opensearch = z.strictObject({
  /** Without user and password: those would come into logs. */
  url: z.url({ protocol: /^https?$/ }).refine((url) => {
    const { username, password } = new URL(url);
    return username === '' && password === '';
  }, 'has a user or password in it: say auth {type: basic, user}, and the password in OPENSEARCH_PASSWORD'),
  auth: auth.default({ type: 'none' }),
  /** After so long a search is answered by PostgreSQL, in milliseconds. */
  timeoutMs: z.int().min(100).max(30_000).default(3_000),
});

export const searchSettings = z.discriminatedUnion('backend', [
  z.strictObject({ backend: z.literal('postgres') }),
  z.strictObject({ backend: z.literal('opensearch'), opensearch }),
]);

export type SearchSettings = z.output<typeof searchSettings>;
export type OpenSearchSettings = z.output<typeof opensearch>;
