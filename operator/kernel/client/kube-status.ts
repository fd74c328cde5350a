// Turns the server's Status objects and the transport's errors into KubeErrors.

import { KubeError, type KubeFailure } from './kube-api.ts';

/** metav1.Status, as far as we read it. */
export interface Status {
  code?: number;
  reason?: string;
  message?: string;
  details?: { retryAfterSeconds?: number; causes?: { reason?: string; message?: string }[] };
}

/**
 * @param retryAfterSeconds of the Retry-After header
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/ and apimachinery's pkg/apis/meta/v1/types.go for the reasons
 */
export function failureOf(code: number, status: Status, retryAfterSeconds?: number): KubeFailure {
  const wait = retryAfterSeconds ?? status.details?.retryAfterSeconds;
  switch (code) {
    case 401:
      return { reason: 'Unauthorized' };
    case 403:
      return { reason: 'Forbidden' };
    case 404:
      return { reason: 'NotFound' };
    case 409:
      return { reason: status.reason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict' };
    case 410:
      return { reason: 'Gone' };
    case 413:
      return { reason: 'TooLarge' };
    case 429:
      return { reason: 'TooManyRequests', retryAfterMs: (wait ?? 1) * 1000 };
    case 504:
      // After etcd was restored from a backup our resource version lies in the future: it is as useless as one too old.
      if (status.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge'))
        return { reason: 'Gone' };
      return { reason: 'Timeout' };
    default:
      if (status.message?.includes('etcdserver: request is too large')) return { reason: 'TooLarge' };
      if (code < 500) return { reason: 'Invalid' };
      return { reason: 'Unavailable', ...(wait === undefined ? {} : { retryAfterMs: wait * 1000 }) };
  }
}

/** Errors of the connection: refused, reset, closed half-way, TLS. All may pass. An abort stays what it is. */
export function toKubeError(error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KubeError({ reason: 'Unavailable' }, message, { cause: error });
}
