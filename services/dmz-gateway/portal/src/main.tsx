import '@mantine/core/styles.css';
import '@sallyport/ui/styles.css';
import './portal.css';
import { MantineProvider } from '@mantine/core';
import { ApiProblem, startWords, theme } from '@sallyport/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.tsx';
import { en } from './words/en.ts';
import { ko } from './words/ko.ts';

await startWords({ ko, en });
const queries = new QueryClient({
  defaultOptions: {
    // A refusal will be refused again; only a lost connection is worth another try.
    queries: {
      retry: (count, error) => count < 2 && error instanceof ApiProblem && error.status === 0,
    },
  },
});
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
