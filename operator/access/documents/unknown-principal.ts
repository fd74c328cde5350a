// Finds the grants whose principal AWS does not know, when a policy is refused as a whole.
import { isFault } from '../../aws/fault.ts';
import type { Grant } from '../grant.ts';

/**
 * Writes a policy that names the principals of `grants`; where AWS answers that one of them does not exist, writes it without that
 * one. Halves the suspects each time, so one bad principal among n costs about 2 log n writes. Returns the grants left out.
 * `put` receives the grants to leave out.
 */
export const putWithoutUnknown = async (
  grants: readonly Grant[],
  put: (excluded: readonly Grant[]) => Promise<void>,
): Promise<readonly Grant[]> => {
  const unknown: Grant[] = [];
  const attempt = async (excluded: readonly Grant[], suspects: readonly Grant[]): Promise<boolean> => {
    try {
      await put(excluded);
      return true;
    } catch (error) {
      // With nobody of ours to suspect something else names a principal who is gone: nothing can be written.
      if (isFault(error, 'UnknownPrincipal') && suspects.length > 0) return false;
      throw error;
    }
  };
  /** Settles `suspects` (known good ones are in already): after it, the policy holds all good ones among them. */
  const settle = async (suspects: readonly Grant[], outside: readonly Grant[]): Promise<void> => {
    if (await attempt([...unknown, ...outside], suspects)) return;
    const [only] = suspects;
    if (only === undefined) return;
    if (suspects.length === 1) {
      unknown.push(only);
      return;
    }
    const middle = Math.ceil(suspects.length / 2);
    const [first, second] = [suspects.slice(0, middle), suspects.slice(middle)];
    await settle(first, [...second, ...outside]);
    await settle(second, outside);
  };
  await settle(grants, []);
  if (unknown.length > 0) await put(unknown);
  return unknown;
};
