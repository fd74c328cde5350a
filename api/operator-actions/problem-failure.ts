// What a problem of the operator means to the person in whose name was asked.

import type { GraphQLError } from 'graphql';
import type { ProblemType } from '../../operator/actions/contract/problem.ts';
import { disabledKey } from '../../operator/features/features.ts';
import type { Attempt } from '../kubernetes/refusal.ts';
import { disabledByConfig, failure, notFound, unauthorized, type FailureClass } from '../server/failure.ts';

/** @param detail as the operator tells it: written for people, without secrets */
export function problemFailure(
  type: ProblemType,
  detail: string,
  user: string,
  { action, permission, what, uri }: Attempt,
): GraphQLError {
  const say = (code: FailureClass, text = detail): GraphQLError => failure({ class: code, action, text });
  switch (type) {
    case 'forbidden':
      return unauthorized(action, user, permission, `resource: ${uri}`);
    case 'not-found':
      return notFound(action, what, uri);
    case 'switched-off':
      return disabledByConfig(disabledKey(detail) ?? 'of the operator');
    case 'invalid-request':
      return say('InvalidInput');
    case 'not-ready':
      return say('AWSResourceNotAvailable');
    case 'changed':
      return say('Conflict');
    case 'too-large':
      return say('ResourceThresholdExceeded');
    case 'aws-refused':
    case 'busy':
    case 'unavailable':
    case 'timed-out':
      return say('ServiceUnavailable');
    case 'unauthenticated':
    case 'internal':
      return say('ServiceUnavailable', 'The operator failed; its operators find this request in the log');
  }
}
