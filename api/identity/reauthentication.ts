// Operations that ask for a fresh sign-in. They are known by the field that runs, never by the name that a client gives its operation.

import { GraphQLError } from 'graphql';
import type { Identity } from './identity.ts';

export interface Reauthentication {
  /** Fields of Query and Mutation as the schema spells them (`reauthOperations` of settings.ts). */
  readonly operations: ReadonlySet<string>;
  readonly ttlMinutes: number;
}

/** Of a sign-in without a time nobody knows that it is fresh. @param now seconds since 1970 */
export const needsReauthentication = (
  { operations, ttlMinutes }: Reauthentication,
  { authenticatedAt }: Pick<Identity, 'authenticatedAt'>,
  fieldName: string,
  now: number,
): boolean => operations.has(fieldName) && (authenticatedAt === undefined || now - authenticatedAt > ttlMinutes * 60);

/** In the words that data.all's front end knows: it signs the person in anew and sends the operation again. HTTP status 401. */
export const reauthenticationRequired = (fieldName: string): GraphQLError =>
  new GraphQLError(`ReAuth Required To Perform This Action ${fieldName}`, {
    extensions: { code: 'REAUTH', operation: fieldName, http: { status: 401 } },
  });
