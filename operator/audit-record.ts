// The audit stream: what stands in each line of it. docs/audit.schema.json is made of it, for those who collect them; tests hold what is written against it.

import { z } from 'zod';

/** What pino puts around every line. */
const line = {
  level: z.literal(30),
  time: z.int().describe('Milliseconds since the epoch.'),
  stream: z.literal('audit').describe('Tells it from the log, whose lines have `log`.'),
};

const reason = z.string().describe('One word.');
const message = z.string().describe('In a sentence, with what AWS said.');

const result = z
  .discriminatedUnion('outcome', [
    z.strictObject({ outcome: z.literal('Succeeded') }),
    z.strictObject({
      outcome: z.literal('Refused'),
      reason,
      message,
      grants: z.array(z.string()).describe('Grants that it was for, `<namespace>/<request>/<item>`.'),
    }),
    z.strictObject({ outcome: z.literal('Unfinished'), reason, message }),
  ])
  .describe(
    'How it ended. Refused: AWS does not do it. Unfinished: an error came between, and the next read shows what AWS did all the same.',
  );

export const awsWriteRecord = z
  .strictObject({
    ...line,
    msg: z.literal('aws write'),
    document: z.string().describe('`<kind>:<account>:...`, e.g. `bucket-policy:111111111111:eu-west-1:acme-orders`.'),
    reconcileId: z.string().describe('Stands in the user agent of its calls, which CloudTrail shows.'),
    shares: z.array(z.string()).describe('Requests that it serves, `<namespace>/<name>`.'),
    ended: z.array(z.string()).describe('Requests that the document served and serves no longer.'),
    action: z.unknown().describe('What was written, in the form of its kind of document.'),
    without: z
      .array(z.string())
      .optional()
      .describe('Principals of others that AWS does not know any more, and that were left out.'),
    result,
  })
  .describe('A write to a document in AWS.');

export const actionRecord = z
  .strictObject({
    ...line,
    msg: z.literal('action'),
    action: z.string().describe('E.g. `credentials`.'),
    object: z
      .strictObject({ resource: z.string(), namespace: z.string().optional(), name: z.string() })
      .describe('Of which object.'),
    user: z.string().optional().describe('In whose name; absent where that was not found out.'),
    caller: z.unknown().describe('Who called: the ServiceAccount of the gateway.'),
    requestId: z.string().describe('As in the answer, the log, and the user agent that CloudTrail shows.'),
    result: z.string().describe('`ok`, or the type of the problem.'),
    dryRun: z.string().optional().describe('Was only judged.'),
    roleArn: z.string().optional().describe('Of keys and console visits: of which role.'),
    sessionName: z.string().optional().describe('As CloudTrail shows it.'),
    durationSeconds: z.int().optional(),
    expiration: z.iso.datetime().optional(),
    annotation: z.string().optional().describe('Of verify and reapply: what was annotated.'),
    requestedAt: z.string().optional(),
    asked: z.int().optional().describe('On how many objects.'),
  })
  .describe('A request to the internal API that was answered, or refused.');

/** https://json-schema.org/draft/2020-12 of one line. */
export const auditSchema = (): object =>
  z.toJSONSchema(z.union([awsWriteRecord, actionRecord]).describe('One line of the audit stream of the operator.'));
