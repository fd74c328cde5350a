// Finds the principals that AWS does not know, when a policy is refused as a whole.
import { isFault } from '../../../aws/fault.ts';

/**
 * Writes a policy that names `suspects`; where AWS answers that one of them does not exist, writes it without that one. Halves the
 * suspects each time, so one bad principal among n costs about 2 log n writes. Returns those left out. `put` receives whom to leave out.
 */
export const putWithoutUnknown = async (
  suspects: readonly string[],
  put: (excluded: readonly string[]) => Promise<void>,
): Promise<readonly string[]> => {
  const unknown: string[] = [];
  const attempt = async (excluded: readonly string[], among: readonly string[]): Promise<boolean> => {
    try {
      await put(excluded);
      return true;
    } catch (error) {
      // With nobody of ours to suspect something else names a principal who is gone: nothing can be written.
      if (isFault(error, 'UnknownPrincipal') && among.length > 0) return false;
      throw error;
    }
  };
  /** Settles those of `some` (known good ones are in already): after it, the policy holds all good ones among them. */
  const settle = async (some: readonly string[], outside: readonly string[]): Promise<void> => {
    if (await attempt([...unknown, ...outside], some)) return;
    const [only] = some;
    if (only === undefined) return;
    if (some.length === 1) {
      unknown.push(only);
      return;
    }
    const middle = Math.ceil(some.length / 2);
    const [first, second] = [some.slice(0, middle), some.slice(middle)];
    await settle(first, [...second, ...outside]);
    await settle(second, outside);
  };
  await settle(suspects, []);
  if (unknown.length > 0) await put(unknown);
  return unknown;
};
