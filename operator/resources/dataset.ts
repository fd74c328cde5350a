// Dataset: a bucket and a Glue database that a team offers to others, in its environment's namespace.

import { z } from 'zod';
import type { CelRule } from './kind.ts';
import { datasetStatus } from './dataset-status.ts';
import { defineKind, type ObjectOf } from './define-kind.ts';
import {
  awsTags,
  bucketName,
  catalogName,
  catalogTags,
  claimable,
  deletionPolicy,
  glueName,
  iamRoleArn,
  identityGroup,
  label,
  nameIsLabel,
  phrase,
  prose,
  resourceId,
  suspend,
} from './fields.ts';
import { immutable, keyedList, set, text, withRules } from './schema.ts';

const kmsKey = z
  .object({
    alias: text({
      max: 256,
      pattern: /^[A-Za-z0-9/_-]+$/,
      hint: 'kmsKey.alias is the name after alias/, made of letters, digits and / _ -; for an ARN use kmsKey.arn',
    })
      .optional()
      .describe('Alias of the key, without `alias/`.'),
    arn: text({
      max: 256,
      pattern: /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/,
      hint: 'kmsKey.arn is written like arn:aws:kms:eu-west-1:111111111111:key/1234abcd-...; for an alias use kmsKey.alias',
    })
      .optional()
      .describe('ARN of the key.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: `has(self.alias) != has(self.arn)`,
        message: 'name the key by exactly one of kmsKey.alias and kmsKey.arn',
      },
      {
        rule: `!has(self.alias) || !self.alias.startsWith('alias/')`,
        message: 'kmsKey.alias is written without alias/ in front',
      },
    ],
  });

const s3 = z
  .object({
    origin: z
      .enum(['Create', 'Import'])
      .describe('Create: bucket, key and database are made. Import: they exist. Immutable.'),
    bucket: z
      .object({ name: bucketName().describe('Name of the bucket.') })
      .optional()
      .describe('The bucket. An Import names it; a Create may. Immutable.'),
    kmsKey: kmsKey
      .optional()
      .describe(
        'The key that encrypts the bucket. An Import of a bucket with SSE-KMS names it; a Create may. Immutable.',
      ),
    glueDatabase: z
      .object({ name: catalogName('a database name').describe('Name of the database.') })
      .optional()
      .describe('The Glue database. An Import of one names it; unset means that one is made. Immutable.'),
    roleArn: claimable(iamRoleArn())
      .optional()
      .describe(
        "The dataset's role, to import it instead of having one made; only the environment's owner may. Immutable.",
      ),
    lakeFormation: z
      .enum(['Enforced', 'Hybrid'])
      .optional()
      .describe(
        'Enforced: Lake Formation alone decides who reads tables. Hybrid, of an Import alone: it decides for those who have a share, and jobs that rely on IAM alone go on working. Unset means Enforced for Create and Hybrid for Import. May change to Enforced, not back.',
      ),
    coOwners: set(identityGroup(), { max: 20 })
      .optional()
      .describe(
        'Groups other than the owner whose Datasets may name the same Glue database. Asked when such a Dataset is applied and whenever it is looked at again: of a group taken out it shows DatabaseTaken, but what it shares goes on, because an edit here must not end the access of others. To end that, delete the Dataset.',
      ),
  })
  .meta({
    'x-kubernetes-validations': [
      immutable('origin', 'create a new Dataset'),
      immutable('bucket', 'data is in it; create a new Dataset'),
      immutable('kmsKey', 'data is encrypted with it; create a new Dataset'),
      immutable('glueDatabase', 'tables are in it; create a new Dataset'),
      immutable('roleArn', 'a role is imported or made once; create a new Dataset'),
      {
        rule: `self.origin != 'Import' || has(self.bucket)`,
        message: 'an import names its bucket: set spec.s3.bucket.name',
        fieldPath: '.bucket',
      },
      {
        // Who makes them first keeps others from the database that links to tables shared with them.
        rule: `self.origin != 'Create' || !has(self.glueDatabase) || !self.glueDatabase.name.matches('_shared(_[0-9]{12})?$')`,
        message:
          'names that end with _shared, or with _shared_ and 12 digits, are for databases of links to shared tables: give spec.s3.glueDatabase another name',
        fieldPath: '.glueDatabase',
      },
      {
        rule: `self.origin != 'Create' || !has(self.lakeFormation) || self.lakeFormation != 'Hybrid'`,
        message:
          'lakeFormation: Hybrid leaves to IAM who read an import before, and what is created nobody has read: say Enforced, or leave it out',
        fieldPath: '.lakeFormation',
      },
      {
        rule: `self.origin != 'Import' || !has(oldSelf.lakeFormation) || oldSelf.lakeFormation != 'Enforced' || (has(self.lakeFormation) && self.lakeFormation == 'Enforced')`,
        message:
          'lakeFormation stays Enforced: what IAM alone opened before is put back when the dataset ends; delete it and import it anew',
        fieldPath: '.lakeFormation',
      },
    ],
  });

/** `.` is allowed in a prefix, `..` is not; no wildcard, variable or quote of any policy language is in the alphabet. */
const folderPrefix = () =>
  withRules(
    text({
      max: 512,
      pattern: /^[A-Za-z0-9!_.()=-][A-Za-z0-9!_.()=/-]*\/$/,
      hint: 'a folder prefix is letters, digits and ! _ . ( ) = / - and ends with /, e.g. raw/ or year=2026/; no leading /, no wildcards',
    }),
    [
      { rule: `!self.contains('..')`, message: 'a folder prefix has no two dots in a row' },
      { rule: `!self.contains('//')`, message: 'a folder prefix has no two slashes in a row' },
    ],
  );

