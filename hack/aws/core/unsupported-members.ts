// Inputs that an operation would have to leave unheeded are refused: a simulator that ignores a parameter is a silent success.
import { notImplemented } from './aws-error.ts';
import type { Call } from './operation.ts';

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

/** Throws NotImplemented, naming operation and member, if the input has one of `members`. */
export const refuseMembers = (call: Call, input: object, members: readonly string[]): void => {
  for (const member of members) {
    if (isGiven((input as Readonly<Record<string, unknown>>)[member])) {
      throw notImplemented(`${call.service}:${call.operation} with ${member}`);
    }
  }
};
