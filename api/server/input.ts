// What clients send, checked before anything is asked of Kubernetes. Schemas and policies there decide; this says what is missing.

import { requiredParameter } from './failure.ts';

/** @throws GraphQLError RequiredParameter for what is missing, empty or blank */
export function requiredText(action: string, name: string, value: string | null | undefined): string {
  if (value === undefined || value === null || value.trim() === '') throw requiredParameter(action, name);
  return value;
}

/** The entries of a list that say something, each once. */
export const givenTexts = (values: readonly (string | null | undefined)[] | null | undefined): string[] => [
  ...new Set((values ?? []).flatMap((value) => (value === null || value === undefined || value === '' ? [] : [value]))),
];
