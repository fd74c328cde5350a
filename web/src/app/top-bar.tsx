// The bar on top: where one is, what one is told, who one is.

import { TopNavigation, type TopNavigationProps } from '@cloudscape-design/components';
import { useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import { useBell } from '../modules/notification/bell.ts';
import { useFeatures } from './features.ts';
import { liveChanges, type LiveState } from './live-changes.ts';
import { usePerson } from './person.ts';
import { signOut } from './session.ts';
import { appStrings } from './strings.ts';
import { switchTheme } from './theme.ts';

const GUIDE: TopNavigationProps.ButtonUtility = {
  type: 'button',
  text: appStrings.guide,
  iconName: 'status-info',
  href: '/docs/',
  external: true,
};

export function TopBar() {
  const navigate = useNavigate();
  const { name, email, groups } = usePerson();
  const bell = useBell();
  const { web } = useFeatures();
  return (
    <TopNavigation
      identity={{
        href: '/',
        title: appStrings.product,
        logo: { src: '/favicon.svg', alt: '' },
        onFollow: (event) => {
          event.preventDefault();
          void navigate('/');
        },
      }}
      utilities={[
        useLiveBadge(),
        ...(web.guide ? [GUIDE] : []),
        bell,
        {
          type: 'menu-dropdown',
          text: name,
          description: [...new Set([email, appStrings.groups(groups)])].join(' · '),
          iconName: 'user-profile',
          ariaLabel: appStrings.account(name),
          items: [
            { id: 'profile', text: appStrings.profile, href: '/profile' },
            { id: 'theme', text: appStrings.theme },
            { id: 'sign-out', text: appStrings.signOut },
          ],
          onItemClick: ({ detail }) => {
            if (detail.id === 'theme') switchTheme();
            if (detail.id === 'sign-out') void signOut();
          },
          onItemFollow: (event) => {
            event.preventDefault();
            void navigate(event.detail.href ?? '/');
          },
        },
      ]}
    />
  );
}

const badges: Readonly<Record<LiveState, Pick<TopNavigationProps.ButtonUtility, 'text' | 'title' | 'iconName'>>> = {
  Waiting: { text: appStrings.connecting, title: appStrings.connectingText, iconName: 'status-pending' },
  Live: { text: appStrings.live, title: appStrings.liveText, iconName: 'status-positive' },
  Reconnecting: {
    text: appStrings.reconnecting,
    title: appStrings.reconnectingText,
    iconName: 'status-in-progress',
  },
  TooMany: { text: appStrings.tooManyTabs, title: appStrings.tooManyTabsText, iconName: 'status-warning' },
};

/** Whether the page shows changes by itself. */
function useLiveBadge(): TopNavigationProps.ButtonUtility {
  const { text = '', title = '', iconName } = badges[useSyncExternalStore(liveChanges.onState, liveChanges.state)];
  return {
    type: 'button',
    text,
    title,
    ariaLabel: `${text}: ${title}`,
    ...(iconName && { iconName }),
    onClick: liveChanges.open,
  };
}
