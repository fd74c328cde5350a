import { expect, it } from 'vitest';
import type { BucketPolicyKey } from '../../access/document-key.ts';
import { documentOutcome } from '../../access/testing/fixtures.ts';
import { DocumentInquiries } from './document-inquiries.ts';
import { ObservedDocuments } from './observed-documents.ts';

const DOCUMENT: BucketPolicyKey = {
  kind: 'bucket-policy',
  account: '111111111111',
  region: 'eu-west-1',
  bucket: 'orders',
};

const read = (observed: ObservedDocuments, clean: boolean): void => {
  observed.record({ key: DOCUMENT, outcome: documentOutcome({ clean }), revision: observed.nextRevision() });
};

it('asks once for a document that fails, which comes again by itself', () => {
  const observed = new ObservedDocuments();
  const inquiries = new DocumentInquiries(observed);
  observed.recordFailure({ key: DOCUMENT, failure: { reason: 'AccessDenied', message: '' } });
  expect(inquiries.mustEnqueue('dataset a', DOCUMENT, 0, 0)).toBe(true);
  expect(inquiries.mustEnqueue('dataset a', DOCUMENT, 0, 3_600_000)).toBe(false);
  expect(inquiries.mustEnqueue('dataset b', DOCUMENT, 0, 0)).toBe(true);
});

it('asks again for a document that was read and is not clean, ever more slowly, though each read wakes who asked', () => {
  const observed = new ObservedDocuments();
  const inquiries = new DocumentInquiries(observed);
  const asked: number[] = [];
  for (let now = 0; now < 20_000; now += 100) {
    if (inquiries.mustEnqueue('dataset a', DOCUMENT, 0, now)) asked.push(now);
    read(observed, false);
  }
  expect(asked).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
});

it('asks no more for a document that is proved clean, whatever else its object waits for', () => {
  const observed = new ObservedDocuments();
  const inquiries = new DocumentInquiries(observed);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, 0, 0)).toBe(true);
  read(observed, true);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, 0, 60_000)).toBe(false);
  expect(inquiries.mustEnqueue('role a', DOCUMENT, observed.nextRevision(), 60_000)).toBe(true);
});
