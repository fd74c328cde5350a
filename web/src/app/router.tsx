// Pages by their addresses, made of the list of modules.

import { createBrowserRouter, type RouteObject } from 'react-router';
import { modules } from '../modules.ts';
import { Frame } from './frame.tsx';
import { FailedPage, NotFoundPage } from './failed-page.tsx';
import { Loading } from '../ui/loading.tsx';

export const newRouter = (): ReturnType<typeof createBrowserRouter> =>
  createBrowserRouter([
    {
      element: <Frame />,
      hydrateFallbackElement: <Loading />,
      children: [
        {
          // Inside the frame: what fails leaves the navigation where it is.
          errorElement: <FailedPage />,
          children: [
            ...modules.flatMap(({ pages }) =>
              pages.map(({ path, page }): RouteObject => ({ path, lazy: async () => ({ Component: await page() }) })),
            ),
            { path: '*', element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
