// Where the gateway's PostgreSQL is.

import { z } from 'zod';

export const databaseSettings = z.strictObject({
  /** `postgres://user:password@host:port/name?sslmode=verify-full`; unset: the environment variable DATABASE_URL. */
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is written like postgres://user:password@host:5432/name')
    .optional()
    .transform((url, context) => {
      const found = url ?? process.env['DATABASE_URL'];
      if (found !== undefined) return found;
      context.addIssue({
        code: 'custom',
        message: 'is missing: say it here, or in the environment variable DATABASE_URL',
      });
      return z.NEVER;
    }),
  /** Connections of one process at most. */
  connections: z.int().min(2).max(200).default(10),
  /** A statement that takes longer is given up, in milliseconds. */
  statementTimeoutMs: z.int().min(100).default(10_000),
});
