import { expect, it } from 'vitest';
import { Priority } from '../../kernel/runtime/reconciler.ts';
import { ShareUrgency } from './share-urgency.ts';

it('a share stays as urgent as the most urgent work for it, until nothing is under way for it', () => {
  const urgency = new ShareUrgency();
  expect(urgency.of('ns/one')).toBe(Priority.backlog);
  urgency.raise('ns/one', Priority.revocation);
  urgency.raise('ns/one', Priority.normal);
  expect([urgency.of('ns/one'), urgency.of('ns/other')]).toEqual([Priority.revocation, Priority.backlog]);
  urgency.clear('ns/one');
  expect(urgency.of('ns/one')).toBe(Priority.backlog);
});
