// What the operator says of a share, as lines: conditions of the request and of the decision, then each item that is not as it should be.

import type { ShareRow } from './queries.ts';

interface LogLine {
  readonly logGroup: string;
  readonly logStream: string;
  /** RFC 3339. */
  readonly timestamp: string;
  readonly message: string;
}

export function logLines({ request, approval }: ShareRow): LogLine[] {
  const lines = [request, ...(approval === null ? [] : [approval])].flatMap(({ kind, metadata, status }) =>
    (status.conditions ?? []).map(({ type, status: is, reason, message, lastTransitionTime }) => ({
      logGroup: kind,
      logStream: `${metadata.namespace}/${metadata.name}`,
      timestamp: lastTransitionTime,
      message: `${type}=${is} ${reason}: ${message}`,
    })),
  );
  const items = (request.status.items ?? []).flatMap(({ kind, name, state, reason, message }) =>
    message === undefined
      ? []
      : [
          {
            logGroup: kind,
            logStream: name,
            timestamp: request.status.verifiedAt ?? request.metadata.creationTimestamp,
            message: `${state}${reason === undefined ? '' : ` ${reason}`}: ${message}`,
          },
        ],
  );
  return [...lines.toSorted((a, b) => (a.timestamp < b.timestamp ? 1 : -1)), ...items];
}
