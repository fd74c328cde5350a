// Chains of named checks: each says what stands against something, or nothing. Their order is that in which people are told. Pure.

/** Undefined where nothing stands against it. */
export type Check<Input, Refusal> = (input: Input) => Refusal | undefined;

export const firstRefusal = <Input, Refusal>(
  checks: readonly Check<Input, Refusal>[],
  input: Input,
): Refusal | undefined => {
  for (const check of checks) {
    const refusal = check(input);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};
