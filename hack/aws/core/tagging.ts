// Tags as condition keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
import type { RequestContext } from './operation.ts';

export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags of a resource: `aws:ResourceTag/<key>`. */
export const resourceTagContext = (tags: ReadonlyMap<string, string> | undefined): RequestContext =>
  Object.fromEntries([...(tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]));

/** Tags that a request sets: `aws:RequestTag/<key>` and `aws:TagKeys`; nothing for a request without tags. */
export function requestTagContext(tags: readonly Tag[] | undefined): RequestContext {
  if (tags === undefined || tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key ?? ''}`, Value ?? ''])),
    ...tagKeysContext(tags.map(({ Key }) => Key ?? '')),
  };
}

/** Keys that a request removes: `aws:TagKeys`. */
export const tagKeysContext = (keys: readonly string[] | undefined): RequestContext =>
  keys === undefined || keys.length === 0 ? {} : { 'aws:TagKeys': [...keys] };

/** Writes request tags over the tags a resource has. */
export function setTags(tags: Map<string, string>, changes: readonly Tag[] | undefined): void {
  for (const { Key, Value } of changes ?? []) tags.set(Key ?? '', Value ?? '');
}

/** The list form most APIs answer with. */
export const tagList = (tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));
