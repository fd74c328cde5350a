// Tabs of a page: which one is shown is in the address, and only that one asks the gateway for anything.

import { Tabs } from '@cloudscape-design/components';
import { Suspense, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Loading } from './loading.tsx';

export interface RouteTab {
  readonly id: string;
  readonly label: string;
  /** May be loaded when it is first shown. */
  readonly content: () => ReactNode;
}

interface RouteTabsProps {
  /** The first is shown where the address names none. */
  readonly tabs: readonly RouteTab[];
  readonly ariaLabel: string;
}

export function RouteTabs({ tabs, ariaLabel }: RouteTabsProps) {
  const [search, setSearch] = useSearchParams();
  const named = search.get('tab');
  const active = tabs.find(({ id }) => id === named) ?? tabs[0];
  return (
    <Tabs
      ariaLabel={ariaLabel}
      activeTabId={active?.id ?? ''}
      // Words and pages of one tab's lists mean nothing to another's.
      onChange={({ detail }) => setSearch({ tab: detail.activeTabId })}
      tabs={tabs.map(({ id, label, content }) => ({
        id,
        label,
        content: id === active?.id && <Suspense fallback={<Loading />}>{content()}</Suspense>,
      }))}
    />
  );
}
