// What somebody needs who links an AWS account to an organization.

import { z } from 'zod';
import { verbs } from '../../resources/annotations.ts';
import { defineRoute } from './route.ts';

const account = z.string().regex(/^[0-9]{12}$/, 'is an AWS account id, 12 digits');

export const linkRoute = defineRoute({
  name: 'link',
  method: 'GET',
  on: ['organizations'],
  verb: verbs.link,
  input: z
    .strictObject({
      account: account.optional(),
      region: z
        .string()
        .regex(/^[a-z]{2,4}(-[a-z]+)+-[0-9]$/, 'is an AWS region, e.g. eu-west-1')
        .optional(),
      /** Group that will own the Environment, without the installation's prefix. The user is in it, or may act for it. */
      owner: z.string().min(1).max(128).optional(),
      mode: z.enum(['Managed', 'Existing']).optional(),
      pivotRoleName: z
        .string()
        .regex(/^[A-Za-z0-9_+=,.@-]{1,64}$/, 'is the name of a role')
        .optional(),
      resourcePrefix: z
        .string()
        .max(20)
        .regex(/^[a-z]([a-z-]*[a-z])?$/, 'is lowercase letters and hyphens')
        .default('dataall'),
    })
    .refine(
      ({ account, region, owner }) =>
        (account === undefined) === (region === undefined) && (account === undefined) === (owner === undefined),
      'name account, region and owner together, or none of them',
    ),
  answer: z.object({
    /** Account of the operator, which the linked one trusts. */
    hubAccountId: account,
    /** IAM role or user of the operator there. */
    operatorName: z.string(),
    mode: z.enum(['Managed', 'Existing']),
    pivotRoleName: z.string(),
    /** SSM parameter that holds the account's consent, with mode Managed. */
    consentParameter: z.string(),
    /** Of organization, owner and account; an identifier, not a secret. Only where these are named, as the next. */
    externalId: z.string().optional(),
    /** What an administrator of the account runs. */
    command: z.string().optional(),
  }),
});
