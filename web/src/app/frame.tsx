// What is around every page: the bar on top, the navigation, and what is told of what has just been done.

import { AppLayout, SideNavigation, type FlashbarProps, type SideNavigationProps } from '@cloudscape-design/components';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { modules } from '../modules.ts';
import { BellDocument } from '../modules/notification/operations.ts';
import { FlashContext, useFlashes } from '../ui/flash.ts';
import { isActive, useFeatures } from './features.ts';
import { liveChanges, watchWhileVisible } from './live-changes.ts';
import { interruptions } from './session.ts';
import { appStrings } from './strings.ts';
import { TopBar } from './top-bar.tsx';
import { sections, type NavigationEntry } from './web-module.ts';

// Seldom seen, and loaded then.
const Flashbar = lazy(() => import('@cloudscape-design/components/flashbar'));
const InterruptionModal = lazy(async () => ({
  default: (await import('./interruption-modal.tsx')).InterruptionModal,
}));

const MaintenancePage = lazy(async () => ({ default: (await import('./maintenance-page.tsx')).MaintenancePage }));

const TOP = 'top-navigation';
/** Below it the navigation lies over the page, and hides it. */
const NARROW_PX = 1_100;

const itemsOf = (shown: readonly NavigationEntry[]): SideNavigationProps.Item[] =>
  sections.flatMap((section): SideNavigationProps.Item[] => {
    const entries = shown.filter((entry) => entry.section === section);
    const links = entries.map(({ text, href }) => ({ type: 'link' as const, text, href }));
    return links.length === 0 ? [] : [{ type: 'section-group', title: section, items: links }];
  });

export function Frame() {
  const { flashes, flash } = useFlashes();
  const messages = [...flashes, ...useMaintenance()];
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
          messages.length > 0 && (
            <Suspense>
              <Flashbar items={messages} stackItems />
            </Suspense>
          )
        }
        ariaLabels={{
          navigation: appStrings.navigation,
          navigationToggle: appStrings.openNavigation,
          navigationClose: appStrings.closeNavigation,
        }}
        content={interruption?.kind === 'Maintenance' ? <MaintenancePage {...interruption} /> : <Outlet />}
      />
      {interruption !== undefined && interruption.kind !== 'Maintenance' && (
        <Suspense>
          <InterruptionModal {...interruption} />
        </Suspense>
      )}
    </FlashContext>
  );
}

/** What there is in this installation, for this person. */
function useShown(): readonly NavigationEntry[] {
  const features = useFeatures();
  const [{ data }] = useQuery({ query: BellDocument });
  return modules
    .filter(({ needs }) => isActive(features, needs))
    .flatMap(({ navigation }) => navigation)
    .filter(({ forAdministrators }) => forAdministrators !== true || data?.viewerIsAdministrator === true);
}

/** While people can look and change nothing, every page says so. */
function useMaintenance(): FlashbarProps.MessageDefinition[] {
  const [{ data }] = useQuery({ query: BellDocument });
  const maintenance = data?.getMaintenanceWindowStatus;
  if (maintenance?.status !== 'ACTIVE') return [];
  return [{ id: 'maintenance', type: 'warning', header: appStrings.readOnly, content: maintenance.message }];
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
        items={itemsOf(useShown())}
        onFollow={(event) => {
          event.preventDefault();
          if (globalThis.innerWidth < NARROW_PX) setOpen(false);
          void navigate(event.detail.href);
        }}
      />
    ),
  };
}
