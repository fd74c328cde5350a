// The intrinsic functions of a template, evaluated against what is known at that moment.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
import { isObject, scalarText, splitAttribute, validationError, type JsonObject, type Template } from './template.ts';
import { subnets } from './cidr.ts';

/** What a finished resource gives to others: Ref and Fn::GetAtt. */
export interface ResourceValues {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What the functions of one stack can see. */
export interface Scope {
  readonly template: Template;
  /** Values after defaults; lists for CommaDelimitedList and List<...>. */
  readonly parameters: ReadonlyMap<string, string | readonly string[]>;
  /** `AWS::Region`, `AWS::AccountId`... without AWS::NoValue. */
  readonly pseudo: ReadonlyMap<string, string | readonly string[]>;
  readonly conditions: ReadonlyMap<string, boolean>;
  /** undefined while the resource has no value yet: the result then holds `KNOWN_AFTER_APPLY`. */
  resource(logicalId: string): ResourceValues | undefined;
  /** Value of an export of this account and region. */
  exported(name: string): string | undefined;
}

/** What DescribeChangeSet shows for values that only the execution will tell. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** The property that held it is left out: `Ref: AWS::NoValue`. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Replaces every function in `value` by its result.
 * @returns undefined when the whole value is AWS::NoValue.
 * @throws ValidationError `Template error: ...` for wrong arguments.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  const result = evaluate(value, scope);
  return result === NO_VALUE ? undefined : result;
}

function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const call = functionCall(value);
  if (call !== undefined) return apply(call.name, call.argument, scope);
  const entries = Object.entries(value).map(([key, item]) => [key, evaluate(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE && item !== undefined));
}

/** `{Ref: x}` and `{Fn::Name: x}`: an object with that single key. */
export function functionCall(value: JsonObject): { readonly name: string; readonly argument: unknown } | undefined {
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument: value[name] } : undefined;
}

function apply(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return reference(String(argument), scope);
    case 'Fn::GetAtt': {
      const parts = typeof argument === 'string' ? splitAttribute(argument) : list(name, argument, scope);
      return attribute(String(parts[0]), parts.slice(1).join('.'), scope);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, items] = list(name, argument, scope);
      if (!Array.isArray(items)) return unknownOr(items, () => fail(name, 'the second argument must be a list'));
      return items.map((item) => text(name, item)).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list(name, argument, scope);
      if (!Array.isArray(items)) return unknownOr(items, () => fail(name, 'the second argument must be a list'));
      const chosen: unknown = items[Number(index)];
      return chosen ?? fail(name, `Fn::Select cannot select nonexistent value at index ${String(index)}`);
    }
    case 'Fn::Split': {
      const [separator, source] = list(name, argument, scope);
      return unknownOr(source, () => text(name, source).split(String(separator)));
    }
    case 'Fn::Base64': {
      const source = evaluate(argument, scope);
      return unknownOr(source, () => Buffer.from(text(name, source)).toString('base64'));
    }
    case 'Fn::If': {
      if (!Array.isArray(argument) || argument.length !== 3)
        return fail(name, 'Fn::If requires a list argument with three parameters');
      return evaluate(condition(String(argument[0]), scope) ? argument[1] : argument[2], scope);
    }
    case 'Fn::FindInMap':
      return findInMap(argument, scope);
    case 'Fn::ImportValue': {
      const exportName = text(name, evaluate(argument, scope));
      const found = scope.exported(exportName);
      if (found === undefined) throw validationError(`No export named ${exportName} found.`);
      return found;
    }
    case 'Fn::GetAZs': {
      const region = text(name, evaluate(argument, scope)) || String(scope.pseudo.get('AWS::Region'));
      return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
    }
    case 'Fn::Cidr': {
      const [block, count, hostBits] = list(name, argument, scope);
      return unknownOr(block, () => subnets(text(name, block), Number(count), Number(hostBits ?? 8)));
    }
    case 'Fn::ToJsonString':
      return JSON.stringify(evaluate(argument, scope));
    case 'Fn::Length': {
      const items = evaluate(argument, scope);
      return Array.isArray(items) ? items.length : fail(name, 'the argument must be a list');
    }
    case 'Fn::Equals':
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
    case 'Fn::Contains':
      return evaluateCondition({ [name]: argument }, scope);
    default:
      throw validationError(`Template error: the AWS simulator does not implement ${name}`);
  }
}

function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const known = scope.pseudo.get(name) ?? scope.parameters.get(name);
  if (known !== undefined) return known;
  if (scope.template.Resources[name] === undefined) throw unresolved(name);
  return scope.resource(name)?.ref ?? KNOWN_AFTER_APPLY;
}

