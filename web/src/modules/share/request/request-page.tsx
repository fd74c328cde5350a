// Requests: of one dataset, from its card or page, or of all that is in the cart. Each says who will be asked before it is sent.

import { Box } from '@cloudscape-design/components';
import { useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { Failure } from '../../../ui/failure.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { useCart } from '../cart/cart.ts';
import { RequestTargetsDocument, type RequestTargetsQuery } from '../operations.ts';
import { RequestForm } from './request-form.tsx';
import { requestStrings } from './strings.ts';

export type Environment = NonNullable<
  NonNullable<NonNullable<RequestTargetsQuery['listValidEnvironments']>['nodes']>[number]
>;

const ABOVE = [{ text: requestStrings.catalogue, href: '/catalog' }];

export function RequestPage() {
  const { datasetUri = '' } = useParams();
  const [search] = useSearchParams();
  const { datasets, environments, error, again } = useTargets([datasetUri]);
  const [dataset] = datasets ?? [];
  if (dataset === undefined)
    return (
      <Page title={requestStrings.title('')} above={ABOVE}>
        {error !== undefined && <Failure error={error} onRetry={again} />}
        {datasets === undefined ? error === undefined && <Loading /> : <Box>{requestStrings.noDataset}</Box>}
      </Page>
    );
  return (
    <Page title={requestStrings.title(dataset.label ?? '')} above={ABOVE}>
      <RequestForm
        datasets={[dataset]}
        environments={environments}
        chosen={new Set(search.getAll('item'))}
        cancelHref="/catalog"
      />
    </Page>
  );
}

export function CartPage() {
  const cart = useCart();
  // What was sent stays to be seen, and what is taken out is not asked for anew.
  const [uris] = useState(() => cart.entries.map(({ datasetUri }) => datasetUri));
  const { datasets, environments, error, again } = useTargets(uris);
  const left = datasets?.filter(({ datasetUri }) => cart.has(datasetUri ?? '', undefined)) ?? [];
  return (
    <Page title={requestStrings.cartTitle} description={requestStrings.cartText} above={ABOVE}>
      {error !== undefined && <Failure error={error} onRetry={again} />}
      {datasets === undefined && error === undefined && <Loading />}
      {datasets !== undefined && left.length === 0 && (
        <Box>
          {requestStrings.emptyCart} <RouteLink href="/catalog">{requestStrings.toCatalogue}</RouteLink>
        </Box>
      )}
      {left.length > 0 && (
        <RequestForm
          datasets={left}
          environments={environments}
          chosen={new Set(cart.entries.flatMap(({ items }) => items))}
          cancelHref="/catalog"
          onRemove={(datasetUri) => cart.remove(datasetUri, undefined)}
        />
      )}
    </Page>
  );
}

function useTargets(datasetUris: readonly string[]) {
  const variables = { datasetUris: [...datasetUris] };
  const [{ data, error }, again] = useQuery({ query: RequestTargetsDocument, variables });
  return {
    datasets: data?.listDatasetsToRequest,
    environments: data?.listValidEnvironments?.nodes?.flatMap((node) => node ?? []) ?? [],
    error,
    again,
  };
}