const folder = z.object({
  name: glueName('a folder name').max(128).describe('Name by which it is requested, at most 128 characters.'),
  prefix: folderPrefix().describe(
    'Key prefix in the bucket, ending with /. Immutable: add a folder of another name instead.',
  ),
  description: prose(1024).optional().describe('What is in it, at most 1,024 characters.'),
});

/** A transition rule on the list, because the API server does not know which of its entries was which before. */
const prefixesStay: CelRule = {
  rule: `[oldSelf.transformMapEntry(i, folder, {folder.name: folder.prefix})].all(before, self.all(folder, before[?folder.name].orValue(folder.prefix) == folder.prefix))`,
  message: 'the prefix of a folder cannot change, because consent was given to it; add a folder of another name',
};

const sharing = z.object({
  autoApproval: z
    .boolean()
    .optional()
    .describe(
      'Approve requests for reading unfiltered items at once, where the installation allows it for this confidentiality. Unset means no.',
    ),
  expiration: z
    .object({
      setting: z.enum(['Monthly', 'Quarterly']).describe('What min and max count: months or quarters.'),
      min: z
        .int()
        .min(1)
        .max(120)
        .describe(
          'Shortest period that may be asked for, counted from the request. Who decides may give less by writing spec.expiresAt into the ShareApproval; keep it there in Git, or a share near its end would not come back in a rebuilt cluster.',
        ),
      max: z.int().min(1).max(120).describe('Longest period of a share, counted from the decision, whoever makes it.'),
    })
    .meta({
      'x-kubernetes-validations': [
        { rule: `self.min <= self.max`, message: 'expiration.min must not be above expiration.max', fieldPath: '.min' },
      ],
    })
    .optional()
    .describe(
      'When shares must end. Judged at each decision and extension: an approval whose share would end on another day gives nothing and shows ExpirationNotAllowed, and a change here cuts off nobody who has access. Unset: they need not end.',
    ),
});

const spec = z
  .object({
    id: resourceId()
      .optional()
      .describe('Keeps AWS names over a restore or a migration from data.all. Platform administrators only.'),
    label: label().describe('What people call it, at most 64 characters.'),
    description: prose(4096).optional().describe('What is in it, at most 4,096 characters.'),
    owner: identityGroup().describe('The group that owns it and decides about requests.'),
    stewards: set(identityGroup(), {
      max: 10,
      nonEmpty: 'leave stewards out if the owner decides alone, or name a group',
    })
      .optional()
      .describe('Groups that also decide about requests. Unset means the owner alone.'),
    s3: s3.describe('Where the data is.'),
    confidentiality: text({
      max: 64,
      pattern: /^[A-Za-z0-9][A-Za-z0-9 _-]*$/,
      hint: 'confidentiality is Unclassified, Official, Secret or a word the installation maps to one of them',
    }).describe('Unclassified, Official, Secret, or what the installation maps to one of them.'),
    topics: set(phrase(64), { max: 20 }).optional().describe('Topics as the installation lists them.'),
    language: phrase(64).optional().describe('Language of the data, e.g. English.'),
    terms: set(phrase(256), { max: 50 }).optional().describe('Glossary terms, by path.'),
    catalogTags: catalogTags().optional(),
    tags: awsTags().optional().describe('AWS tags of everything made for this dataset.'),
    sharing: sharing.optional().describe('How requests are treated.'),
    folders: keyedList(folder, ['name'], { max: 256 }, [prefixesStay])
      .optional()
      .describe('Parts of the bucket that can be shared, at most 256.'),
    deletionPolicy: deletionPolicy(),
    suspend: suspend(),
  })
  .meta({ 'x-kubernetes-validations': [immutable('id', 'AWS names are made of it')] });

export const datasetKind = defineKind({
  kind: 'Dataset',
  plural: 'datasets',
  shortNames: ['dds'],
  scope: 'Namespaced',
  description:
    'A bucket and a Glue database that a team offers to others. It lives in the namespace of its environment.',
  spec,
  status: datasetStatus,
  rules: [nameIsLabel],
  columns: [
    { name: 'Label', type: 'string', jsonPath: '.spec.label', description: 'What people call it.' },
    { name: 'Owner', type: 'string', jsonPath: '.spec.owner', description: 'Owning group.' },
    { name: 'Confidentiality', type: 'string', jsonPath: '.spec.confidentiality', description: 'As its owner says.' },
    { name: 'Tables', type: 'integer', jsonPath: '.status.tables.count', description: 'Tables found in its database.' },
    {
      name: 'Pending',
      type: 'integer',
      jsonPath: '.status.requests.pending',
      description: 'Requests that wait for a decision.',
    },
    { name: 'In use', type: 'integer', jsonPath: '.status.inUse', description: 'Approved shares.', priority: 1 },
    { name: 'Bucket', type: 'string', jsonPath: '.status.bucket', description: 'Name of its bucket.', priority: 1 },
  ],
});

/** What is in effect of a dataset whose spec may not say it. */
export const lakeFormationOf = ({ spec: { s3 } }: Dataset): 'Enforced' | 'Hybrid' =>
  s3.lakeFormation ?? (s3.origin === 'Import' ? 'Hybrid' : 'Enforced');

export type DatasetSpec = z.output<typeof spec>;
export type Folder = z.output<typeof folder>;
export type Dataset = ObjectOf<typeof datasetKind>;
