// The CloudFormation stack of an environment, a team or a dataset, as it is in AWS at that moment.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

/** Of a stack: CloudFormation allows 500. */
export const MAX_RESOURCES = 500;
/** One page of CloudFormation's. */
export const MAX_EVENTS = 100;

const reason = z.string().optional().describe('As CloudFormation says.');

export const stackRoute = defineRoute({
  name: 'stack',
  method: 'GET',
  on: ['environments', 'teams', 'datasets'],
  verb: verbs.stack,
  input: z.strictObject({ events: z.coerce.number().int().min(0).max(MAX_EVENTS).default(50) }),
  answer: z.object({
    name: z.string(),
    arn: z.string(),
    account: z.string(),
    region: z.string(),
    /** As CloudFormation says, e.g. UPDATE_COMPLETE. */
    status: z.string(),
    reason,
    updatedAt: z.string().optional(),
    outputs: z.record(z.string(), z.string()),
    resources: z.array(
      z.object({
        logicalId: z.string(),
        physicalId: z.string().optional(),
        type: z.string(),
        status: z.string(),
        reason,
        updatedAt: z.string().optional(),
      }),
    ),
    /** The newest first. */
    events: z.array(
      z.object({
        id: z.string(),
        at: z.string(),
        logicalId: z.string(),
        physicalId: z.string().optional(),
        type: z.string(),
        status: z.string(),
        reason,
      }),
    ),
  }),
});
