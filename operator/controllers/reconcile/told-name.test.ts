import { expect, it } from 'vitest';
import { toldName } from './told-name.ts';

const object = (name: string, owner: string, namespace?: string) => ({
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  spec: { owner },
});
const HIDDEN = /^another (Dataset|Environment), which you may not see/;

it('names what is in the same namespace, whoever owns it, and nothing of another one', () => {
  const reader = object('orders', 'sales', 'sales-prod');
  expect(toldName('Dataset', object('old', 'finance', 'sales-prod'), reader)).toBe('Dataset sales-prod/old');
  expect(toldName('Dataset', object('old', 'sales', 'hr-prod'), reader)).toMatch(HIDDEN);
});

it('names what has no namespace to its own owner alone', () => {
  const reader = object('sales-dev', 'sales');
  expect(toldName('Environment', object('sales-prod', 'sales'), reader)).toBe('Environment sales-prod');
  expect(toldName('Environment', object('hr-prod', 'people'), reader)).toMatch(HIDDEN);
});
