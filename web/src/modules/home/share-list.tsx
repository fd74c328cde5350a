// Shares in short, for the start page: what it is, and where it stands.

import { Box, Container, Header, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { useLiveQuery } from '../../app/live.ts';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { MyRequestsDocument, WaitingForMeDocument, type ShareInShortFragment } from './operations.ts';
import { ShareState } from '../share/share-state.tsx';
import { homeStrings } from './strings.ts';

const UNDECIDED = ['Submitted', 'Submitted_For_Extension'];

interface ShareListProps {
  readonly title: string;
  readonly empty: ReactNode;
}

/** What the person's groups have to decide. */
export function SharesToDecide(props: ShareListProps) {
  const [{ data, error }, again] = useLiveQuery({ query: WaitingForMeDocument, variables: { status: UNDECIDED } });
  return (
    <ShareList
      {...props}
      list={data?.getShareRequestsToMe}
      all="/shares?tab=received&status=Submitted"
      failure={error && <Failure error={error} onRetry={again} />}
    />
  );
}

/** What the person's groups have asked for, the newest first. */
export function SharesAskedFor(props: ShareListProps) {
  const [{ data, error }, again] = useLiveQuery({ query: MyRequestsDocument });
  return (
    <ShareList
      {...props}
      list={data?.getShareRequestsFromMe}
      all="/shares?tab=sent"
      failure={error && <Failure error={error} onRetry={again} />}
    />
  );
}

interface List {
  readonly count: number | null;
  readonly nodes: readonly (ShareInShortFragment | null)[] | null;
}

interface LoadedProps extends ShareListProps {
  readonly list: List | null | undefined;
  /** Address of all of them. */
  readonly all: string;
  readonly failure: ReactNode;
}

const ShareList = ({ title, empty, list, all, failure }: LoadedProps) => (
  <Container
    header={
      <Header
        variant="h2"
        counter={`(${list?.count ?? 0})`}
        actions={(list?.count ?? 0) > 0 && <RouteLink href={all}>{homeStrings.seeAll}</RouteLink>}
      >
        {title}
      </Header>
    }
  >
    {failure ??
      (list === undefined ? (
        <Loading />
      ) : (
        <Rows shares={list?.nodes?.flatMap((node) => node ?? []) ?? []} empty={empty} />
      ))}
  </Container>
);

interface RowsProps {
  readonly shares: readonly ShareInShortFragment[];
  readonly empty: ReactNode;
}

const Rows = ({ shares, empty }: RowsProps) =>
  shares.length === 0 ? (
    <Box color="text-body-secondary">{empty}</Box>
  ) : (
    <SpaceBetween size="s">
      {shares.map((share) => (
        <div key={share.shareUri}>
          <RouteLink href={`/shares/${share.shareUri}`}>
            {homeStrings.of(share.dataset?.datasetName ?? '', share.principal?.principalName ?? '')}
          </RouteLink>
          <SpaceBetween direction="horizontal" size="xs">
            <ShareState {...share} />
            <Box color="text-body-secondary" fontSize="body-s">
              {homeStrings.asked(share.group ?? '')} <Time at={share.created} />
            </Box>
          </SpaceBetween>
        </div>
      ))}
    </SpaceBetween>
  );
