// A dataset: what is in it, whose it is and where, who has it, and what is made for it in AWS.

import { lazy } from 'react';
import { useParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { useRememberedPage } from '../../ui/recent.ts';
import { ReadyIndicator, WhyNotReady } from '../../ui/object-state.tsx';
import { Page } from '../../ui/page.tsx';
import { RouteTabs, type RouteTab } from '../../ui/route-tabs.tsx';
import { DataTab } from './data-tab.tsx';
import { DatasetActions } from './dataset-actions.tsx';
import { DatasetDocument, type DatasetDetailsFragment } from './operations.ts';
import { decides, owns, seesStack } from './role.ts';
import { datasetStrings } from './strings.ts';

const OverviewTab = lazy(async () => ({ default: (await import('./overview-tab.tsx')).OverviewTab }));
const SharesTab = lazy(async () => ({ default: (await import('./shares-tab.tsx')).SharesTab }));
const AccessTab = lazy(async () => ({ default: (await import('../access/dataset-access-tab.tsx')).DatasetAccessTab }));
const StackTab = lazy(async () => ({ default: (await import('../stack/stack-tab.tsx')).StackTab }));
const TagsTab = lazy(async () => ({ default: (await import('../stack/tags-tab.tsx')).TagsTab }));

const ABOVE_DATASETS = [{ text: datasetStrings.title, href: '/datasets' }];

export function DatasetPage() {
  const { datasetUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: DatasetDocument, variables: { datasetUri } });
  const dataset = data?.getDataset;
  useRememberedPage(dataset?.label ?? undefined);
  if (dataset === undefined || dataset === null)
    return (
      <Page title={datasetStrings.title} above={ABOVE_DATASETS}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  return (
    <Page
      title={dataset.label ?? datasetUri}
      description={dataset.description}
      above={ABOVE_DATASETS}
      about={dataset.restricted === null ? undefined : { kind: 'Dataset', uri: datasetUri }}
      info={<ReadyIndicator ready={dataset.ready} />}
      actions={<DatasetActions dataset={dataset} />}
    >
      <WhyNotReady {...dataset} />
      <RouteTabs ariaLabel={datasetStrings.parts} tabs={tabsOf(dataset, datasetUri)} />
    </Page>
  );
}

const tabsOf = (dataset: DatasetDetailsFragment, datasetUri: string): RouteTab[] => {
  const { userRoleForDataset: role } = dataset;
  const target = { type: 'dataset' as const, uri: datasetUri, isOwner: owns(role) };
  return [
    { id: 'data', label: datasetStrings.data, content: () => <DataTab datasetUri={datasetUri} isOwner={owns(role)} /> },
    { id: 'overview', label: datasetStrings.overview, content: () => <OverviewTab dataset={dataset} /> },
    ...(decides(role)
      ? [{ id: 'shares', label: datasetStrings.shares, content: () => <SharesTab datasetUri={datasetUri} /> }]
      : []),
    ...(dataset.canAuditAccess
      ? [{ id: 'access', label: datasetStrings.access, content: () => <AccessTab datasetUri={datasetUri} /> }]
      : []),
    ...(seesStack(dataset)
      ? [
          { id: 'tags', label: datasetStrings.tags, content: () => <TagsTab target={target} /> },
          { id: 'stack', label: datasetStrings.stack, content: () => <StackTab target={target} /> },
        ]
      : []),
  ];
};
