// Values of a template's parameters: given, previous or default; checked, split into lists, looked up in Parameter Store.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
import type { Parameter } from '@aws-sdk/client-cloudformation';
import { validationError, type ParameterDefinition, type Template } from './template.ts';

/** One parameter of a stack as it is remembered. */
interface StackParameter {
  /** As given: for `AWS::SSM::Parameter::Value` types the name of the SSM parameter. */
  readonly value: string;
  /** What the SSM parameter held when the stack operation began. */
  readonly resolved?: string;
}

export type StackParameters = ReadonlyMap<string, StackParameter>;

/**
 * @param given as in the request; `UsePreviousValue` takes from `previous`.
 * @param previous parameters of the stack as it is, empty for a new one.
 * @param readSsm looks up one SSM parameter, undefined when there is none.
 * @throws ValidationError naming the parameter.
 */
export async function resolveParameters(
  template: Template,
  given: readonly Parameter[],
  previous: StackParameters,
  readSsm: (name: string) => Promise<string | undefined>,
): Promise<StackParameters> {
  const requested = new Map(given.map((parameter) => [parameter.ParameterKey ?? '', parameter]));
  const unknown = [...requested.keys()].filter((name) => template.Parameters[name] === undefined);
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);

  const values = new Map<string, StackParameter>();
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(template.Parameters)) {
    const request = requested.get(name);
    const value = request?.UsePreviousValue === true ? previous.get(name)?.value : request?.ParameterValue;
    const chosen = value ?? definition.Default;
    if (chosen === undefined) {
      missing.push(name);
      continue;
    }
    check(name, chosen, definition);
    values.set(name, await withSsmValue(name, chosen, definition, readSsm));
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

async function withSsmValue(
  name: string,
  value: string,
  { Type }: ParameterDefinition,
  readSsm: (name: string) => Promise<string | undefined>,
): Promise<StackParameter> {
  if (!Type.startsWith('AWS::SSM::Parameter::Value<')) return { value };
  const resolved = await readSsm(value);
  if (resolved === undefined) {
    throw validationError(`Unable to fetch parameters [${value}] from parameter store for this account. (${name})`);
  }
  return { value, resolved };
}

/** Values as Ref sees them: lists for list types. */
export function parameterValues(
  template: Template,
  parameters: StackParameters,
): Map<string, string | readonly string[]> {
  return new Map(
    [...parameters].map(([name, { value, resolved }]) => {
      const text = resolved ?? value;
      const isList =
        /List</.test(template.Parameters[name]?.Type ?? '') ||
        /CommaDelimitedList/.test(template.Parameters[name]?.Type ?? '');
      return [name, isList ? text.split(',').map((item) => item.trim()) : text];
    }),
  );
}

function check(name: string, value: string, definition: ParameterDefinition): void {
  const items =
    definition.Type === 'CommaDelimitedList' || definition.Type.startsWith('List<')
      ? value.split(',').map((item) => item.trim())
      : [value];
  const refuse = (why: string): never => {
    throw validationError(
      definition.ConstraintDescription === undefined
        ? `Parameter '${name}' ${why}`
        : `Parameter ${name} failed to satisfy constraint: ${definition.ConstraintDescription}`,
    );
  };
  for (const item of items) {
    if (definition.AllowedValues !== undefined && !definition.AllowedValues.includes(item))
      refuse(`must be one of AllowedValues`);
    if (definition.AllowedPattern !== undefined && !new RegExp(`^(?:${definition.AllowedPattern})$`).test(item))
      refuse(`must match pattern ${definition.AllowedPattern}`);
    if (/^(List<)?Number>?$/.test(definition.Type)) {
      const number = Number(item);
      if (item === '' || Number.isNaN(number)) refuse('must be a number');
      if (number < (definition.MinValue ?? -Infinity)) refuse(`must be a number not less than ${definition.MinValue}`);
      if (number > (definition.MaxValue ?? Infinity))
        refuse(`must be a number not greater than ${definition.MaxValue}`);
    }
  }
  if (value.length < (definition.MinLength ?? 0)) refuse(`must contain at least ${definition.MinLength} characters`);
  if (value.length > (definition.MaxLength ?? Infinity))
    refuse(`must contain at most ${definition.MaxLength} characters`);
}
