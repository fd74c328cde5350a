// Shares in short, for the start page: what it is, and where it stands.

import { Box, Container, Header, SpaceBetween } from '@cloudscape-design/components';
import type { ReactNode } from 'react';
import { Loading } from '../../ui/loading.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { ShareState } from '../share/share-state.tsx';
import type { ShareInShortFragment } from './operations.ts';
import { homeStrings } from './strings.ts';

interface ShareListProps {
  readonly title: string;
  readonly text?: string;
  readonly empty: ReactNode;
  readonly list:
    | { readonly count: number | null; readonly nodes: readonly (ShareInShortFragment | null)[] | null }
    | null
    | undefined;
  /** Address of all of them. */
  readonly all: string;
  /** Which time is told: when it was asked for, unless it is when it ends that matters. */
  readonly when?: 'expiryDate';
}

export const ShareList = ({ title, text, empty, list, all, when }: ShareListProps) => (
  <Container
    header={
      <Header
        variant="h2"
        description={text}
        counter={`(${list?.count ?? 0})`}
        actions={(list?.count ?? 0) > 0 && <RouteLink href={all}>{homeStrings.seeAll}</RouteLink>}
      >
        {title}
      </Header>
    }
  >
    {list === undefined ? (
      <Loading />
    ) : (
      <Rows shares={list?.nodes?.flatMap((node) => node ?? []) ?? []} empty={empty} when={when} />
    )}
  </Container>
);

interface RowsProps extends Pick<ShareListProps, 'empty'> {
  readonly shares: readonly ShareInShortFragment[];
  readonly when: ShareListProps['when'];
}

const Rows = ({ shares, empty, when }: RowsProps) =>
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
              {when === 'expiryDate' ? (
                <>
                  {homeStrings.ends} <Time at={share.expiryDate} />
                </>
              ) : (
                <>
                  {homeStrings.asked(share.group ?? '')} <Time at={share.created} />
                </>
              )}
            </Box>
          </SpaceBetween>
        </div>
      ))}
    </SpaceBetween>
  );
