import { describe, expect, it } from 'vitest';
import { dechunk, isAwsChunked } from './chunked-body.ts';
import { decodeText, encodeText } from './message.ts';

describe('aws-chunked bodies', () => {
  it('joins chunks and reads trailers, with and without signatures', () => {
    const framed =
      '5;chunk-signature=abc\r\nhello\r\n7\r\n, world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\nX-Amz-Trailer-Signature:def\r\n\r\n';
    const { body, trailers } = dechunk(encodeText(framed));
    expect(decodeText(body)).toBe('hello, world');
    expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-trailer-signature': 'def' });
  });

  it('keeps bytes that look like framing', () => {
    const data = '0\r\n\r\n5\r\nno';
    expect(decodeText(dechunk(encodeText(`${data.length.toString(16)}\r\n${data}\r\n0\r\n\r\n`)).body)).toBe(data);
  });

  it('refuses a frame that is cut short or has no size', () => {
    expect(() => dechunk(encodeText('5\r\nhel'))).toThrow('cut short');
    expect(() => dechunk(encodeText('zz\r\nhello\r\n'))).toThrow('without a size');
    expect(() => dechunk(encodeText('5'))).toThrow('without an end');
  });

  it('is recognised by either header', () => {
    expect(isAwsChunked({ 'content-encoding': 'aws-chunked,gzip' })).toBe(true);
    expect(isAwsChunked({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).toBe(true);
    expect(isAwsChunked({ 'content-encoding': 'gzip' })).toBe(false);
  });
});
