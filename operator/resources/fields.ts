// The vocabulary of fields: each format once, with its bound, its pattern and the sentence a wrong value is answered with.

import { z } from 'zod';
import type { CelRule } from './kind.ts';
import { readable, readableLine } from './readable-text.ts';
import { keyedList, set, text, withRules } from './schema.ts';

/** A name that can be a namespace or part of a host name: RFC 1123 label. */
export const dnsLabel = (what: string): z.ZodString =>
  text({
    max: 63,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    hint: `${what} is a name of lowercase letters, digits and hyphens, starting and ending with a letter or digit`,
  });

/** The rule that metadata.name is a DNS label (by itself the API server also accepts dots). */
export const nameIsLabel: CelRule = {
  rule: `self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')`,
  message:
    'metadata.name must be lowercase letters, digits and hyphens, at most 63 and without dots: other names are made of it',
};

/**
 * A group of the identity provider, exactly as its tokens spell it (case counts; spaces, `/` and `@` occur).
 * `system:` belongs to Kubernetes and would make its users members of a team.
 */
export const identityGroup = (): z.ZodString =>
  withRules(
    text({
      max: 128,
      pattern: /^[^\s\p{Z}\p{Cc}\p{Cf}]([^\p{Cc}\p{Cf}]*[^\s\p{Z}\p{Cc}\p{Cf}])?$/u,
      hint: 'a group is written exactly as the identity provider spells it: no space at either end, no control or invisible characters',
    }),
    [
      {
        rule: `!self.startsWith('system:')`,
        message: 'groups that start with system: belong to Kubernetes; name a group of your identity provider',
      },
    ],
  );

/** See api.md, Ids: eight characters that AWS names are made of. */
export const resourceId = (): z.ZodString =>
  text({
    max: 8,
    pattern: /^[a-z0-9]{8}$/,
    hint: 'an id is exactly 8 lowercase letters or digits; leave it out unless AWS names must survive a restore or a migration',
  });

/** Free text that people read, of several lines. */
export const prose = (max: number): z.ZodString => readable(text({ max }));

/** Words that people read in lists. */
export const phrase = (max: number): z.ZodString => readableLine(text({ max }));

/** What a person calls the object. */
export const label = (): z.ZodString =>
  readableLine(
    text({
      max: 64,
      pattern: /^\S(.*\S)?$/,
      hint: 'a label is one line of text without a space at either end',
    }),
  );

export const awsAccountId = (): z.ZodString =>
  text({
    max: 12,
    min: 12,
    pattern: /^[0-9]{12}$/,
    hint: 'an AWS account id is 12 digits; quote it in YAML: "012345678901"',
  });

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
export const awsRegion = (): z.ZodString =>
  text({
    max: 32,
    pattern: /^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$/,
    hint: 'a region is written like eu-west-1 (not its long name, not an availability zone)',
  });

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: path up to 512 and name up to 64 characters. IAM allows any
 * printable character in a path; ours have those of a name and no other, because policies read `*`, `?` and `${` as more than themselves.
 */
export const iamRoleArn = (): z.ZodString =>
  text({
    max: 640,
    pattern: /^arn:aws(-[a-z]+)*:iam::[0-9]{12}:role\/([A-Za-z0-9_+=,.@/-]+\/)?[A-Za-z0-9_+=,.@-]{1,64}$/,
    hint: 'a role ARN is written like arn:aws:iam::111111111111:role/path/name, of letters, digits and _ + = , . @ -',
  });

/**
 * Refuses roles nobody may claim or import, whatever the account: who can write their policies would have the account, or they belong to
 * AWS. In whatever case: IAM has no two names that differ in it alone. (That an environment's own pivot role is not claimed under another name is for admission policies and controllers.)
 */
export const claimable = (arn: z.ZodString): z.ZodString =>
  withRules(arn, [
    {
      rule: `!self.lowerAscii().contains('/aws-service-role/') && !self.lowerAscii().contains('/awsservicerolefor')`,
      message: 'a service-linked role belongs to AWS; name a role of your own',
    },
    {
      rule: `!self.lowerAscii().contains('/awsreservedsso_')`,
      message:
        'a role of IAM Identity Center cannot get policies from us; name a role of your own that its users may assume',
    },
    {
      rule: `!self.lowerAscii().contains('/cdk-') && !self.lowerAscii().contains('/dataallpivotrole')`,
      message: 'deployment roles (cdk-*) and pivot roles administer the account; name a role that only works with data',
    },
  ]);

export const iamPrincipalArn = (): z.ZodString =>
  text({
    max: 640,
    pattern: /^arn:aws(-[a-z]+)*:iam::[0-9]{12}:(role|user)\/([A-Za-z0-9_+=,.@/-]+\/)?[A-Za-z0-9_+=,.@-]{1,64}$/,
    hint: 'a principal is the ARN of an IAM role or user, like arn:aws:iam::222222222222:role/analysts (not of a session, group or root), of letters, digits and _ + = , . @ -',
  });

