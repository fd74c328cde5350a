// A CloudFormation template as text and as data: JSON or YAML with the short forms (!Ref, !Sub...).
import { isMap, isScalar, isSeq, parseDocument, YAMLMap, type ScalarTag, type CollectionTag } from 'yaml';
import { AwsError } from '../../core/aws-error.ts';

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ResourceDefinition {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn: readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy: DeletionPolicy;
  readonly UpdateReplacePolicy: DeletionPolicy;
  readonly Metadata?: unknown;
}

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: string;
  readonly AllowedValues?: readonly string[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly Description?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
  readonly NoEcho?: boolean;
}

interface OutputDefinition {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** `Rules`: assertions over parameters, checked before anything is made (CDK's CheckBootstrapVersion). */
interface RuleDefinition {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface Template {
  readonly Description?: string;
  readonly Metadata?: unknown;
  readonly Parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Rules: Readonly<Record<string, RuleDefinition>>;
  readonly Resources: Readonly<Record<string, ResourceDefinition>>;
  readonly Outputs: Readonly<Record<string, OutputDefinition>>;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

export const validationError = (message: string): AwsError => new AwsError('ValidationError', message, { status: 400 });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: resources, parameters and outputs of one template. */
const MAX_RESOURCES = 500;
const MAX_PARAMETERS = 200;
const MAX_OUTPUTS = 200;

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
]);
const RESOURCE_ATTRIBUTES = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
]);
const DELETION_POLICIES = new Set(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);

