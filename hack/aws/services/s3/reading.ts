// Conditions and ranges of reads. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
import { AwsError } from '../../core/aws-error.ts';
import type { ObjectVersion } from './state.ts';

export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

const matches = (etag: string, given: string): boolean =>
  given.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''));

/** HTTP dates have whole seconds. */
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

export const demandConditions = ({ etag, lastModified }: ObjectVersion, conditions: ReadConditions): void => {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  const failed = new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  if (IfMatch !== undefined) {
    if (!matches(etag, IfMatch)) throw failed;
  } else if (IfUnmodifiedSince !== undefined && seconds(lastModified) > seconds(IfUnmodifiedSince)) throw failed;
  const notModified = new AwsError('NotModified', 'Not Modified');
  if (IfNoneMatch !== undefined) {
    if (matches(etag, IfNoneMatch)) throw notModified;
  } else if (IfModifiedSince !== undefined && seconds(lastModified) <= seconds(IfModifiedSince)) throw notModified;
};

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** One range; S3 has no more. A header that is no byte range is ignored. Throws InvalidRange. */
export const rangeOf = (header: string | undefined, length: number): ByteRange | undefined => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length : Math.min(Number(last) + 1, length);
  if (start >= length || start >= end) throw new AwsError('InvalidRange', 'The requested range is not satisfiable');
  return { start, end };
};
