// Whether the account of an environment can be worked in. Pure.
import { findCondition, isTrue } from '../../kernel/conditions.ts';
import type { Environment } from '../../resources/environment.ts';

/**
 * Of an environment that was ready before, also while its stack is brought up to date: that its stack follows an import is no reason to
 * hold up, or to alarm, anybody else in it.
 */
export const isServing = ({ spec, status }: Environment): boolean => {
  if (isTrue(status.conditions, 'Ready')) return true;
  const stack = findCondition(status.conditions, 'StackDeployed');
  return (
    spec.suspend !== true &&
    status.verifiedAt !== undefined &&
    isTrue(status.conditions, 'Trusted') &&
    stack?.status === 'False' &&
    stack.reason === 'Progressing'
  );
};
