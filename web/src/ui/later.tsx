// What a page shows only when somebody asks for it, and loads then: dialogs, above all.

import { lazy, Suspense, type ComponentType } from 'react';

/** @param load e.g. `async () => (await import('./folder-dialog.tsx')).FolderDialog` */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function Later(props: Props) {
    return (
      <Suspense>
        <Loaded {...props} />
      </Suspense>
    );
  };
}
