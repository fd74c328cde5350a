import { expect, it } from 'vitest';
import { Priority } from '../../kernel/runtime/reconciler.ts';
import { ShareUrgency } from './share-urgency.ts';

it('a share stays as urgent as the most urgent work for it, until nothing is under way for it', () => {
  const urgency = new ShareUrgency();
  expect(urgency.of('ns/one')).toBe(Priority.backlog);
  urgency.hurry('ns/one', Priority.revocation);
  urgency.hurry('ns/one', Priority.fresh);
  expect([urgency.of('ns/one'), urgency.of('ns/other')]).toEqual([Priority.revocation, Priority.backlog]);
  urgency.calm('ns/one');
  expect(urgency.of('ns/one')).toBe(Priority.backlog);
});
