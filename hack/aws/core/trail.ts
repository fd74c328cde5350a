// Writes the CloudTrail management event of a call, in the form EventBridge delivers it.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '../wire/service-schema.ts';
import type { Principal } from './principal.ts';

/** userIdentity element. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export const userIdentityOf = (
  principal: Principal,
  accessKeyId: string | undefined,
): Readonly<Record<string, unknown>> => {
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', principalId: principal.account, arn: principal.arn, accountId: principal.account };
    case 'user':
      return {
        type: 'IAMUser',
        principalId: principal.userId,
        arn: principal.arn,
        accountId: principal.account,
        ...key,
        userName: principal.userName,
      };
    case 'role-session':
      return {
        type: 'AssumedRole',
        principalId: `${principal.roleId}:${principal.sessionName}`,
        arn: principal.arn,
        accountId: principal.account,
        ...key,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: principal.roleId,
            arn: principal.roleArn,
            accountId: principal.account,
            userName: principal.roleName,
          },
        },
      };
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service };
    case 'anonymous':
    default:
      return { type: 'Unknown', principalId: 'Anonymous' };
  }
};

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** An input as CloudTrail shows it: member names in lowerCamelCase, map keys as they are, blobs and secrets left out. */
export const requestParametersOf = (
  schema: SchemaRef | undefined,
  input: unknown,
): Readonly<Record<string, unknown>> =>
  schema === undefined
    ? {}
    : ((shown(NormalizedSchema.of(schema), input) as Record<string, unknown> | undefined) ?? {});

const shown = (schema: NormalizedSchema, value: unknown): unknown => {
  if (value === undefined || value === null) return undefined;
  if (schema.isBlobSchema() || schema.isStreaming()) return undefined;
  if (schema.getMergedTraits().sensitive !== undefined) return 'HIDDEN_DUE_TO_SECURITY_REASONS';
  if (value instanceof Date) return value.toISOString();
  if (schema.isStructSchema() && typeof value === 'object') {
    const members: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const seen = shown(member, (value as Record<string, unknown>)[name]);
      if (seen !== undefined) members[lowerFirst(name)] = seen;
    }
    return members;
  }
  if (schema.isListSchema() && Array.isArray(value)) return value.map((item) => shown(schema.getValueSchema(), item));
  if (schema.isMapSchema() && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(schema.getValueSchema(), item)]));
  }
  return value;
};

/** Longest text the log keeps whole: policies and templates by the thousand would fill the memory. */
const MAX_LOGGED_TEXT = 4096;

/** An input with its bytes replaced by their count and long texts cut: what the request log keeps. */
export const withoutBytes = (value: unknown): unknown => {
  if (typeof value === 'string' && value.length > MAX_LOGGED_TEXT) {
    return `${value.slice(0, MAX_LOGGED_TEXT)}... (${value.length} characters)`;
  }
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBytes(item)]));
};
