// What notifications say beside their own words, in English.

export const notificationStrings = {
  title: 'Notifications',
  description: 'What your groups are told of shares.',
  bell: (unread: number): string => (unread === 0 ? 'Notifications' : `Notifications, ${unread} not read`),
  none: 'Nothing new',
  noneYet: 'Nobody has told your groups anything yet',
  seeAll: 'See all',
  readAll: 'Mark all as read',
  nowRead: (count: number): string => (count === 0 ? 'Nothing was new' : `${count} marked as read`),
  unread: 'New',
  message: 'Message',
  group: 'Told to',
  when: 'When',
} as const;
