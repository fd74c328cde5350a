// Pages by their addresses, made of the list of modules.

import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { modules } from '../modules.ts';
import { Frame } from './frame.tsx';
import { FailedPage, NotFoundPage } from './failed-page.tsx';
import { isActive, type Features } from './features.ts';
import { Loading } from '../ui/loading.tsx';
import type { WebModule } from './web-module.ts';

export const newRouter = (features: Features): ReturnType<typeof createBrowserRouter> =>
  createBrowserRouter([
    {
      element: <Frame />,
      hydrateFallbackElement: <Loading />,
      children: [
        {
          // Inside the frame: what fails leaves the navigation where it is.
          errorElement: <FailedPage />,
          children: [
            ...modules.flatMap((module) =>
              module.pages.map(({ path, page }): RouteObject => ({
                path,
                lazy: async () => ({
                  Component: isActive(features, module.needs) ? await page() : await offPage(module),
                }),
              })),
            ),
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);

async function offPage({ needs = '', title = needs }: WebModule): Promise<ComponentType> {
  const { ModuleOffPage } = await import('./module-off-page.tsx');
  return () => <ModuleOffPage title={title} module={needs} />;
}
