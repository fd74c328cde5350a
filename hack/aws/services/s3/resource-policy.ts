// Checks policies of buckets and access points as S3 does when they are put.
import type { PolicyDocument, Statement } from '../../../../operator/policy/document.ts';
import { AwsError } from '../../core/aws-error.ts';
import { readPolicy, resourceRules, sizeWithoutWhitespace } from '../../core/policy-text.ts';
import { storePrincipals, unknownPrincipals } from '../../core/principal-ids.ts';
import type { World } from '../../core/world.ts';
import { publicStatement } from '../../../../operator/policy/public-statement.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html */
const MAX_POLICY_BYTES = 20_480;

/** What a policy may speak of: the resource itself, and things below it. */
export interface PolicyScope {
  /** ARN of the bucket or access point. */
  readonly arn: string;
  /** Between the ARN and a key: `/` for buckets, `/object/` for access points. */
  readonly below: string;
  /** Whether public policies are refused. */
  readonly blockPublic: boolean;
}

const malformed = (message: string): AwsError => new AwsError('MalformedPolicy', message);

const patternOf = (text: string): RegExp => {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
};

/** Actions on objects; all others are on the bucket or access point. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const objectAction =
  /^s3:(?:(?:Get|Put|Delete|Restore|Replicate|Update)Object|AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|ReplicateDelete|ReplicateTags|ObjectOwnerOverrideToBucketOwner|InitiateReplication)/i;

const list = (values: Statement['Action']): readonly string[] => (values === undefined ? [] : [values].flat());

/** Whether a resource pattern of the policy means the scope itself, something below it, or neither. */
const coverage = (
  pattern: string,
  { arn, below }: PolicyScope,
): { readonly itself: boolean; readonly below: boolean } => {
  const literal = pattern.replaceAll(/\$\{[^}]+\}/g, '*');
  const inside = literal.startsWith(`${arn}${below}`) || patternOf(literal.split('/')[0] ?? '').test(arn);
  return {
    itself: patternOf(literal).test(arn),
    below: literal.startsWith(`${arn}${below}`) || (inside && (literal.includes('/') || literal.endsWith('*'))),
  };
};

const checkStatement = (statement: Statement, scope: PolicyScope): void => {
  const resources = list(statement.Resource ?? statement.NotResource).map((pattern) => coverage(pattern, scope));
  if (resources.some(({ itself, below }) => !itself && !below)) throw malformed('Policy has invalid resource');
  const actions = list(statement.Action);
  if ([...actions, ...list(statement.NotAction)].some((action) => action !== '*' && !/^s3[\w-]*:/i.test(action))) {
    throw malformed('Policy has invalid action');
  }
  if (statement.Resource === undefined) return;
  const applies = (action: string): boolean => {
    if (/[*?]/.test(action)) return true;
    return resources.some(({ itself, below }) => (objectAction.test(action) ? below : itself));
  };
  if (!actions.every(applies)) throw malformed('Action does not apply to any resource(s) in statement');
};

/** The form to keep. Throws MalformedPolicy, PolicyTooLarge, or AccessDenied for a public policy where those are blocked. */
export const readResourcePolicy = (world: World, text: string, scope: PolicyScope): PolicyDocument => {
  if (sizeWithoutWhitespace(text) > MAX_POLICY_BYTES) {
    throw new AwsError('PolicyTooLarge', 'Policy exceeds the maximum allowed document size.', { status: 400 });
  }
  const reading = readPolicy(text, resourceRules);
  if (!reading.ok) throw malformed(reading.problem);
  for (const statement of reading.policy.Statement) checkStatement(statement, scope);
  const [unknown] = unknownPrincipals(world, reading.policy);
  if (unknown !== undefined)
    throw new AwsError('MalformedPolicy', 'Invalid principal in policy', {
      members: { Detail: `"AWS" : "${unknown}"` },
    });
  if (scope.blockPublic && publicStatement(reading.policy) !== undefined) {
    throw new AwsError(
      'AccessDenied',
      'Access Denied: public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    );
  }
  return storePrincipals(world, reading.policy);
};
