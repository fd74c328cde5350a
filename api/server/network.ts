// Whose an address is, as far as it says so: of IPv6 a household or a machine has a network of 64 bits, and as many addresses as it likes.

import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:/i;

/** The address itself for IPv4, also where it is written as IPv6; e.g. `2001:db8:0:1::/64` for IPv6. What is no address stays as it is. */
export function networkOf(address: string): string {
  const inner = address.replace(MAPPED, '');
  if (isIPv4(inner) || !isIPv6(address)) return inner;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (part: string): string[] => part.split(':').filter((group) => group !== '');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const first = [...before, ...(tail === undefined ? [] : zeros), ...after].slice(0, 4);
  return `${first.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
