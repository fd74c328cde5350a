// What a Lake Formation call must be allowed by IAM.
import type { Call, Need } from '../../core/operation.ts';

/**
 * AWS authorizes Lake Formation's calls on the caller's catalog, as its denials show: "not authorized to perform:
 * lakeformation:PutDataLakeSettings on resource: arn:aws:lakeformation:us-east-2:111122223333:catalog:111122223333"
 * (https://docs.aws.amazon.com/healthlake/latest/devguide/integrating-troubleshooting.html). The service authorization reference knows no
 * resource type of Lake Formation, so policies say `*`:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslakeformation.html
 */
export const lakeCatalogArn = ({ region, account }: Pick<Call, 'region' | 'account'>): string =>
  `arn:aws:lakeformation:${region}:${account}:catalog:${account}`;

export const lakeNeed =
  (action: string) =>
  (_input: unknown, call: Call): readonly Need[] => [{ action, resource: lakeCatalogArn(call) }];
