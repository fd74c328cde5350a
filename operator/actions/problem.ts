// A request that is answered with a problem instead: thrown anywhere in an action, told to the caller as it is.

import { isFault, type AwsFault } from '../aws/fault.ts';
import { isKubeError } from '../kernel/client/kube-api.ts';
import { problems, problemUri, type ProblemBody, type ProblemType } from './contract/problem.ts';

/** Seconds after which what was too much or not there is worth another try. */
const RETRY_AFTER_S = 2;

/** Its detail goes to the caller: it holds no secret, and nothing about objects that the user may not see. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly type: ProblemType;

  constructor(type: ProblemType, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.type = type;
  }

  get status(): number {
    return problems[this.type].status;
  }

  /** Seconds, for answers that say so. */
  get retryAfter(): number | undefined {
    return this.type === 'busy' || this.type === 'unavailable' ? RETRY_AFTER_S : undefined;
  }

  body(requestId: string): ProblemBody {
    const { status, title } = problems[this.type];
    return { type: problemUri(this.type) as ProblemBody['type'], title, status, detail: this.message, requestId };
  }
}

/** Whatever was thrown, as a problem. What nobody foresaw says nothing but where to look. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (isFault(error)) return new Problem(typeOfFault(error), `${error.message}. ${error.advice}`, { cause: error });
  if (isKubeError(error, 'Unavailable', 'Timeout', 'TooManyRequests'))
    return new Problem('unavailable', 'The Kubernetes API server does not answer: try again.', { cause: error });
  if (isKubeError(error, 'Forbidden', 'Unauthorized'))
    return new Problem('internal', 'The operator lacks a right in the cluster: install the RBAC of its version.', {
      cause: error,
    });
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return new Problem('timed-out', 'There was no answer in time: try again, or ask for less.', { cause: error });
  return new Problem('internal', 'Report it with the request id: the operator’s log has more.', { cause: error });
};

const typeOfFault = ({ kind }: AwsFault): ProblemType => {
  switch (kind) {
    case 'Throttled':
    case 'Unavailable':
    case 'NotLeader':
      return 'unavailable';
    case 'Timeout':
    case 'Cancelled':
      return 'timed-out';
    default:
      return 'aws-refused';
  }
};
