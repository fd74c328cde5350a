// Fn::Cidr: consecutive blocks of equal size out of one IPv4 block.
import { validationError } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html */
export function subnets(block: string, count: number, hostBits: number): string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(block);
  if (match === null)
    throw validationError(`Template error: the AWS simulator computes Fn::Cidr for IPv4 blocks only, not ${block}`);
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  const start = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** hostBits;
  if (count * size > 2 ** (32 - prefix))
    throw validationError(`Template error: Fn::Cidr: ${block} is too small for ${count} blocks of ${hostBits} bits`);
  return Array.from({ length: count }, (_, index) => {
    const address = start + index * size;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
    return `${bytes.join('.')}/${32 - hostBits}`;
  });
}
