// Service Quotas, as far as numbers are read.
import type {
  GetAWSDefaultServiceQuotaRequest,
  GetAWSDefaultServiceQuotaResponse,
  GetServiceQuotaRequest,
  GetServiceQuotaResponse,
  ListServiceQuotasRequest,
  ListServiceQuotasResponse,
  ListServicesRequest,
  ListServicesResponse,
  ServiceQuota,
} from '@aws-sdk/client-service-quotas';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type Call, type Need, type ServiceModule } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { quotas, quotaValue, type Quota } from './quotas.ts';

/** `MaxResults` of the lists is 1..100. */
const LARGEST_PAGE = 100;

const need = (action: string, call: Call, service: string | undefined, code: string | undefined): Need => ({
  action: `servicequotas:${action}`,
  resource: code === undefined ? '*' : `arn:aws:servicequotas:${call.region}:${call.account}:${service ?? ''}/${code}`,
});

/** IAM answers in us-east-1 only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const shownIn = (quota: Quota, region: string): boolean => !quota.global || region === 'us-east-1';

function find(call: Call, service: string | undefined, code: string | undefined): Quota {
  const quota = quotas.find(
    (candidate) => candidate.service === service && candidate.code === code && shownIn(candidate, call.region),
  );
  if (quota === undefined)
    throw new AwsError(
      'NoSuchResourceException',
      'The request failed because the specified service quota does not exist.',
    );
  return quota;
}

const described = (call: Call, quota: Quota, value: number): ServiceQuota => ({
  ServiceCode: quota.service,
  ServiceName: quota.serviceName,
  QuotaArn: `arn:aws:servicequotas:${quota.global ? '' : call.region}:${call.account}:${quota.service}/${quota.code}`,
  QuotaCode: quota.code,
  QuotaName: quota.name,
  Value: value,
  Unit: 'None',
  Adjustable: quota.adjustable,
  GlobalQuota: quota.global,
});

const GetServiceQuota = operation<GetServiceQuotaRequest, GetServiceQuotaResponse>({
  access: 'read',
  needs: (input, call) => [need('GetServiceQuota', call, input.ServiceCode, input.QuotaCode)],
  handle: (input, call) => {
    const quota = find(call, input.ServiceCode, input.QuotaCode);
    return { Quota: described(call, quota, quotaValue(call.world, call.account, call.region, quota.code)) };
  },
});

const GetAWSDefaultServiceQuota = operation<GetAWSDefaultServiceQuotaRequest, GetAWSDefaultServiceQuotaResponse>({
  access: 'read',
  needs: (_, call) => [need('GetAWSDefaultServiceQuota', call, undefined, undefined)],
  handle: (input, call) => {
    const quota = find(call, input.ServiceCode, input.QuotaCode);
    return { Quota: described(call, quota, quota.value) };
  },
});

const ListServiceQuotas = operation<ListServiceQuotasRequest, ListServiceQuotasResponse>({
  access: 'read',
  needs: (_, call) => [need('ListServiceQuotas', call, undefined, undefined)],
  handle: (input, call) => {
    const ofService = quotas.filter(({ service }) => service === input.ServiceCode);
    if (ofService.length === 0)
      throw new AwsError('NoSuchResourceException', 'The request failed because the specified service does not exist.');
    const { items, next } = page(
      ofService.filter((quota) => shownIn(quota, call.region)),
      input.NextToken,
      input.MaxResults ?? LARGEST_PAGE,
      'InvalidPaginationTokenException',
    );
    return {
      Quotas: items.map((quota) =>
        described(call, quota, quotaValue(call.world, call.account, call.region, quota.code)),
      ),
      NextToken: next,
    };
  },
});

const ListServices = operation<ListServicesRequest, ListServicesResponse>({
  access: 'read',
  needs: (_, call) => [need('ListServices', call, undefined, undefined)],
  handle: (input) => {
    const names = new Map(quotas.map(({ service, serviceName }) => [service, serviceName]));
    const services = [...names].toSorted(([one], [other]) => one.localeCompare(other));
    const { items, next } = page(
      services,
      input.NextToken,
      input.MaxResults ?? LARGEST_PAGE,
      'InvalidPaginationTokenException',
    );
    return { Services: items.map(([ServiceCode, ServiceName]) => ({ ServiceCode, ServiceName })), NextToken: next };
  },
});

export const servicequotas: ServiceModule = {
  name: 'servicequotas',
  sdk: () => import('@aws-sdk/client-service-quotas'),
  eventSource: 'servicequotas.amazonaws.com',
  operations: { GetServiceQuota, GetAWSDefaultServiceQuota, ListServiceQuotas, ListServices },
};
