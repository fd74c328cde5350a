import { expect, it } from 'vitest';
import { shareApproval, shareRequest } from '../../access/testing/fixtures.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { defineMisdirectedApprovalController } from './misdirected-approval.ts';
import { ControllerTestEnv } from '../testing/controller-test-env.ts';

const { namespace, name } = shareRequest().metadata;
const REQUEST = { namespace, name };
const APPROVAL = { namespace: 'sales-prod', name: `${namespace}.${name}` };
const BYSTANDER = { namespace: 'sales-prod', name: `${namespace}.other` };

it('that was given the name of a decision about another dataset goes, whichever came first, and others stay', async () => {
  for (const isEarly of [true, false]) {
    await using stage = new ControllerTestEnv(defineMisdirectedApprovalController);
    const squat = { ...shareApproval().spec, datasetRef: { name: 'theirs' } };
    if (isEarly) await stage.make(shareApprovalKind, APPROVAL, squat);
    await stage.clock.advance(10_000);
    expect(isEarly && (await stage.api.get(shareApprovalKind, APPROVAL)).metadata.deletionTimestamp).toBeFalsy();
    await stage.make(shareApprovalKind, BYSTANDER, {
      ...squat,
      requestRef: { ...squat.requestRef, name: 'other' },
    });
    await stage.make(shareRequestKind, REQUEST, shareRequest().spec);
    if (!isEarly) await stage.make(shareApprovalKind, APPROVAL, squat);
    await stage.until(shareApprovalKind, APPROVAL, (found) => found?.metadata.deletionTimestamp !== undefined);
    expect((await stage.api.get(shareApprovalKind, BYSTANDER)).metadata.deletionTimestamp).toBeUndefined();
  }
});

it('that was asked by nobody stays: the request of its name is for a dataset of another namespace', async () => {
  await using stage = new ControllerTestEnv(defineMisdirectedApprovalController);
  const elsewhere = { ...shareRequest().spec, datasetRef: { namespace: 'hr-prod', name: 'theirs' } };
  await stage.make(shareRequestKind, REQUEST, elsewhere);
  await stage.make(shareApprovalKind, APPROVAL, shareApproval().spec);
  await stage.clock.advance(10_000);
  expect((await stage.api.get(shareApprovalKind, APPROVAL)).metadata.deletionTimestamp).toBeUndefined();
});

it('that is about the dataset of its request stays', async () => {
  await using stage = new ControllerTestEnv(defineMisdirectedApprovalController);
  await stage.make(shareRequestKind, REQUEST, shareRequest().spec);
  await stage.make(shareApprovalKind, APPROVAL, shareApproval().spec);
  await stage.clock.advance(10_000);
  expect((await stage.api.get(shareApprovalKind, APPROVAL)).metadata.deletionTimestamp).toBeUndefined();
});
