// The bell in the bar on top: how much is new, and the newest of it.

import type { TopNavigationProps } from '@cloudscape-design/components';
import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { useLiveQuery } from '../../app/live.ts';
import { BellDocument, MarkAllReadDocument, MarkReadDocument } from './operations.ts';
import { notificationStrings } from './strings.ts';
import { hrefOf } from './target.ts';

const ALL = '/notifications';
const READ_ALL = 'read-all';

export function useBell(): TopNavigationProps.MenuDropdownUtility {
  const navigate = useNavigate();
  const [{ data }] = useLiveQuery({ query: BellDocument });
  const [, markRead] = useMutation(MarkReadDocument);
  const [, markAllRead] = useMutation(MarkAllReadDocument);
  const unread = data?.countUnreadNotifications ?? 0;
  const newest = data?.listNotifications?.nodes?.flatMap((node) => node ?? []) ?? [];
  return {
    type: 'menu-dropdown',
    iconName: 'notification',
    ariaLabel: notificationStrings.bell(unread),
    title: notificationStrings.bell(unread),
    badge: unread > 0,
    items: [
      ...(newest.length === 0 ? [{ id: 'none', text: notificationStrings.none, disabled: true }] : []),
      ...newest.map(({ notificationUri, message, target_uri }) => ({
        id: notificationUri,
        text: message ?? '',
        href: hrefOf(target_uri),
      })),
      {
        id: 'all',
        items: [
          { id: ALL, text: notificationStrings.seeAll, href: ALL },
          { id: READ_ALL, text: notificationStrings.readAll, disabled: unread === 0 },
        ],
      },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === READ_ALL) void markAllRead({});
    },
    onItemFollow: (event) => {
      const { id, href } = event.detail;
      if (href === undefined) return;
      event.preventDefault();
      if (id !== ALL) void markRead({ notificationUri: id });
      void navigate(href);
    },
  };
}
