// From a definition in a template to the properties a handler gets: functions resolved, references looked up, tags merged, names checked.
import { isDeepStrictEqual } from 'node:util';
import { resolve, type Scope } from './intrinsics.ts';
import type { ResourceType } from './resource-type.ts';
import { isObject, scalarText, type JsonObject, type ResourceDefinition } from './template.ts';

/** Resolved properties of one resource; `{{resolve:...}}` is still in place. */
export function resolveProperties(
  definition: ResourceDefinition,
  type: ResourceType,
  scope: Scope,
  stackTags: ReadonlyMap<string, string>,
): JsonObject {
  const properties = (resolve(definition.Properties, scope) ?? {}) as JsonObject;
  return withStackTags(properties, type, stackTags);
}

/** Stack tags go to every resource that takes tags; the resource's own win: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html */
function withStackTags(properties: JsonObject, type: ResourceType, stackTags: ReadonlyMap<string, string>): JsonObject {
  if (type.tags === undefined || stackTags.size === 0) return properties;
  const own = properties['Tags'];
  if (type.tags === 'map')
    return { ...properties, Tags: { ...Object.fromEntries(stackTags), ...(isObject(own) ? own : {}) } };
  const ownList = Array.isArray(own) ? (own as { Key: string; Value: string }[]) : [];
  const ownKeys = new Set(ownList.map(({ Key }) => Key));
  const added = [...stackTags].filter(([key]) => !ownKeys.has(key)).map(([Key, Value]) => ({ Key, Value }));
  return { ...properties, Tags: [...ownList, ...added] };
}

/**
 * Why the properties cannot be used, in the words of the resource schemas; undefined when they can.
 * A property AWS knows and the simulator does not is refused too: nothing succeeds silently.
 */
export function problemOf(properties: JsonObject, type: ResourceType): string | undefined {
  const extraneous = Object.keys(properties).filter((name) => type.properties[name] === undefined);
  const missing = (type.required ?? []).filter((name) => properties[name] === undefined);
  const problems = [
    ...extraneous.map((name) => `#: extraneous key [${name}] is not permitted`),
    ...missing.map((name) => `#: required key [${name}] not found`),
  ];
  return problems.length === 0 ? undefined : problems.join('\n');
}

/** Names of properties that differ. */
export function changedProperties(before: JsonObject, after: JsonObject): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}

/** Whether the change makes another resource in place of this one. */
export const needsReplacement = (before: JsonObject, after: JsonObject, type: ResourceType): boolean =>
  changedProperties(before, after).some((name) => isReplacing(name, before, after, type));

export const isReplacing = (name: string, before: JsonObject, after: JsonObject, type: ResourceType): boolean =>
  type.properties[name] === 'replace' ||
  (type.identity !== undefined && type.identity(before) !== type.identity(after));

/** `{{resolve:ssm:name:version}}` and `{{resolve:secretsmanager:id:SecretString:key}}` */
const DYNAMIC_REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g;

/**
 * Looks dynamic references up, as whoever makes the resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export async function resolveDynamicReferences(
  value: unknown,
  invoke: <O>(service: string, operation: string, input: object) => Promise<O>,
): Promise<unknown> {
  if (typeof value === 'string') {
    let text = value;
    for (const [whole, service = '', path = ''] of value.matchAll(DYNAMIC_REFERENCE))
      text = text.replace(whole, await lookUp(service, path, invoke));
    return text;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveDynamicReferences(item, invoke)));
  if (!isObject(value)) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await resolveDynamicReferences(item, invoke)] as const),
  );
  return Object.fromEntries(entries);
}

async function lookUp(
  service: string,
  path: string,
  invoke: <O>(service: string, operation: string, input: object) => Promise<O>,
): Promise<string> {
  if (service !== 'secretsmanager') {
    const { Parameter } = await invoke<{ Parameter?: { Value?: string } }>('ssm', 'GetParameter', {
      Name: path,
      WithDecryption: service === 'ssm-secure',
    });
    return Parameter?.Value ?? '';
  }
  const [, id = path, key] = /^(.+?)(?::SecretString(?::([^:]*))?.*)?$/.exec(path) ?? [];
  const { SecretString = '' } = await invoke<{ SecretString?: string }>('secretsmanager', 'GetSecretValue', {
    SecretId: id,
  });
  return key ? scalarText((JSON.parse(SecretString) as JsonObject)[key] ?? '') : SecretString;
}