function attribute(logicalId: string, name: string, scope: Scope): unknown {
  const definition = scope.template.Resources[logicalId];
  if (definition === undefined)
    throw validationError(`Template error: instance of Fn::GetAtt references undefined resource ${logicalId}`);
  const values = scope.resource(logicalId);
  if (values === undefined) return KNOWN_AFTER_APPLY;
  const value = values.attributes[name];
  if (value === undefined)
    throw validationError(
      `Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`,
    );
  return value;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html */
function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== 'string' || !isObject(variables)) {
    return fail(
      'Fn::Sub',
      'One or more Fn::Sub intrinsic functions do not specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string',
    );
  }
  return template.replace(SUBSTITUTION, (_, literal: string | undefined, name: string) => {
    if (literal !== undefined) return `\${${name}}`;
    if (name in variables) return text('Fn::Sub', evaluate(variables[name], scope));
    const isReference = !name.includes('.') || scope.pseudo.has(name);
    return text('Fn::Sub', isReference ? reference(name, scope) : attribute(...splitAttribute(name), scope));
  });
}

/** `${Name}`, `${Name.Attribute}`, `${AWS::Region}`; `${!Literal}` stands for itself. */
export const SUBSTITUTION = /\$\{(!)?([^}]+)\}/g;

function findInMap(argument: unknown, scope: Scope): unknown {
  const [map, top, second, options] = list('Fn::FindInMap', argument, scope);
  const found = scope.template.Mappings[String(map)]?.[String(top)]?.[String(second)];
  if (found !== undefined) return found;
  if (isObject(options) && options['DefaultValue'] !== undefined) return options['DefaultValue'];
  throw validationError(`Template error: Unable to get mapping for ${String(map)}::${String(top)}::${String(second)}`);
}

/** Values of all named conditions; they may refer to each other and to parameters, never to resources. */
export function evaluateConditions(scope: Omit<Scope, 'conditions' | 'resource'>): ReadonlyMap<string, boolean> {
  const values = new Map<string, boolean>();
  const open = new Set<string>();
  const lazy: Scope = {
    ...scope,
    resource: () => undefined,
    conditions: { get: (name: string) => value(name) } as ReadonlyMap<string, boolean>,
  };
  const value = (name: string): boolean | undefined => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const definition = scope.template.Conditions[name];
    if (definition === undefined) return undefined;
    if (open.has(name))
      throw validationError(`Template format error: Circular dependency between conditions: [${[...open].join(', ')}]`);
    open.add(name);
    const result = evaluateCondition(definition, lazy);
    values.set(name, result);
    open.delete(name);
    return result;
  };
  for (const name of Object.keys(scope.template.Conditions)) value(name);
  return values;
}

/** A condition function: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html */
export function evaluateCondition(definition: unknown, scope: Scope): boolean {
  if (typeof definition === 'boolean') return definition;
  const [name = '', argument] = isObject(definition) ? (Object.entries(definition)[0] ?? []) : [];
  const operands = Array.isArray(argument) ? argument : [];
  switch (name) {
    case 'Condition':
      return condition(String(argument), scope);
    case 'Fn::Equals': {
      const [left, right] = list(name, argument, scope);
      return scalarText(left) === scalarText(right);
    }
    case 'Fn::Not':
      return !evaluateCondition(operands[0], scope);
    case 'Fn::And':
      return operands.every((operand) => evaluateCondition(operand, scope));
    case 'Fn::Or':
      return operands.some((operand) => evaluateCondition(operand, scope));
    case 'Fn::Contains': {
      const [items, wanted] = list(name, argument, scope);
      return Array.isArray(items) && items.map(scalarText).includes(scalarText(wanted));
    }
    default:
      throw validationError(
        `Template error: every condition must be a condition function, not ${JSON.stringify(definition)}`,
      );
  }
}

function condition(name: string, scope: Scope): boolean {
  const value = scope.conditions.get(name);
  if (value === undefined) throw validationError(`Template format error: Unresolved condition dependency ${name}`);
  return value;
}

export const unresolved = (...names: string[]): Error =>
  validationError(
    `Template format error: Unresolved resource dependencies [${names.join(', ')}] in the Resources block of the template`,
  );

function list(name: string, argument: unknown, scope: Scope): unknown[] {
  return Array.isArray(argument)
    ? argument.map((item) => {
        const value = evaluate(item, scope);
        return value === NO_VALUE ? undefined : value;
      })
    : fail(name, `${name} requires a list argument`);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return fail(name, `every argument of ${name} must be a string, not ${JSON.stringify(value)}`);
}

const unknownOr = <T>(value: unknown, compute: () => T): T | string =>
  value === KNOWN_AFTER_APPLY ? KNOWN_AFTER_APPLY : compute();

function fail(name: string, why: string): never {
  throw validationError(`Template error: ${why} (${name})`);
}
