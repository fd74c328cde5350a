// Three-valued truth: some conditions cannot be judged (an operator nobody knows, a value that is no number). Such a
// condition must not open anything, so `unknown` keeps an Allow from applying and lets a Deny apply.

export type Truth = boolean | 'unknown';

export const not = (value: Truth): Truth => (value === 'unknown' ? value : !value);

/** False if any is false, else unknown if any is unknown, else true. */
export function every<T>(items: readonly T[], judge: (item: T) => Truth): Truth {
  let result: Truth = true;
  for (const item of items) {
    const value = judge(item);
    if (value === false) return false;
    if (value === 'unknown') result = value;
  }
  return result;
}

/** True if any is true, else unknown if any is unknown, else false. */
export function some<T>(items: readonly T[], judge: (item: T) => Truth): Truth {
  let result: Truth = false;
  for (const item of items) {
    const value = judge(item);
    if (value === true) return true;
    if (value === 'unknown') result = value;
  }
  return result;
}

/** Whether a statement with this effect applies when its conditions have this truth. */
export const applies = (value: Truth, effect: 'Allow' | 'Deny'): boolean =>
  value === 'unknown' ? effect === 'Deny' : value;
