// A module of the web UI: its pages, and where they stand in the navigation. To add one: its folder in modules/, and a line in modules.ts.

import type { ComponentType } from 'react';

/** Groups of the side navigation, in the order in which they are shown. */
export const sections = ['Discover', 'Manage'] as const;
export type Section = (typeof sections)[number];

export interface NavigationEntry {
  readonly section: Section;
  readonly text: string;
  /** Path of one of the module's pages. */
  readonly href: string;
}

export interface PageRoute {
  /** As react-router writes paths, e.g. `/shares/:shareUri`. */
  readonly path: string;
  /** Loaded when somebody comes there: `async () => (await import('./share-page.tsx')).SharePage`. */
  readonly page: () => Promise<ComponentType>;
}

export interface WebModule {
  /** As the gateway's module is called, where there is one. */
  readonly name: string;
  readonly navigation: readonly NavigationEntry[];
  readonly pages: readonly PageRoute[];
}
