// Addresses in the AWS console, for who is signed in there.

/** Of a bucket, at a prefix. In China and GovCloud the console has hosts of its own. */
export function bucketConsole(region: string | null, bucket: string | null, prefix = ''): string {
  const at = region ?? 'us-east-1';
  const query = new URLSearchParams({ region: at, ...(prefix !== '' && { prefix }) });
  return `https://${hostOf(at)}/s3/buckets/${bucket}?${query}`;
}

const hostOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'console.amazonaws.cn';
  if (region.startsWith('us-gov-')) return 'console.amazonaws-us-gov.com';
  return `${region}.console.aws.amazon.com`;
};
