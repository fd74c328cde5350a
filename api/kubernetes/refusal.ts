// What a refusal of the API server means to the person in whose name was asked.

import type { GraphQLError } from 'graphql';
import { disabledKey } from '../../operator/features/features.ts';
import { isKubeError, type KubeError } from '../../operator/kernel/client/kube-api.ts';
import { disabledByConfig, failure, notFound, unauthorized, type FailureClass } from '../server/failure.ts';

/** What is tried. */
export interface Attempt {
  /** In capitals, as data.all's messages name it, e.g. `UPDATE`. */
  readonly action: string;
  /** Permission it takes, in data.all's words, e.g. `UPDATE_ORGANIZATION`. */
  readonly permission: string;
  /** Kind of the object, for people, e.g. `Organization`. */
  readonly what: string;
  /** Its uri, or its name where it has none yet. */
  readonly uri: string;
}

/** Fields that others keep, e.g. `[{field: 'spec.label', managers: ['kustomize-controller']}]`. */
export interface KeptFields {
  readonly kept: readonly { readonly field: string; readonly managers: readonly string[] }[];
}

/** @param error what the API server answered, or what keeps us from asking it */
export function refusal(error: unknown, user: string, attempt: Attempt): GraphQLError {
  if (isKept(error)) return conflict(error, attempt);
  if (!isKubeError(error)) throw error;
  const say = (code: FailureClass): GraphQLError =>
    failure({ class: code, action: attempt.action, text: sentence(error), facts: { reason: error.reason } });
  switch (error.reason) {
    case 'Forbidden':
      return forbidden(error, user, attempt);
    case 'NotFound':
      return notFound(attempt.action, attempt.what, attempt.uri);
    case 'AlreadyExists':
      return say('ResourceAlreadyExists');
    case 'Conflict':
      return say('Conflict');
    case 'Invalid':
    case 'TooLarge':
      return say('InvalidInput');
    case 'Unauthorized':
    case 'Gone':
    case 'TooManyRequests':
    case 'Unavailable':
    case 'Timeout':
      return failure({
        class: 'ServiceUnavailable',
        action: attempt.action,
        text: 'Kubernetes does not answer; nothing is known to have changed. Look whether it did, and try again in a moment',
      });
  }
}

const isKept = (error: unknown): error is KeptFields => typeof error === 'object' && error !== null && 'kept' in error;

function conflict({ kept }: KeptFields, { action }: Attempt): GraphQLError {
  const fields = kept.map(({ field, managers }) => `${field} (${managers.join(', ')})`).join(', ');
  return failure({
    class: 'Conflict',
    action,
    text: `${fields} is kept by a deployment tool, which would write it back: change it in the repository it comes from`,
    facts: { kept },
  });
}

/** RBAC names a verb and a resource, which mean little to people; a policy of ours says what is wrong and what to do. */
function forbidden(error: KubeError, user: string, { action, permission, what, uri }: Attempt): GraphQLError {
  const policy = /ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request: (.*)/s.exec(
    error.message,
  )?.[1];
  const quota = /exceeded quota: .*/s.exec(error.message)?.[0];
  if (quota !== undefined) return failure({ class: 'ResourceThresholdExceeded', action, text: quota });
  const key = disabledKey(policy ?? '');
  if (key !== undefined) return disabledByConfig(key);
  if (policy === undefined) return unauthorized(action, user, permission, `resource: ${uri}`);
  return failure({
    class: 'UnauthorizedOperation',
    action,
    text: `User: ${user} is not authorized to perform: ${permission} on ${what} ${uri}: ${policy}`,
  });
}

/** The API server's own sentence, without the path of the request. */
const sentence = (error: KubeError): string => error.message.replace(/^\w+: (GET|POST|PUT|PATCH|DELETE) \S+: /, '');
