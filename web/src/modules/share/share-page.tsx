// A share: how far it has come and why, what it gives, and what can be done about it. It stays current by itself.

import { SpaceBetween } from '@cloudscape-design/components';
import { useParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { later } from '../../ui/later.tsx';
import { Page } from '../../ui/page.tsx';
import { MissingPolicies } from './care/missing-policies.tsx';
import { ShareMenu } from './care/share-menu.tsx';
import { useRememberedPage } from '../../ui/recent.ts';
import { Decide } from './decision/decide.tsx';
import { ShareDocument, type ShareQuery } from './operations.ts';
import { ShareDetails } from './share-details.tsx';
import { ShareItems } from './share-items.tsx';
import { ShareState } from './share-state.tsx';
import { shareStrings } from './strings.ts';
import { Timeline } from './timeline.tsx';

const ShareLog = later(async () => (await import('./share-log.tsx')).ShareLog);
const Reading = later(async () => (await import('./reading/reading.tsx')).Reading);

export type Share = NonNullable<ShareQuery['getShareObject']>;

const ABOVE = [{ text: shareStrings.title, href: '/shares' }];

export function SharePage() {
  const { shareUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: ShareDocument, variables: { shareUri } });
  const share = data?.getShareObject;
  const name = share ? shareStrings.of(share.dataset?.datasetName ?? '', share.principal?.principalName ?? '') : '';
  useRememberedPage(name);
  if (share === undefined || share === null)
    return (
      <Page title={shareStrings.title} above={ABOVE}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  return (
    <Page
      title={name}
      above={ABOVE}
      about={{ kind: 'ShareRequest', uri: shareUri }}
      info={<ShareState {...share} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ShareMenu share={share} onDone={again} />
          <Decide share={share} onDone={again} />
        </SpaceBetween>
      }
    >
      <MissingPolicies share={share} onDone={again} />
      <Timeline steps={share.timeline} repair={share.lastRepair} />
      <ShareDetails share={share} />
      <ShareItems share={share} onDone={again} />
      <Reading share={share} />
      {share.canViewLogs === true && <ShareLog shareUri={shareUri} />}
    </Page>
  );
}
