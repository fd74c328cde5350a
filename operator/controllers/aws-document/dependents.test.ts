import { expect, it } from 'vitest';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { PolicyAttachments } from '../../access/document.ts';
import { consumptionRole, dataset, environment, ROLE_ARN } from '../../access/testing/fixtures.ts';
import type { DocumentOutcome } from '../../access/reconcile-document.ts';
import type { ConsumptionRole } from '../../resources/consumption-role.ts';
import { attachmentsOf } from '../consumption-role/attachments.ts';
import { ObservedDocuments } from '../reconcile/observed-documents.ts';
import type { Platform } from '../reconcile/platform.ts';
import { enqueueDependents } from './dependents.ts';

const POLICY = 'arn:aws:iam::222222222222:policy/dataall-env-envmarke-share-policy-x-0';
const key = sharePoliciesKeyOf(ROLE_ARN);

/** What is woken once these policies were read, for a role whose status is this. */
const wokenBy = (
  attachments: PolicyAttachments,
  status: (platform: Platform) => Partial<ConsumptionRole['status']>,
) => {
  const woken: string[] = [];
  const observed = new ObservedDocuments();
  const unread = { verdicts: new Map(), outputs: new Map(), clean: true, drift: [], writes: 0, discovered: [] };
  const outcome = { ...unread, reported: false, deferred: undefined, ownReading: undefined, verifiedAt: 0 };
  observed.record({ key, revision: 1, outcome: { ...outcome, attachments } satisfies DocumentOutcome });
  let role = consumptionRole();
  const platform = {
    observed,
    specs: {
      principalsOf: () => [{ kind: 'ConsumptionRole', role }],
      environmentsOfAccount: () => [environment('marketing-prod')],
    },
    enqueue: (_controller: string, name: string) => woken.push(name),
  } as unknown as Platform;
  role = consumptionRole({ status: status(platform) });
  enqueueDependents(platform, key, 0);
  return woken;
};

it('wakes a consumption role whose status does not tell which policies were read, and no other', () => {
  const attachments = { policies: [{ arn: POLICY, attached: false }] };
  const told = (platform: Platform): Partial<ConsumptionRole['status']> => {
    const { policies, condition } = attachmentsOf(platform, consumptionRole());
    return { policies, conditions: [{ ...condition, lastTransitionTime: '', observedGeneration: 1 } as never] };
  };
  expect(wokenBy(attachments, () => ({}))).toEqual(['marketing-prod/analysts']);
  expect(wokenBy(attachments, told)).toEqual([]);
  expect(wokenBy({ policies: [{ arn: POLICY, attached: true }] }, () => ({ policies: [] }))).toHaveLength(1);
  expect(wokenBy({ policies: [] }, () => ({}))).toEqual([]);
});

it('wakes a dataset that is ready where its documents differ and are left so, and not where they are as they should be', () => {
  const policy = {
    kind: 'bucket-policy',
    account: '111111111111',
    region: 'eu-west-1',
    bucket: 'orders-data',
  } as const;
  const wokenAfter = (drift: DocumentOutcome['drift']): readonly string[] => {
    const woken: string[] = [];
    const observed = new ObservedDocuments();
    const read = { verdicts: new Map(), outputs: new Map(), clean: true, writes: 0, discovered: [], verifiedAt: 0 };
    const outcome = { ...read, drift, reported: drift.length > 0, deferred: undefined, ownReading: undefined };
    observed.record({ key: policy, revision: 1, outcome });
    const conditions = [{ type: 'Ready', status: 'True', reason: 'Succeeded', message: '', lastTransitionTime: '' }];
    const platform = {
      observed,
      specs: { datasetsOfBucket: () => [dataset({ status: { conditions: conditions as never } })] },
      enqueue: (_controller: string, name: string) => woken.push(name),
    } as unknown as Platform;
    enqueueDependents(platform, policy, 0);
    return woken;
  };
  expect(wokenAfter([{ kind: 'missing', message: 'statement X is missing', grants: [] }])).toEqual([
    'sales-prod/orders',
  ]);
  expect(wokenAfter([])).toEqual([]);
});
