// Where the gateway's PostgreSQL is.

import { z } from 'zod';

const WRITTEN = 'is written like postgres://user:password@host:5432/name';
const isUrl = (text: string): boolean => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

export const databaseSettings = z.strictObject({
  /** `postgres://user:password@host:port/name?sslmode=verify-full`; unset: the environment variable DATABASE_URL. */
  url: z
    .string()
    .refine(isUrl, WRITTEN)
    .optional()
    .transform((url, context) => {
      const found = url ?? process.env['DATABASE_URL'];
      if (found !== undefined && isUrl(found)) return found;
      const message =
        found === undefined
          ? 'is missing: say it here, or in the environment variable DATABASE_URL'
          : `as the environment variable DATABASE_URL has it: ${WRITTEN}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  /** Connections of one process at most. */
  connections: z.int().min(2).max(200).default(10),
  /** A statement that takes longer is given up, in milliseconds. */
  statementTimeoutMs: z.int().min(100).default(10_000),
});
