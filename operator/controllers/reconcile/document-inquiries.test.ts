import { expect, it } from 'vitest';
import type { BucketPolicyKey } from '../../access/document-key.ts';
import { documentOutcome } from '../../access/testing/fixtures.ts';
import { DocumentInquiries } from './document-inquiries.ts';
import { DocumentOutcomes } from './document-status-cache.ts';

const DOCUMENT: BucketPolicyKey = {
  kind: 'bucket-policy',
  account: '111111111111',
  region: 'eu-west-1',
  bucket: 'orders',
};

const read = (outcomes: DocumentOutcomes, clean: boolean): void => {
  outcomes.record({ key: DOCUMENT, outcome: documentOutcome({ clean }), tick: outcomes.tick() });
};

it('asks once for a document that fails, which comes again by itself', () => {
  const outcomes = new DocumentOutcomes();
  const inquiries = new DocumentInquiries(outcomes);
  outcomes.recordFailure({ key: DOCUMENT, failure: { reason: 'AccessDenied', message: '' } });
  expect(inquiries.mustEnqueue('dataset a', DOCUMENT, 0, 0)).toBe(true);
  expect(inquiries.mustEnqueue('dataset a', DOCUMENT, 0, 3_600_000)).toBe(false);
  expect(inquiries.mustEnqueue('dataset b', DOCUMENT, 0, 0)).toBe(true);
});

it('asks again for a document that was read and is not clean, ever more slowly, though each read wakes who asked', () => {
  const outcomes = new DocumentOutcomes();
  const inquiries = new DocumentInquiries(outcomes);
  const asked: number[] = [];
  for (let now = 0; now < 20_000; now += 100) {
    if (inquiries.mustEnqueue('dataset a', DOCUMENT, 0, now)) asked.push(now);
    read(outcomes, false);
  }
  expect(asked).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
});

it('asks no more for a document that is proved clean, whatever else its object waits for', () => {
  const outcomes = new DocumentOutcomes();
  const inquiries = new DocumentInquiries(outcomes);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, 0, 0)).toBe(true);
  read(outcomes, true);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, 0, 60_000)).toBe(false);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, outcomes.tick(), 60_000)).toBe(true);
});
