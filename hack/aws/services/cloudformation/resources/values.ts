// Reading resolved properties: templates write numbers and booleans as they like, services want them typed.
import { isObject, scalarText, type JsonObject } from '../template.ts';

export function text(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : scalarText(value);
}

export function number(properties: JsonObject, name: string): number | undefined {
  const value = properties[name];
  return value === undefined ? undefined : Number(value);
}

export function boolean(properties: JsonObject, name: string): boolean | undefined {
  const value = properties[name];
  return value === undefined ? undefined : scalarText(value) === 'true';
}

function list(properties: JsonObject, name: string): readonly unknown[] {
  const value = properties[name];
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export const texts = (properties: JsonObject, name: string): string[] => list(properties, name).map(String);

export const objects = (properties: JsonObject, name: string): JsonObject[] => list(properties, name).filter(isObject);

export function object(properties: JsonObject, name: string): JsonObject {
  const value = properties[name];
  return isObject(value) ? value : {};
}

/** A policy document property: object in templates, text to the services. */
export function document(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || typeof value === 'string') return value;
  return JSON.stringify(value);
}

export type TagList = { Key: string; Value: string }[];

export const tags = (properties: JsonObject): TagList =>
  objects(properties, 'Tags').map(({ Key, Value }) => ({ Key: String(Key), Value: String(Value) }));

/** Keys of tags that are to go. */
export function removedTagKeys(previous: JsonObject, properties: JsonObject): string[] {
  const kept = new Set(tags(properties).map(({ Key }) => Key));
  return tags(previous)
    .map(({ Key }) => Key)
    .filter((key) => !kept.has(key));
}

/** Items that are only in the first list. */
export const without = (items: readonly string[], others: readonly string[]): string[] =>
  items.filter((item) => !others.includes(item));

/**
 * Services want numbers and booleans where templates may say "true" or "7".
 * @param typed names of members, at any depth, that are not text.
 */
export function typed(value: unknown, members: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => typed(item, members));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      members.has(key) && typeof item === 'string' ? JSON.parse(item) : typed(item, members),
    ]),
  );
}
