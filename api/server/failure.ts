// What a request can fail with, in the words that data.all's clients know, and what Kubernetes means by a refusal.

import { GraphQLError } from 'graphql';
import { disabledMessage } from '../../operator/features/features.ts';

/** The classes of errors that data.all names in its messages (`An error occurred (<class>) when calling <action> operation: ...`). */
export type FailureClass =
  | 'UnauthorizedOperation'
  | 'RequiredParameter'
  | 'InvalidInput'
  | 'ResourceNotFound'
  | 'ResourceAlreadyExists'
  | 'ResourceShared'
  | 'EnvironmentResourcesFound'
  | 'OrganizationResourcesFound'
  | 'ShareItemsFound'
  | 'PrincipalRoleNotFound'
  | 'AWSResourceNotFound'
  | 'AWSResourceNotAvailable'
  | 'ResourceThresholdExceeded'
  /** Somebody else, a deployment tool mostly, keeps the field or wrote first. */
  | 'Conflict'
  /** A part of the gateway does not answer: try again. */
  | 'ServiceUnavailable'
  /** In data.all's contract and not in this version of ours. */
  | 'NotInThisVersion';

export interface FailureOptions {
  readonly class: FailureClass;
  /** What was tried, in capitals, e.g. `CREATE_SHARE_OBJECT`. */
  readonly action: string;
  /** What is wrong and what to do. */
  readonly text: string;
  /** Further facts for programs. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** An error that is told to the client as it stands: a message that data.all's clients can show, and its class as `extensions.code`. */
export function failure({ class: code, action, text, facts }: FailureOptions): GraphQLError {
  return new GraphQLError(`An error occurred (${code}) when calling ${action} operation: ${text}`, {
    extensions: { code, action, ...facts },
  });
}

export const unauthorized = (action: string, user: string, permission: string, on: string): GraphQLError =>
  failure({
    class: 'UnauthorizedOperation',
    action,
    text: `User: ${user} is not authorized to perform: ${permission} on ${on}`,
  });

export const requiredParameter = (action: string, name: string): GraphQLError =>
  failure({ class: 'RequiredParameter', action, text: `${name} is required` });

export const invalidInput = (action: string, name: string, value: string, constraint: string): GraphQLError =>
  failure({ class: 'InvalidInput', action, text: `${name} value ${JSON.stringify(value)} must be ${constraint}` });

/** The same for what is not there and for what one may not see: otherwise the answer would tell which names exist. */
export const notFound = (action: string, what: string, uri: string): GraphQLError =>
  failure({ class: 'ResourceNotFound', action, text: `${what} ${uri} was not found, or you may not see it` });

/** What config.json switches off, in data.all's words. @param name key or module, e.g. `modules.s3_datasets` */
export const disabledByConfig = (name: string): GraphQLError =>
  new GraphQLError(disabledMessage(name), { extensions: { code: 'DisabledByConfig', key: name } });

/** Whether it is one of ours, of that class. */
export const isFailure = (error: unknown, code: FailureClass): boolean =>
  error instanceof GraphQLError && error.extensions['code'] === code;