export const iamPolicyArn = (): z.ZodString =>
  text({
    max: 704,
    pattern: /^arn:aws(-[a-z]+)*:iam::(aws|[0-9]{12}):policy\/([!-~]+\/)?[A-Za-z0-9_+=,.@-]{1,128}$/,
    hint: 'a managed policy ARN is written like arn:aws:iam::111111111111:policy/path/name',
  });

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = (): z.ZodString =>
  withRules(
    text({
      max: 63,
      min: 3,
      pattern: /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
      hint: 'a bucket name is 3 to 63 lowercase letters, digits, dots and hyphens; give the name, not an ARN or s3:// address',
    }),
    [{ rule: `!self.contains('..')`, message: 'a bucket name has no two dots in a row' }],
  );

/** Names in AWS's catalogue; Athena and Lake Formation refuse or fold others. */
export const glueName = (what: string): z.ZodString =>
  text({
    max: 255,
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
    hint: `${what} is letters, digits, underscore, dot and hyphen, starting with a letter, digit or underscore; no wildcards`,
  });

/** Glue writes databases and tables in lower case, whoever asks for them, so two names that differ in case alone would be one. */
const FOLDED = 'Glue folds names of databases and tables to lower case: write it so';

/** Of a database or table. */
export const catalogName = (what: string): z.ZodString =>
  withRules(glueName(what), [{ rule: `self == self.lowerAscii()`, message: FOLDED }]);

/** The same for an object of which only some have a `name` in the catalogue. @param isInCatalog a CEL expression */
export const catalogNameIf = (isInCatalog: string): CelRule => ({
  rule: `!(${isInCatalog}) || self.name == self.name.lowerAscii()`,
  message: FOLDED,
  fieldPath: '.name',
});

/** The name of a data cells filter: it becomes part of resource link names. */
export const filterName = (): z.ZodString =>
  text({
    max: 31,
    pattern: /^[a-z0-9_]{1,31}$/,
    hint: 'a filter name is 1 to 31 lowercase letters, digits and underscores',
  });

/** AWS tags that resources of this object get, with the limits of AWS. */
export const awsTags = () =>
  keyedList(
    withRules(
      z.object({
        key: text({
          max: 128,
          pattern: /^[A-Za-z0-9 _.:/=+@-]+$/,
          hint: 'a tag key is letters, digits, spaces and _ . : / = + - @',
        }).describe('Tag key, at most 128 characters.'),
        value: text({
          max: 256,
          min: 0,
          pattern: /^[A-Za-z0-9 _.:/=+@-]*$/,
          hint: 'a tag value is letters, digits, spaces and _ . : / = + - @; quote numbers in YAML',
        }).describe('Tag value, at most 256 characters; may be empty.'),
        cascade: z
          .boolean()
          .optional()
          .describe('Also put this tag on what is made inside: of an environment, on its datasets. Unset means no.'),
      }),
      [
        {
          rule: `!self.key.lowerAscii().startsWith('aws:')`,
          message: 'tag keys that start with aws: are reserved by AWS; choose another key',
          fieldPath: '.key',
        },
        {
          rule: `!self.key.lowerAscii().startsWith('dataall') && !(self.key.lowerAscii() in ['creator', 'team', 'environment', 'organization', 'target'])`,
          message:
            'the operator writes the tags dataall*, Creator, Team, Environment, Organization and Target itself; choose another key',
          fieldPath: '.key',
        },
      ],
    ),
    ['key'],
    { max: 40 },
  );

/** Words for searching, without meaning to AWS. */
export const catalogTags = () =>
  set(
    readableLine(
      text({
        max: 64,
        pattern: /^\S(.*\S)?$/,
        hint: 'a catalogue tag is a word or short phrase without a space at either end',
      }),
    ),
    { max: 50 },
  ).describe('Words people search by in the catalogue. Not AWS tags: see `tags`.');

/** What happens in AWS when the object is deleted. */
export const deletionPolicy = () =>
  z
    .enum(['Retain', 'Delete', 'DeleteWithData'])
    .default('Retain')
    .describe(
      'What happens in AWS when this object is deleted. Retain: what we made stays. Delete: it goes, buckets only if empty. DeleteWithData: buckets go with their content. Grants are always revoked, and what an import changed is restored.',
    );

/** Every kind has it. */
export const suspend = () =>
  z
    .boolean()
    .optional()
    .describe(
      'Stop creating, granting and repairing for this object. Revocation, expiry and deletion go on. Unset means no.',
    );
