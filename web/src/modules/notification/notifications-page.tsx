// Everything that the person's groups were told, the newest first.

import { Badge, Box, Button, Header, Pagination, SpaceBetween, Table } from '@cloudscape-design/components';
import { useSearchParams } from 'react-router';
import { useMutation } from 'urql';
import { useLiveQuery } from '../../app/live.ts';
import { Failure, messageOf } from '../../ui/failure.tsx';
import { useFlash } from '../../ui/flash.ts';
import { Page } from '../../ui/page.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { Time } from '../../ui/time.tsx';
import { MarkAllReadDocument, NotificationsDocument } from './operations.ts';
import { notificationStrings } from './strings.ts';
import { hrefOf } from './target.ts';

export function NotificationsPage() {
  const [search, setSearch] = useSearchParams();
  const page = Number(search.get('page') ?? 1);
  const [{ data, fetching, error }, again] = useLiveQuery({ query: NotificationsDocument, variables: { page } });
  const [, markAllRead] = useMutation(MarkAllReadDocument);
  const flash = useFlash();
  const readAll = async (): Promise<void> => {
    const answer = await markAllRead({});
    if (answer.error === undefined)
      flash('success', notificationStrings.nowRead(answer.data?.markAllNotificationsAsRead ?? 0));
    else flash('error', messageOf(answer.error));
  };
  const list = data?.listNotifications;
  const items = list?.nodes?.flatMap((node) => node ?? []) ?? [];
  return (
    <Page title={notificationStrings.title} description={notificationStrings.description}>
      {error !== undefined && <Failure error={error} onRetry={again} />}
      <Table
        items={items}
        trackBy="notificationUri"
        loading={fetching && data === undefined}
        loadingText={notificationStrings.title}
        variant="container"
        wrapLines
        header={
          <Header
            counter={`(${list?.count ?? 0})`}
            actions={<Button onClick={() => void readAll()}>{notificationStrings.readAll}</Button>}
          >
            {notificationStrings.title}
          </Header>
        }
        pagination={
          (list?.pages ?? 0) > 1 && (
            <Pagination
              currentPageIndex={page}
              pagesCount={list?.pages ?? 1}
              onChange={({ detail }) => setSearch({ page: String(detail.currentPageIndex) })}
            />
          )
        }
        empty={<Box color="text-status-inactive">{notificationStrings.noneYet}</Box>}
        columnDefinitions={[
          {
            id: 'message',
            header: notificationStrings.message,
            cell: ({ message, target_uri, is_read }) => (
              <SpaceBetween direction="horizontal" size="xs">
                <RouteLink href={hrefOf(target_uri)}>{message}</RouteLink>
                {is_read !== true && <Badge color="blue">{notificationStrings.unread}</Badge>}
              </SpaceBetween>
            ),
          },
          { id: 'group', header: notificationStrings.group, cell: ({ username }) => username },
          { id: 'when', header: notificationStrings.when, cell: ({ created }) => <Time at={created} /> },
        ]}
      />
    </Page>
  );
}
