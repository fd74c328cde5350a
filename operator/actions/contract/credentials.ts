// Working in AWS as the role of an environment's owner, of a team or of a dataset: keys of a session, or a way into the console.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

/** AWS gives a session that a session made from a quarter of an hour to an hour. */
const durationSeconds = z.int().min(900).max(3_600).default(3_600);
const on = ['environments', 'teams', 'datasets'] as const;

export const credentialsRoute = defineRoute({
  name: 'credentials',
  method: 'POST',
  on,
  verb: verbs.credentials,
  input: z.strictObject({ durationSeconds }),
  answer: z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    /** RFC 3339. A right that ends before it does not end the session. */
    expiration: z.string(),
    roleArn: z.string(),
    region: z.string(),
  }),
});

export const consoleRoute = defineRoute({
  name: 'console',
  method: 'POST',
  on,
  verb: verbs.console,
  input: z.strictObject({ durationSeconds }),
  answer: z.object({
    /** Whoever has it is let in. */
    url: z.url(),
    /** RFC 3339: until when the address lets in; and when the visit ends. */
    validUntil: z.string(),
    expiration: z.string(),
    roleArn: z.string(),
  }),
});
