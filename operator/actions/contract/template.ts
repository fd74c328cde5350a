// What an administrator of an AWS account deploys there by hand.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

export const templates = ['pivot-role', 'execution-policy'] as const;

/** The text of a CloudFormation template, for who may link accounts to the organization. */
export const templateRoute = defineRoute({
  name: 'template',
  method: 'GET',
  on: ['organizations'],
  verb: verbs.link,
  input: z.strictObject({ template: z.enum(templates) }),
  answer: z.object({
    /** For a download. */
    fileName: z.string(),
    /** CloudFormation, as JSON. */
    text: z.string(),
  }),
});
