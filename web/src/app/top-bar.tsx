// The bar on top: where one is, what one is told, who one is.

import { TopNavigation } from '@cloudscape-design/components';
import { useNavigate } from 'react-router';
import { useBell } from '../modules/notification/bell.ts';
import { usePerson } from './person.ts';
import { signOut } from './session.ts';
import { appStrings } from './strings.ts';
import { switchTheme } from './theme.ts';

export function TopBar() {
  const navigate = useNavigate();
  const { name, email, groups } = usePerson();
  const bell = useBell();
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
