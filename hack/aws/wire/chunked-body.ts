// Takes S3's aws-chunked framing off a body: chunks with or without signatures, and trailing headers.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and .../sigv4-streaming-trailers.html
import { AwsError } from '../core/aws-error.ts';
import { decodeText } from './message.ts';

export interface DechunkedBody {
  readonly body: Uint8Array;
  /** Headers sent after the data (checksums), names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const CR = 0x0d;
const LF = 0x0a;

/** Either marks the framing: the JavaScript SDK sets both, others only one. */
export const isAwsChunked = (headers: Readonly<Record<string, string>>): boolean =>
  /\baws-chunked\b/.test(headers['content-encoding'] ?? '') ||
  (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

const malformed = (what: string): AwsError =>
  new AwsError('IncompleteBody', `aws-chunked body: ${what}`, { status: 400 });

/** Index of the next CRLF at or after `from`. */
const lineEnd = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1)) if (bytes[at + 1] === LF) return at;
  return -1;
};

const readTrailers = (text: string): Record<string, string> => {
  const trailers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
};

/** Throws `IncompleteBody` for a frame that does not parse or is cut short. Chunk signatures are read over, not verified. */
export const dechunk = (framed: Uint8Array): DechunkedBody => {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (;;) {
    const end = lineEnd(framed, at);
    if (end < 0) throw malformed('a chunk header without an end');
    const size = Number.parseInt(decodeText(framed.subarray(at, end)), 16);
    if (Number.isNaN(size)) throw malformed('a chunk header without a size');
    at = end + 2;
    if (size === 0) return { body: Buffer.concat(chunks), trailers: readTrailers(decodeText(framed.subarray(at))) };
    if (at + size > framed.length) throw malformed(`a chunk of ${size} bytes is cut short`);
    chunks.push(framed.subarray(at, at + size));
    at += size + 2;
  }
};
