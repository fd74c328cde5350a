import { describe, expect, it } from 'vitest';
import { pathStyle, regionOfHost } from './addressing.ts';
import { emptyBody, type WireRequest } from './message.ts';

const request = (host: string, path: string): WireRequest => ({
  method: 'GET',
  host,
  path,
  query: '',
  headers: {},
  body: emptyBody,
});

describe('S3 addresses', () => {
  it.each([
    // Path style: the bucket is where it is.
    ['127.0.0.1:4566', '/bucket/key', '/bucket/key'],
    ['localhost:4566', '/bucket/key', '/bucket/key'],
    ['s3.eu-west-1.amazonaws.com', '/bucket/key', '/bucket/key'],
    ['s3.localhost', '/', '/'],
    ['simulator.svc.cluster.local:4566', '/bucket/key', '/bucket/key'],
    // Host style: a label in front, dots allowed.
    ['bucket.localhost:4566', '/a/b', '/bucket/a/b'],
    ['bucket.localhost:4566', '/', '/bucket'],
    ['bucket.s3.localhost', '/a', '/bucket/a'],
    ['bucket.s3.eu-west-1.localhost', '/a', '/bucket/a'],
    ['my.bucket.s3.eu-west-1.amazonaws.com', '/key', '/my.bucket/key'],
    ['bucket.s3.amazonaws.com', '/key', '/bucket/key'],
    ['bucket.s3-eu-west-1.amazonaws.com', '/key', '/bucket/key'],
    // Access points: the ARN as first segment.
    [
      'share-222222222222.s3-accesspoint.eu-west-1.amazonaws.com',
      '/key',
      `/${encodeURIComponent('arn:aws:s3:eu-west-1:222222222222:accesspoint/share')}/key`,
    ],
    // China.
    ['my.bucket.s3.cn-north-1.amazonaws.com.cn', '/key', '/my.bucket/key'],
    [
      'share-222222222222.s3-accesspoint.cn-north-1.amazonaws.com.cn',
      '/key',
      `/${encodeURIComponent('arn:aws-cn:s3:cn-north-1:222222222222:accesspoint/share')}/key`,
    ],
  ])('%s %s', (host, path, expected) => {
    expect(pathStyle(request(host, path))).toBe(expected);
  });

  it('tell the region where the host has one', () => {
    expect(regionOfHost(request('bucket.s3.eu-west-1.amazonaws.com', '/'))).toBe('eu-west-1');
    expect(regionOfHost(request('bucket.s3.cn-north-1.amazonaws.com.cn', '/'))).toBe('cn-north-1');
    expect(regionOfHost(request('127.0.0.1:4566', '/'))).toBe('us-east-1');
  });
});
