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
  /** Shown to administrators of the installation alone. The gateway decides who is one. */
  readonly forAdministrators?: boolean;
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
  /** Of config.json: where it is not active, the pages say so. Without one, every installation has them. */
  readonly needs?: string;
  /** What people call it, where it can be off. */
  readonly title?: string;
  readonly navigation: readonly NavigationEntry[];
  readonly pages: readonly PageRoute[];
}
