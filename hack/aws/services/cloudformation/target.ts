// What a stack shall become: a template with parameters, conditions, tags and order, checked before anything is touched.
import type { Capability, Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { dependenciesOf, type Dependencies } from './dependencies.ts';
import { evaluateCondition, evaluateConditions, type ResourceValues, type Scope } from './intrinsics.ts';
import { parameterValues, resolveParameters, type StackParameters } from './parameters.ts';
import { resourceTypes } from './resource-types.ts';
import { exportsOf, type Stack, type StackDesign } from './stack.ts';
import { parseTemplate, validationError, type Template } from './template.ts';

export interface Target {
  readonly design: StackDesign;
  readonly template: Template;
  readonly dependencies: Dependencies;
  readonly conditions: ReadonlyMap<string, boolean>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: tags of a stack. */
const MAX_TAGS = 50;

export interface TargetInput {
  readonly templateBody: string;
  readonly parameters: readonly Parameter[];
  readonly previous: StackParameters;
  readonly tags: ReadonlyMap<string, string>;
  readonly capabilities: readonly Capability[];
}

/** @throws ValidationError, InsufficientCapabilitiesException: nothing has happened yet. */
export async function prepareTarget(
  call: Call,
  stack: Pick<Stack, 'id' | 'name'>,
  input: TargetInput,
): Promise<Target> {
  const template = parseTemplate(input.templateBody);
  demandKnownTypes(template);
  demandCapabilities(template, input.capabilities);
  if (input.tags.size > MAX_TAGS)
    throw validationError(
      `1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TAGS}`,
    );
  const parameters = await resolveParameters(template, input.parameters, input.previous, (name) => readSsm(call, name));
  return targetOf(call, stack, { templateBody: input.templateBody, parameters, tags: input.tags }, template);
}

/** The target of a design that was accepted before. */
export function targetOf(
  call: Call,
  stack: Pick<Stack, 'id' | 'name'>,
  design: StackDesign,
  template = parseTemplate(design.templateBody),
): Target {
  const values = scopeBasis(call, stack, template, design.parameters);
  const conditions = evaluateConditions(values);
  checkRules({ ...values, conditions, resource: () => undefined });
  return { design, template, conditions, dependencies: dependenciesOf(template, conditions) };
}

/** The scope functions are resolved in, given what resources exist so far. */
export function scopeOf(
  call: Call,
  stack: Pick<Stack, 'id' | 'name'>,
  target: Target,
  resource: (logicalId: string) => ResourceValues | undefined,
  onImport: (exportName: string) => void = () => undefined,
): Scope {
  const basis = scopeBasis(call, stack, target.template, target.design.parameters);
  const exported = (name: string): string | undefined => {
    onImport(name);
    return basis.exported(name);
  };
  return { ...basis, exported, conditions: target.conditions, resource };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
function scopeBasis(
  call: Call,
  stack: Pick<Stack, 'id' | 'name'>,
  template: Template,
  parameters: StackParameters,
): Omit<Scope, 'conditions' | 'resource'> {
  return {
    template,
    parameters: parameterValues(template, parameters),
    pseudo: new Map<string, string | readonly string[]>([
      ['AWS::AccountId', call.account],
      ['AWS::NotificationARNs', []],
      ['AWS::Partition', 'aws'],
      ['AWS::Region', call.region],
      ['AWS::StackId', stack.id],
      ['AWS::StackName', stack.name],
      ['AWS::URLSuffix', 'amazonaws.com'],
    ]),
    exported: (name) =>
      exportsOf(call.world, call.account, call.region).find((candidate) => candidate.name === name)?.value,
  };
}

async function readSsm(call: Call, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await call.invoke<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', {
      Name: name,
      WithDecryption: true,
    });
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof AwsError && /^Parameter(Version)?NotFound$/.test(error.code)) return undefined;
    throw error;
  }
}

function demandKnownTypes(template: Template): void {
  const unknown = new Set(
    Object.values(template.Resources)
      .map(({ Type }) => Type)
      .filter((type) => resourceTypes[type] === undefined),
  );
  if (unknown.size === 0) return;
  throw validationError(
    `Template format error: Unrecognized resource types: [${[...unknown].join(', ')}] (the AWS simulator makes only: ${Object.keys(resourceTypes).join(', ')})`,
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html#using-iam-capabilities */
export function capabilitiesFor(template: Template): {
  readonly needed: readonly Capability[];
  readonly types: readonly string[];
} {
  const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  if (iam.length === 0) return { needed: [], types: [] };
  const isNamed = iam.some(({ Type, Properties }) => {
    const name = resourceTypes[Type]?.iamName;
    return name !== undefined && Properties[name] !== undefined;
  });
  return {
    needed: [isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'],
    types: [...new Set(iam.map(({ Type }) => Type))],
  };
}

function demandCapabilities(template: Template, granted: readonly Capability[]): void {
  const { needed } = capabilitiesFor(template);
  const missing = needed.filter(
    (capability) => !granted.includes(capability) && !granted.includes('CAPABILITY_NAMED_IAM'),
  );
  if (missing.length > 0)
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html */
function checkRules(scope: Scope): void {
  const failed = Object.values(scope.template.Rules)
    .filter(({ RuleCondition }) => RuleCondition === undefined || evaluateCondition(RuleCondition, scope))
    .flatMap(({ Assertions }) => Assertions)
    .filter(({ Assert }) => !evaluateCondition(Assert, scope));
  if (failed.length > 0) {
    throw validationError(
      `Template validation error: ${failed.map(({ AssertDescription, Assert }) => AssertDescription ?? JSON.stringify(Assert)).join(', ')}`,
    );
  }
}

export const toTagMap = (tags: readonly Tag[] | undefined): Map<string, string> =>
  new Map((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