/**
 * Reads and checks the shape of a template.
 * @throws ValidationError with CloudFormation's words: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(body: string): Template {
  const raw = parseBody(body);
  for (const section of Object.keys(raw)) {
    if (section === 'Transform') throw validationError('the AWS simulator does not run template macros (Transform)');
    if (!SECTIONS.has(section)) throw validationError(`Invalid template property or properties [${section}]`);
  }
  const resources = section(raw, 'Resources');
  if (Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  const outputs = section(raw, 'Outputs');
  const parameters = section(raw, 'Parameters');
  limit('resources', Object.keys(resources).length, MAX_RESOURCES);
  limit('parameters', Object.keys(parameters).length, MAX_PARAMETERS);
  limit('outputs', Object.keys(outputs).length, MAX_OUTPUTS);
  return {
    ...(typeof raw['Description'] === 'string' ? { Description: raw['Description'] } : {}),
    ...(raw['Metadata'] === undefined ? {} : { Metadata: raw['Metadata'] }),
    Parameters: mapValues(parameters, parameterDefinition),
    Mappings: section(raw, 'Mappings') as Template['Mappings'],
    Conditions: section(raw, 'Conditions'),
    Rules: section(raw, 'Rules') as Template['Rules'],
    Resources: mapValues(resources, resourceDefinition),
    Outputs: mapValues(outputs, outputDefinition),
  };
}

function parseBody(body: string): JsonObject {
  const document = parseDocument(body, { customTags: [...shortForms], merge: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw validationError(
      `Template format error: ${body.trimStart().startsWith('{') ? 'JSON' : 'YAML'} not well-formed. (${error.message})`,
    );
  const [warning] = document.warnings;
  if (warning !== undefined) throw validationError(`Template format error: ${warning.message}`);
  const value: unknown = document.toJS();
  if (!isObject(value)) throw validationError('Template format error: unsupported structure.');
  return value;
}

function section(template: JsonObject, name: string): JsonObject {
  const value = template[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw validationError(`Template format error: ${name} must be an object.`);
  return value;
}

function limit(what: string, count: number, maximum: number): void {
  if (count > maximum)
    throw validationError(
      `Template format error: Number of ${what}, ${count}, is greater than maximum allowed, ${maximum}`,
    );
}

function resourceDefinition(value: unknown, logicalId: string): ResourceDefinition {
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    throw validationError(`Template format error: Resource name ${logicalId} is non alphanumeric.`);
  }
  if (!isObject(value)) throw validationError(`Template format error: Resource ${logicalId} must be an object.`);
  if (typeof value['Type'] !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  for (const attribute of Object.keys(value)) {
    if (!RESOURCE_ATTRIBUTES.has(attribute)) {
      throw validationError(`Invalid template resource property '${attribute}'`);
    }
  }
  const properties = value['Properties'] ?? {};
  if (!isObject(properties))
    throw validationError(`Template format error: Properties of ${logicalId} must be an object.`);
  return {
    Type: value['Type'],
    Properties: properties,
    DependsOn: [value['DependsOn'] ?? []].flat() as string[],
    ...(typeof value['Condition'] === 'string' ? { Condition: value['Condition'] } : {}),
    DeletionPolicy: policy(value['DeletionPolicy'], logicalId),
    UpdateReplacePolicy: policy(value['UpdateReplacePolicy'], logicalId),
    ...(value['Metadata'] === undefined ? {} : { Metadata: value['Metadata'] }),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
function policy(value: unknown, logicalId: string): DeletionPolicy {
  if (value === undefined) return 'Delete';
  if (typeof value === 'string' && DELETION_POLICIES.has(value)) return value as DeletionPolicy;
  throw validationError(
    `Template error: Unrecognized DeletionPolicy ${JSON.stringify(value)} for resource ${logicalId}`,
  );
}

function parameterDefinition(value: unknown, name: string): ParameterDefinition {
  if (!isObject(value) || typeof value['Type'] !== 'string') {
    throw validationError(`Template format error: Every Parameters object must contain a Type member. (${name})`);
  }
  const number = (key: string): object => (value[key] === undefined ? {} : { [key]: Number(value[key]) });
  const text = (key: string): object => (value[key] === undefined ? {} : { [key]: scalarText(value[key]) });
  return {
    Type: value['Type'],
    ...text('Default'),
    ...(Array.isArray(value['AllowedValues']) ? { AllowedValues: value['AllowedValues'].map(scalarText) } : {}),
    ...text('AllowedPattern'),
    ...text('ConstraintDescription'),
    ...text('Description'),
    ...number('MinLength'),
    ...number('MaxLength'),
    ...number('MinValue'),
    ...number('MaxValue'),
    NoEcho: String(value['NoEcho']) === 'true',
  };
}

function outputDefinition(value: unknown, name: string): OutputDefinition {
  if (!isObject(value) || value['Value'] === undefined) {
    throw validationError(`Template format error: Every Outputs member must contain a Value object. (${name})`);
  }
  return value as unknown as OutputDefinition;
}

/** Scalars are strings to CloudFormation, however they were written. */
export const scalarText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function mapValues<T>(object: JsonObject, change: (value: unknown, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html: every function has a short form. */
const FUNCTIONS = [
  'Base64',
  'Cidr',
  'And',
  'Equals',
  'If',
  'Not',
  'Or',
  'Contains',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'ImportValue',
  'Join',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Length',
];

const shortForms: (ScalarTag | CollectionTag)[] = ['Ref', 'Condition', ...FUNCTIONS].flatMap((name) => {
  const full = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (node: unknown): YAMLMap => {
    const map = new YAMLMap();
    map.set(full, node);
    return map;
  };
  return [
    { tag: `!${name}`, resolve: (text: string) => ({ [full]: name === 'GetAtt' ? splitAttribute(text) : text }) },
    { tag: `!${name}`, collection: 'seq', resolve: (node: unknown) => (isSeq(node) ? wrap(node) : node) },
    {
      tag: `!${name}`,
      collection: 'map',
      resolve: (node: unknown) => (isMap(node) || isScalar(node) ? wrap(node) : node),
    },
  ] as (ScalarTag | CollectionTag)[];
});

/** `!GetAtt Bucket.Arn`: the resource ends at the first dot, attribute names may contain more. */
export function splitAttribute(text: string): [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}
