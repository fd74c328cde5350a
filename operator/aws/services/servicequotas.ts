// Service Quotas: how much an account may have of something.
import type * as sdk from '@aws-sdk/client-service-quotas';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export const servicequotas = (service: Service<Sdk>) => ({
  /** The account's value of a quota (e.g. `iam`, `L-0DA4ABF3`), else AWS's default; undefined if there is no such quota. */
  async quota(serviceCode: string, quotaCode: string): Promise<number | undefined> {
    const input = { ServiceCode: serviceCode, QuotaCode: quotaCode };
    const applied = await service.find('GetServiceQuota', input);
    return (applied ?? (await service.find('GetAWSDefaultServiceQuota', input)))?.Quota?.Value;
  },
});

export type ServiceQuotas = ReturnType<typeof servicequotas>;
