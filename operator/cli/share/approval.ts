// What consent to a request writes into its ShareApproval, and what takes it back. Pure.

import { apiVersion, type Manifest } from '../../resources/kind.ts';
import { approvalName } from '../../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../../resources/share-approval.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import { CommandError } from '../exit-codes.ts';
import type { Asked } from './asked.ts';

export interface Consent {
  /** The group in whose name it is given. */
  readonly approver: string;
  /** Undefined: all that is asked for. */
  readonly items: readonly ShareItem[] | undefined;
  /** RFC 3339; undefined: as the request says. */
  readonly expiresAt: string | undefined;
  readonly reason: string | undefined;
}

type ApprovalManifest = Manifest<typeof shareApprovalKind>;

const keyOf = ({ kind, name }: Pick<ShareItem, 'kind' | 'name'>): string => `${kind} ${name}`;

/**
 * All of the approval, beside what of an earlier one still stands: what was given and what was prepared.
 * @throws CommandError `usage` for items that nobody asks for
 */
export function approvalOf(asked: Asked, before: ShareApproval | undefined, consent: Consent): ApprovalManifest {
  const chosen = consent.items ?? asked.items;
  const strange = chosen.find((item) => !asked.items.some((one) => keyOf(one) === keyOf(item)));
  if (strange !== undefined)
    throw new CommandError('usage', `${keyOf(strange)} is not asked for: ${asked.items.map(keyOf).join(', ')} are`);
  const names = new Set(chosen.map(keyOf));
  const others = <Item extends Pick<ShareItem, 'kind' | 'name'>>(items: readonly Item[] | undefined): Item[] =>
    (items ?? []).filter((item) => !names.has(keyOf(item)));
  const given = before?.spec.decision === 'Approved' ? others(before.spec.items) : [];
  const expiresAt = consent.expiresAt ?? before?.spec.expiresAt ?? asked.expiresAt;
  const { namespace, name, uid } = asked.request;
  const [withdrawn, rejected] = [others(before?.spec.withdrawn), others(before?.spec.rejected)];
  return {
    apiVersion,
    kind: shareApprovalKind.kind,
    metadata: { namespace: asked.dataset.namespace, name: approvalName(asked.request) },
    spec: {
      datasetRef: { name: asked.dataset.name },
      requestRef: { namespace, name, uid },
      approver: consent.approver,
      requester: asked.requester,
      principal: {
        kind: asked.principal.kind,
        name: asked.principal.name,
        ...(asked.principal.arn !== undefined && { arn: asked.principal.arn }),
      },
      decision: 'Approved',
      permissions: [...asked.permissions],
      items: [...given, ...chosen],
      ...(expiresAt !== undefined && { expiresAt }),
      ...(consent.reason !== undefined && { reason: consent.reason }),
      ...(withdrawn.length > 0 && { withdrawn }),
      ...(rejected.length > 0 && { rejected }),
    },
  };
}

/** As a merge patch of the spec. @param items undefined: all that was given; @param at RFC 3339 */
export function revocationOf(
  { spec }: ShareApproval,
  items: readonly ShareItem[] | undefined,
  reason: string | undefined,
  at: string,
): object {
  if (items === undefined) return { decision: 'Rejected', ...(reason !== undefined && { reason }) };
  const strange = items.find((item) => !(spec.items ?? []).some((one) => keyOf(one) === keyOf(item)));
  if (strange !== undefined)
    throw new CommandError('usage', `${keyOf(strange)} is not given: ${(spec.items ?? []).map(keyOf).join(', ')} are`);
  const names = new Set(items.map(keyOf));
  const denied = items.map(({ kind, name }) => ({ kind, name, at, ...(reason !== undefined && { reason }) }));
  return {
    items: (spec.items ?? []).filter((item) => !names.has(keyOf(item))),
    withdrawn: [...(spec.withdrawn ?? []).filter((item) => !names.has(keyOf(item))), ...denied],
  };
}
