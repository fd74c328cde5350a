// Which of several objects came first: the first claim wins wherever only one can.
import type { ObjectMeta } from './kind.ts';

interface Dated {
  readonly metadata: Pick<ObjectMeta, 'creationTimestamp' | 'name' | 'uid'> & { readonly namespace?: string };
}

/** For sorting the oldest first; of those made in the same second, the first by namespace and name. */
export const compareAge = (a: Dated, b: Dated): number => {
  const [x, y] = [ageOf(a), ageOf(b)];
  return x < y ? -1 : Number(x > y);
};

export const isOlder = (a: Dated, b: Dated): boolean => compareAge(a, b) < 0;

const ageOf = ({ metadata: { creationTimestamp, namespace = '', name, uid } }: Dated): string =>
  [creationTimestamp, namespace, name, uid].join(' ');
