// A share: how far it has come and why, what it gives, and what can be done about it. It stays current by itself.

import { useParams } from 'react-router';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Decide, mayAct } from './decide.tsx';
import { ShareDocument, type ShareQuery } from './operations.ts';
import { ShareDetails } from './share-details.tsx';
import { ShareItems } from './share-items.tsx';
import { ShareState } from './share-state.tsx';
import { shareStrings } from './strings.ts';
import { Timeline } from './timeline.tsx';

export type Share = NonNullable<ShareQuery['getShareObject']>;

const ABOVE = [{ text: shareStrings.title, href: '/shares' }];

export function SharePage() {
  const { shareUri = '' } = useParams();
  const [{ data, error }, again] = useLiveQuery({ query: ShareDocument, variables: { shareUri } });
  const share = data?.getShareObject;
  if (share === undefined || share === null)
    return (
      <Page title={shareStrings.title} above={ABOVE}>
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={again} />}
      </Page>
    );
  const name = shareStrings.of(share.dataset?.datasetName ?? '', share.principal?.principalName ?? '');
  return (
    <Page
      title={name}
      above={ABOVE}
      info={<ShareState {...share} />}
      actions={mayAct(share) && <Decide share={share} onDone={again} />}
    >
      <Timeline steps={share.timeline} />
      <ShareDetails share={share} />
      <ShareItems share={share} onDone={again} />
    </Page>
  );
}
