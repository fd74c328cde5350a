// What is asked for, as a digest: whoever decides says by it what they saw, so that nobody consents to what came after.

import { createHash } from 'node:crypto';
import type { ShareRequest } from '../../../../operator/resources/share-request.ts';

/** Of all that a decision is about, with the principal that it names. 16 hexadecimal digits. */
export function askedOf({ spec }: Pick<ShareRequest, 'spec'>): string {
  const { principal, permissions, items, purpose, expiresAt, extension } = spec;
  const text = JSON.stringify({ principal, permissions, items, purpose, expiresAt, extension }, inOneOrder);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** PostgreSQL keeps keys of JSON in another order than the API server gives them. */
const inOneOrder = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
