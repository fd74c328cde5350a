// What of the objects of a share its people are told, in the types that data.all's front end knows. Pure.

import { createHash } from 'node:crypto';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import { specWritten } from '../object-columns.ts';

/** As data.all names what it tells of shares. */
export type NotificationType =
  | 'SHARE_OBJECT_SUBMITTED'
  | 'SHARE_OBJECT_APPROVED'
  | 'SHARE_OBJECT_REJECTED'
  | 'SHARE_OBJECT_EXTENSION_SUBMITTED'
  | 'SHARE_OBJECT_EXTENDED'
  | 'SHARE_OBJECT_EXTENSION_REJECTED';

export interface Notice {
  /** The same for the same news, however often it is seen. */
  readonly key: string;
  readonly type: NotificationType;
  /** Owner and stewards of the dataset, or the group that asks. */
  readonly to: 'deciders' | 'requester';
  readonly request_namespace: string;
  readonly request: string;
  /** That it speaks of. Of a request for another nobody is told: whoever owns some dataset could have any group told what they like. */
  readonly dataset_namespace: string;
  readonly dataset: string;
  readonly message: string;
  /** RFC 3339. */
  readonly happened: string;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 16);

/** For those who decide: what waits for them, once the operator says that it does. What approves itself waits for nobody. */
export function noticesOfRequest(request: ShareRequest): Notice[] {
  const { metadata, spec, status } = request;
  if (spec.draft) return [];
  const place = {
    to: 'deciders',
    request_namespace: metadata.namespace,
    request: metadata.name,
    dataset_namespace: spec.datasetRef.namespace,
    dataset: spec.datasetRef.name,
  } as const;
  const about = `${spec.requester} for dataset ${spec.datasetRef.name}`;
  const waiting = (status.items ?? []).filter(({ state }) => state === 'PendingApproval');
  const askedAt = new Map(spec.items.map(({ kind, name, askedAt: again }) => [`${kind}/${name}`, again]));
  const asks = waiting.map(({ kind, name }) => [kind, name, askedAt.get(`${kind}/${name}`)]);
  const happened = specWritten(metadata);
  const isExtended = status.conditions?.some(({ reason }) => reason === 'ExtensionPending') ?? false;
  return [
    ...(waiting.length === 0
      ? []
      : [
          {
            ...place,
            key: `submitted ${metadata.uid} ${digest(asks)}`,
            type: 'SHARE_OBJECT_SUBMITTED' as const,
            message: `Share request of ${about} waits for a decision about ${itemsText(waiting.length)}`,
            happened,
          },
        ]),
    ...(isExtended
      ? [
          {
            ...place,
            key: `extension ${metadata.uid} ${digest([spec.expiresAt, spec.extension?.askedAt])}`,
            type: 'SHARE_OBJECT_EXTENSION_SUBMITTED' as const,
            message: `Share of ${about} asks to last until ${spec.expiresAt ?? 'nobody ends it'}`,
            happened,
          },
        ]
      : []),
  ];
}

const itemsText = (count: number): string => (count === 1 ? '1 item' : `${count} items`);

/** For who asks: what was decided. What is only being prepared is nobody's business yet. */
export function noticesOfApproval(approval: ShareApproval): Notice[] {
  const { metadata, spec } = approval;
  const { decision, items = [], rejected = [], withdrawn = [], extension, reason } = spec;
  if (decision === 'Pending') return [];
  const what = `dataset ${spec.datasetRef.name}`;
  const notice = (type: NotificationType, key: string, message: string, happened: string): Notice => ({
    key: `${key} ${metadata.uid}`,
    type,
    to: 'requester',
    request_namespace: spec.requestRef.namespace,
    request: spec.requestRef.name,
    dataset_namespace: metadata.namespace,
    dataset: spec.datasetRef.name,
    message: `${spec.approver} ${message}`,
    happened,
  });
  const written = specWritten(metadata);
  const because = reason === undefined ? '' : `: ${reason}`;
  if (decision === 'Rejected')
    return [
      notice(
        'SHARE_OBJECT_REJECTED',
        `rejected ${metadata.generation}`,
        `rejected the share request for ${what}${because}`,
        written,
      ),
    ];
  const approved = notice(
    'SHARE_OBJECT_APPROVED',
    `approved ${digest(items)}`,
    `approved ${itemsText(items.length)} of ${what}${because}`,
    written,
  );
  return [
    ...(items.length > 0 ? [approved] : []),
    ...[
      ...rejected.map((item) => ({ ...item, did: 'rejected' })),
      ...withdrawn.map((item) => ({ ...item, did: 'took back' })),
    ].map(({ kind, name, at, did }) =>
      notice('SHARE_OBJECT_REJECTED', `${did} ${digest([kind, name, at])}`, `${did} ${kind} ${name} of ${what}`, at),
    ),
    ...(extension === undefined
      ? []
      : [
          extension.decision === 'Approved'
            ? notice(
                'SHARE_OBJECT_EXTENDED',
                `extended ${extension.at}`,
                `let the share of ${what} last longer`,
                extension.at,
              )
            : notice(
                'SHARE_OBJECT_EXTENSION_REJECTED',
                `not extended ${extension.at}`,
                `does not let the share of ${what} last longer`,
                extension.at,
              ),
        ]),
  ];
}
