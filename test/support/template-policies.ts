// The policy documents in a CloudFormation template, with its references as they would be resolved.
import type { PolicyDocument } from '../../operator/policy/document.ts';
import { REGION, PRODUCER } from '../../operator/access/testing/fixtures.ts';

export interface TemplatePolicy {
  /** e.g. `PivotRolePolicy0.PolicyDocument` */
  readonly place: string;
  readonly document: PolicyDocument;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': PRODUCER,
  'AWS::Region': REGION,
  'AWS::StackName': 'stack',
  AwsAccountId: '333333333333',
};

/** ARNs of what templates speak of by reference, as far as policies do. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::KMS::Key': () => `arn:aws:kms:${REGION}:${PRODUCER}:key/11111111-2222-3333-4444-555555555555`,
  'AWS::SQS::Queue': (name) => `arn:aws:sqs:${REGION}:${PRODUCER}:${name}`,
  'AWS::Events::Rule': (name) => `arn:aws:events:${REGION}:${PRODUCER}:rule/${name}`,
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::IAM::Role': (name) => `arn:aws:iam::${PRODUCER}:role/${name}`,
};

export const policiesOf = (text: string): readonly TemplatePolicy[] => {
  const template = JSON.parse(text) as Template;
  return Object.entries(template.Resources).flatMap(([name, resource]) =>
    documentsIn(resource.Properties, name, (value) => resolved(value, template)),
  );
};

const documentsIn = (value: unknown, place: string, resolve: (value: unknown) => unknown): TemplatePolicy[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value && Array.isArray(value.Statement))
    return [{ place, document: resolve(value) as PolicyDocument }];
  return Object.entries(value).flatMap(([key, inner]) => documentsIn(inner, `${place}.${key}`, resolve));
};

const resolved = (value: unknown, template: Template): unknown => {
  const again = (inner: unknown): unknown => resolved(inner, template);
  if (Array.isArray(value)) return value.map(again);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && key === 'Ref') return referenced(String(inner), template);
  if (more.length === 0 && key === 'Fn::GetAtt') return arnOf(inner as readonly [string, string], template);
  if (more.length === 0 && key === 'Fn::Join') {
    const [separator, parts] = inner as readonly [string, readonly unknown[]];
    return parts.map(again).join(separator);
  }
  if (more.length === 0 && key === 'Fn::Sub')
    return String(inner).replaceAll(/\$\{([^}!]+)\}/g, (_all, name: string) => referenced(name, template));
  if (key.startsWith('Fn::')) throw new Error(`the test does not resolve ${key}`);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, again(one)]));
};

const referenced = (name: string, template: Template): string => {
  const resource = template.Resources[name];
  return PSEUDO[name] ?? (resource === undefined ? 'dataall' : nameOf(resource, name, template));
};

const nameOf = ({ Properties }: Resource, otherwise: string, template: Template): string => {
  const named = Object.entries(Properties ?? {}).find(([key]) =>
    /^(?:BucketName|QueueName|RoleName|Name)$/.test(key),
  )?.[1];
  return named === undefined ? otherwise : String(resolved(named, template));
};

const arnOf = ([name, attribute]: readonly [string, string], template: Template): string => {
  const resource = template.Resources[name];
  const arn = resource === undefined ? undefined : ARNS[resource.Type];
  if (resource === undefined || arn === undefined || attribute !== 'Arn')
    throw new Error(`the test does not know ${attribute} of ${name} (${resource?.Type ?? 'no resource'})`);
  return arn(nameOf(resource, name, template));
};
