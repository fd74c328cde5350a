// Notifications in GraphQL.

import type { Resolvers } from '../../graphql/schema-types.ts';
import { liveField } from '../../live/live-field.ts';
import { pageOf } from '../../read-model/page.ts';
import { contains } from '../../read-model/text.ts';
import { notFound, requiredParameter } from '../../server/failure.ts';
import { countRequestsToDecide } from '../share/queries.ts';
import { countUnread, markAsRead, notificationColumns, notificationsOf } from './queries.ts';

export const notificationResolvers: Resolvers = {
  Query: {
    listNotifications: (_, { filter }, { database, identity }) => {
      const { term, type, read, unread } = filter ?? {};
      let query = notificationsOf(database, identity).select(notificationColumns);
      if (term) query = query.where(contains('notification.message', term));
      if (type) query = query.where('notification.type', '=', type as never);
      if (read === true) query = query.where('notification_read.read', 'is not', null);
      if (unread === true) query = query.where('notification_read.read', 'is', null);
      return pageOf(database, query.orderBy('notification.id', 'desc'), filter);
    },
    countUnreadNotifications: (_, __, { database, identity }) => countUnread(database, identity),
  },
  Mutation: {
    markNotificationAsRead: async (_, { notificationUri }, { database, identity, dryRun }) => {
      const action = 'MARK_NOTIFICATION_AS_READ';
      if (!notificationUri) throw requiredParameter(action, 'notificationUri');
      const known = /^\d{1,18}$/.test(notificationUri)
        ? await notificationsOf(database, identity)
            .select('notification.id')
            .where('notification.id', '=', notificationUri)
            .executeTakeFirst()
        : undefined;
      if (known === undefined) throw notFound(action, 'Notification', notificationUri);
      if (!dryRun) await markAsRead(database, identity, known.id);
      return true;
    },
    markAllNotificationsAsRead: async (_, __, { database, identity, dryRun }) =>
      dryRun ? 0 : markAsRead(database, identity),
  },
  Subscription: {
    inboxChanged: liveField((_, { identity }, following) => {
      for (const group of identity.groups) following.follow('Group', group);
      following.follow('User', identity.user);
      return {};
    }),
  },
  Inbox: {
    unreadNotifications: (_, __, { database, identity }) => countUnread(database, identity),
    requestsToDecide: async (_, __, { database, identity, viewer }) =>
      countRequestsToDecide(database, await viewer(), identity.groups),
  },
  Notification: {
    notificationUri: ({ id }) => id,
    username: ({ recipient }) => recipient,
    is_read: ({ read }) => read !== null,
    created: ({ happened }) => happened.toISOString(),
    updated: ({ happened, read }) => (read ?? happened).toISOString(),
  },
};
