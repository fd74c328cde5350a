// Finds the service a request is for, and puts an S3 bucket named by the host into the path.
import { accessPointArn } from '../../../operator/policy/arn.ts';
import { decodeText, type WireRequest } from './message.ts';
import type { CredentialScope } from './signature.ts';
import type { ServiceSchema } from './service-schema.ts';

/**
 * Host names under which a bucket or access point is a label in front. `*.localhost` is ours, the others are AWS's own,
 * which SDK clients use when the simulator is their request handler.
 */
const S3_BASE =
  /^(?:(?<label>.+?)\.)??(?:s3[.-](?:[a-z0-9-]+\.)?(?:amazonaws\.com(?:\.cn)?|localhost)|s3\.amazonaws\.com|localhost)$/;
const S3_ACCESS_POINT =
  /^(?<name>.+)-(?<account>\d{12})\.s3-accesspoint\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|localhost)$/;

/** S3 Control has its API version in every path; S3 could only have a bucket of that name, which is too short-lived an idea to support. */
const isS3Control = (request: WireRequest): boolean => request.path.startsWith('/v20180820/');

const hostName = (request: WireRequest): string => request.host.replace(/:\d+$/, '').toLowerCase();

/** Path of an S3 request with the bucket (or the access point's ARN, percent-encoded) as its first segment. */
export const pathStyle = (request: WireRequest): string => {
  const host = hostName(request);
  const accessPoint = S3_ACCESS_POINT.exec(host)?.groups;
  if (accessPoint !== undefined) {
    const { name = '', account = '', region = '' } = accessPoint;
    const arn = accessPointArn({ account, region, name });
    return `/${encodeURIComponent(arn)}${request.path === '/' ? '' : request.path}`;
  }
  const label = S3_BASE.exec(host)?.groups?.['label'];
  return label === undefined ? request.path : `/${label}${request.path === '/' ? '' : request.path}`;
};

/** Unsigned requests of RPC protocols name their operation: in a header, or in a form. */
const isNamedBy = (request: WireRequest, schema: ServiceSchema): boolean => {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.split('.').slice(0, -1).join('.') === schema.target;
  if (schema.protocol !== 'awsQuery' || request.headers['content-type']?.startsWith(FORM) !== true) return false;
  const form = new URLSearchParams(decodeText(request.body));
  return form.get('Version') === schema.apiVersion && schema.operations.has(form.get('Action') ?? '');
};

const FORM = 'application/x-www-form-urlencoded';

/**
 * Name of the service: from the signature's scope, or for unsigned requests from what they ask for; what is left is S3,
 * the service that strangers may reach.
 */
export const addressedService = (
  request: WireRequest,
  scope: CredentialScope | undefined,
  schemas: ReadonlyMap<string, ServiceSchema>,
): string | undefined => {
  if (scope !== undefined) {
    const candidates = [...schemas].filter(([, schema]) => schema.signingName === scope.service);
    if (candidates.length <= 1) return candidates[0]?.[0];
    const wanted = isS3Control(request) ? 'S3 Control' : 'S3';
    return candidates.find(([, schema]) => schema.serviceId === wanted)?.[0];
  }
  const named = [...schemas].find(([, schema]) => isNamedBy(request, schema));
  const rest = isS3Control(request) ? 'S3 Control' : 'S3';
  return (named ?? [...schemas].find(([, schema]) => schema.serviceId === rest))?.[0];
};

/** Region for requests that carry none (unsigned): the one in an AWS host name, else the first of AWS's regions. */
export const regionOfHost = (request: WireRequest): string =>
  /\.([a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com(?:\.cn)?|localhost)$/.exec(hostName(request))?.[1] ?? 'us-east-1';
