// What every status has, and the pieces that several kinds show.

import { z } from 'zod';
import { MAX_REQUESTED_AT } from './annotations.ts';
import { prose } from './fields.ts';
import { count, list, text, time } from './schema.ts';

/** Item and event messages are cut to this, so that 500 items fit an object (api.md, Status size). */
export const MAX_MESSAGE = 256;

/** As metav1.Condition: https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go */
const condition = z.object({
  type: text({ max: 64 }).describe('What is judged, e.g. Ready.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  reason: text({ max: 64 }).describe('One word for why; docs/ lists every reason.'),
  message: text({ max: 4096, min: 0 }).describe('A sentence for people: what is wrong and what to do next.'),
  lastTransitionTime: time().describe('When `status` last changed, RFC 3339.'),
  observedGeneration: z.int().min(0).describe('The generation of the spec that was judged.'),
});

export type Condition = z.output<typeof condition>;

/** Spread into every kind's status. */
export const commonStatus = {
  observedGeneration: z
    .int()
    .min(-1)
    .describe('The generation that was last processed, even if to failure; -1 before the first time.'),
  conditions: list(condition, { max: 16 }).optional().describe('The state in the words of Kubernetes conditions.'),
  lastHandledAt: text({ max: MAX_REQUESTED_AT })
    .optional()
    .describe('The value of annotation dataall.io/requested-at that was last acted on.'),
};

/** Who uses an object; a DELETE is refused while there is anyone. */
export const usage = {
  inUse: count().optional().describe('How many objects use this one. While above 0, deleting it is refused.'),
  usedBy: list(text({ max: 320 }), { max: 10 })
    .optional()
    .describe(
      'The first of those that use it, as `Kind namespace/name`; shown when a deletion is refused. Not there where not everybody who sees this object may see them.',
    ),
};

/** An IAM principal with the id that tells it from a re-created one of the same name. */
export const iamIdentity = z.object({
  arn: text({ max: 640 }).describe('ARN of the role or user.'),
  id: text({ max: 128 })
    .optional()
    .describe('Unique id (AROA... or AIDA...) that a re-created role of the same name does not have.'),
});

/** A CloudFormation stack and the end of its history. */
export const stack = z.object({
  name: text({ max: 128 }).describe('Name of the stack.'),
  arn: text({ max: 512 }).optional().describe('ARN of the stack.'),
  status: text({ max: 64 }).optional().describe('As CloudFormation says, e.g. CREATE_COMPLETE.'),
  reason: prose(1024).optional().describe('Why it is in that state, as CloudFormation says.'),
  templateHash: text({ max: 64 })
    .optional()
    .describe('SHA-256 (hex) of the template and parameters last deployed; equal means nothing to deploy.'),
  changeSet: text({ max: 512 }).optional().describe('ARN of the change set in progress.'),
  updatedAt: time().optional().describe('When the status last changed.'),
  events: list(
    z.object({
      time: time().describe('When it happened.'),
      resource: text({ max: 255 }).describe('Logical id of the resource in the template.'),
      type: text({ max: 255 }).optional().describe('Resource type, e.g. AWS::S3::Bucket.'),
      status: text({ max: 64 }).describe('As CloudFormation says, e.g. CREATE_FAILED.'),
      reason: text({ max: MAX_MESSAGE, min: 0 }).optional().describe('Why, as CloudFormation says.'),
    }),
    { max: 20 },
  )
    .optional()
    .describe('The last events, newest first.'),
});

export type StackStatus = z.output<typeof stack>;
