// What is around every page: the bar on top, the navigation, and what is told of what has just been done.

import { AppLayout, SideNavigation, type SideNavigationProps } from '@cloudscape-design/components';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { modules } from '../modules.ts';
import { FlashContext, useFlashes } from '../ui/flash.ts';
import { liveChanges, watchWhileVisible } from './live-changes.ts';
import { interruptions } from './session.ts';
import { appStrings } from './strings.ts';
import { TopBar } from './top-bar.tsx';
import { sections } from './web-module.ts';

// Seldom seen, and loaded then.
const Flashbar = lazy(() => import('@cloudscape-design/components/flashbar'));
const InterruptionModal = lazy(async () => ({
  default: (await import('./interruption-modal.tsx')).InterruptionModal,
}));

const TOP = 'top-navigation';
/** Below it the navigation lies over the page, and hides it. */
const NARROW_PX = 1_100;

const items: readonly SideNavigationProps.Item[] = sections.flatMap((section): SideNavigationProps.Item[] => {
  const entries = modules.flatMap(({ navigation }) => navigation).filter((entry) => entry.section === section);
  const links = entries.map(({ text, href }) => ({ type: 'link' as const, text, href }));
  return links.length === 0 ? [] : [{ type: 'section-group', title: section, items: links }];
});

export function Frame() {
  const { flashes, flash } = useFlashes();
  const interruption = useSyncExternalStore(interruptions.subscribe, interruptions.current);
  useEffect(() => watchWhileVisible(liveChanges), []);
  return (
    <FlashContext value={flash}>
      <div id={TOP}>
        <TopBar />
      </div>
      <AppLayout
        headerSelector={`#${TOP}`}
        toolsHide
        {...useNavigation()}
        notifications={
          flashes.length > 0 && (
            <Suspense>
              <Flashbar items={flashes} stackItems />
            </Suspense>
          )
        }
        ariaLabels={{
          navigation: appStrings.navigation,
          navigationToggle: appStrings.openNavigation,
          navigationClose: appStrings.closeNavigation,
        }}
        content={<Outlet />}
      />
      {interruption !== undefined && (
        <Suspense>
          <InterruptionModal {...interruption} />
        </Suspense>
      )}
    </FlashContext>
  );
}

function useNavigation() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [navigationOpen, setOpen] = useState(globalThis.innerWidth >= NARROW_PX);
  return {
    navigationOpen,
    onNavigationChange: ({ detail }: { readonly detail: { readonly open: boolean } }) => setOpen(detail.open),
    navigation: (
      <SideNavigation
        activeHref={`/${pathname.split('/')[1] ?? ''}`}
        items={items}
        onFollow={(event) => {
          event.preventDefault();
          if (globalThis.innerWidth < NARROW_PX) setOpen(false);
          void navigate(event.detail.href);
        }}
      />
    ),
  };
}
