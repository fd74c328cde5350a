// Where the operator's internal API is: through it goes everything that needs AWS.

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const isLoopback = ({ hostname }: URL): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

export const operatorSettings = z.strictObject({
  /** E.g. `https://dataall-operator-actions.dataall-system.svc:8444`. Tokens and credentials travel there. */
  url: z.url({ protocol: /^https?$/ }).refine((text) => {
    const url = new URL(text);
    return url.protocol === 'https:' || isLoopback(url);
  }, 'is https, or http on this machine (localhost) only'),
  /** PEM of the authority that signs its certificate, where that is none that everybody knows. Read once. */
  ca: z
    .strictObject({ file: z.string().min(1) })
    .transform(({ file }, context) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        context.addIssue({ code: 'custom', message: `cannot read ${file}` });
        return z.NEVER;
      }
    })
    .optional(),
  /** Of the gateway's ServiceAccount, made for audience `dataall-actions`; read again for each request, as it is renewed. */
  tokenFile: z.string().min(1).default('/var/run/secrets/dataall/actions/token'),
  /** How long an answer may take, in milliseconds: what is asked of AWS takes seconds. */
  timeoutMs: z.int().min(100).default(25_000),
});

export type OperatorSettings = z.output<typeof operatorSettings>;
