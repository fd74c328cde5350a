// The request: one page, from the environment to the purpose, that says who will be asked.

import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { RequestTargetDocument, type RequestTargetQuery } from '../operations.ts';
import { RequestForm } from './request-form.tsx';
import { requestStrings } from './strings.ts';

export type Dataset = NonNullable<RequestTargetQuery['getDataset']>;
export type Environment = NonNullable<
  NonNullable<NonNullable<RequestTargetQuery['listValidEnvironments']>['nodes']>[number]
>;

const ABOVE = [{ text: 'Catalogue', href: '/catalog' }];

export function RequestPage() {
  const { datasetUri = '' } = useParams();
  const [{ data, error }, again] = useQuery({ query: RequestTargetDocument, variables: { datasetUri } });
  const dataset = data?.getDataset;
  if (dataset === undefined || dataset === null)
    return (
      <Page title={requestStrings.title('')} above={ABOVE}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  const environments = data?.listValidEnvironments?.nodes?.flatMap((node) => node ?? []) ?? [];
  return (
    <Page title={requestStrings.title(dataset.label ?? '')} description={dataset.description} above={ABOVE}>
      <RequestForm dataset={dataset} environments={environments} />
    </Page>
  );
}
