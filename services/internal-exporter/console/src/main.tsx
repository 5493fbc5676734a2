import '@mantine/core/styles.css';
import '@sallyport/ui/styles.css';
import { MantineProvider } from '@mantine/core';
import { startWords, theme } from '@sallyport/ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

await startWords({ ko: {}, en: {} });
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      Sallyport
    </MantineProvider>
  </StrictMode>,
);
