// JSON patch (RFC 6902: add, replace, remove, test) and merge patch (RFC 7386) on plain objects.

import { isDeepStrictEqual } from 'node:util';
import { isMap, type Json } from '../json.ts';
import { type JsonPatchOperation, KubeError, type Patch } from '../client/kube-api.ts';

/** @throws KubeError Invalid when a path does not exist or a test fails, as the API server does */
export function patched(object: Json, patch: Patch): Json {
  if (patch.type === 'merge') return mergePatched(object, patch.body) as Json;
  const result = structuredClone(object);
  for (const operation of patch.operations) operate(result, operation);
  return result;
}

function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return structuredClone(patch);
  const result: Json = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergePatched(result[key], value);
  }
  return result;
}

function operate(root: Json, operation: JsonPatchOperation): void {
  const keys = operation.path.split('/').slice(1).map(unescape);
  const last = keys.pop() ?? '';
  let parent: unknown = root;
  for (const key of keys) parent = isMap(parent) || Array.isArray(parent) ? (parent as Json)[key] : undefined;
  if (Array.isArray(parent)) operateOnList(parent, last, operation);
  else if (isMap(parent)) operateOnMap(parent, last, operation);
  else throw invalid(operation, 'no such path');
}

function operateOnMap(parent: Json, key: string, operation: JsonPatchOperation): void {
  if (operation.op !== 'add' && operation.op !== 'test' && !(key in parent)) throw invalid(operation, 'no such path');
  if (operation.op === 'remove') delete parent[key];
  else if (operation.op === 'test') test(parent[key], operation, operation.value);
  else parent[key] = structuredClone(operation.value);
}

function operateOnList(parent: unknown[], key: string, operation: JsonPatchOperation): void {
  const index = key === '-' ? parent.length : Number(key);
  const limit = operation.op === 'add' ? parent.length : parent.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > limit) throw invalid(operation, 'no such index');
  if (operation.op === 'remove') parent.splice(index, 1);
  else if (operation.op === 'test') test(parent[index], operation, operation.value);
  else parent.splice(index, operation.op === 'add' ? 0 : 1, structuredClone(operation.value));
}

function test(value: unknown, operation: JsonPatchOperation, expected: unknown): void {
  if (!isDeepStrictEqual(value, expected)) throw invalid(operation, 'test failed');
}

function unescape(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function invalid(operation: JsonPatchOperation, why: string): KubeError {
  return new KubeError({ reason: 'Invalid' }, `${operation.op} ${operation.path}: ${why}`);
}
