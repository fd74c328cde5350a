// What a change of something that has a stack is called in refusals.

import type { Attempt } from '../../kubernetes/refusal.ts';
import type { StackTarget } from './target.ts';

export const attemptOn = (action: string, { type, uri }: Pick<StackTarget, 'type' | 'uri'>): Attempt =>
  type === 'environment'
    ? { action, permission: 'UPDATE_ENVIRONMENT', what: 'Environment', uri }
    : { action, permission: 'UPDATE_DATASET', what: 'Dataset', uri };
