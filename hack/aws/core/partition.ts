// The simulator keeps its ARNs in partition `aws`. Who calls a region of another partition speaks and hears that partition's ARNs, and is
// told so when they use another's: AWS's partitions know nothing of each other.
import { partitionOf } from '../../../operator/policy/arn.ts';
import { AwsError } from './aws-error.ts';

const KEPT = 'aws';
/** Plain, and as IAM writes policies into its answers. */
const ARN = /(?<![a-z])arn(:|%3A)(aws(?:-[a-z]+)*)\1/g;

const translated = (from: string, to: string): ((text: string) => string) => {
  return (text) =>
    text.replaceAll(ARN, (arn, colon: string, partition: string) => {
      if (partition !== from) throw new AwsError('ValidationException', `Partition "${partition}" is not valid here.`);
      return `arn${colon}${to}${colon}`;
    });
};

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object);

/** Bytes, streams and dates stay as they are. */
const mapTexts = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((inner) => mapTexts(inner, change));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [change(key), mapTexts(inner, change)]));
};

/** One call to a region, in the ARNs of its partition. */
export const inPartition = async (
  region: string,
  input: object,
  run: (input: object) => Promise<unknown>,
): Promise<unknown> => {
  const partition = partitionOf(region);
  if (partition === KEPT) return await run(input);
  const outward = translated(KEPT, partition);
  try {
    return mapTexts(await run(mapTexts(input, translated(partition, KEPT)) as object), outward);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status, members } = error;
    const told = message.replaceAll(`arn:${KEPT}:`, `arn:${partition}:`);
    throw new AwsError(code, told, {
      ...(status !== undefined && { status }),
      members: mapTexts(members, (text) => text.replaceAll(`arn:${KEPT}:`, `arn:${partition}:`)) as typeof members,
    });
  }
};
